"""SQL of issues."""

# What a code is the mark of: $1 its canonical name, $2 the number of a pack's label.
OF_CODE = """
SELECT 'run' AS kind, id FROM run WHERE label = $2
UNION ALL SELECT 'set', id FROM instrument_set WHERE tag = $1
UNION ALL SELECT 'instrument', id FROM instrument WHERE code = $1
UNION ALL SELECT 'crate', id FROM crate WHERE tag = $1
LIMIT 1
"""
# A thing of kind $1 within reach. `load_id`: the load that it is in now, else that it was sterilised in.
SUBJECT = """
SELECT r.organisation_id, r.group_id, r.stage, coalesce(
    (SELECT m.load_id FROM load_run m WHERE m.run_id = r.id AND m.removed_at IS NULL AND NOT m.ended), r.load_id
) AS load_id
FROM run r WHERE $1 = 'run' AND r.id = $2
UNION ALL SELECT organisation_id, group_id, NULL, NULL FROM instrument_set WHERE $1 = 'set' AND id = $2
UNION ALL SELECT organisation_id, group_id, NULL, NULL FROM instrument WHERE $1 = 'instrument' AND id = $2
UNION ALL SELECT organisation_id, group_id, NULL, id FROM load WHERE $1 = 'load' AND id = $2
UNION ALL SELECT organisation_id, group_id, NULL, NULL FROM machine WHERE $1 = 'machine' AND id = $2
UNION ALL SELECT organisation_id, group_id, NULL, NULL FROM crate WHERE $1 = 'crate' AND id = $2
UNION ALL SELECT h.organisation_id, h.group_id, NULL, NULL FROM handover h
WHERE $1 = 'handover' AND h.id = $2 AND (kit_all() OR EXISTS (
    SELECT FROM place p WHERE p.id IN (h.from_place_id, h.to_place_id) AND p.organisation_id = ANY (kit_orgs())))
UNION ALL SELECT organisation_id, group_id, NULL, NULL FROM flow_order WHERE $1 = 'order' AND id = $2
UNION ALL SELECT organisation_id, group_id, NULL, NULL FROM order_line WHERE $1 = 'order_line' AND id = $2
UNION ALL SELECT organisation_id, group_id, NULL, NULL FROM loan WHERE $1 = 'loan' AND id = $2
UNION ALL SELECT organisation_id, group_id, NULL, NULL FROM device WHERE $1 = 'device' AND id = $2
"""
ONE = "SELECT * FROM issue WHERE id = $1"
LOCK = "SELECT * FROM issue WHERE id = $1 FOR NO KEY UPDATE"
LIST = """
SELECT * FROM issue
WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR severity = $3)
  AND ($4::uuid IS NULL OR subject_id = $4) AND ($5::uuid IS NULL OR load_id = $5) AND ($6::uuid IS NULL OR id < $6)
ORDER BY id DESC LIMIT $7
"""
