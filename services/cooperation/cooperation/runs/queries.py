"""SQL of runs."""

LOCK = "SELECT * FROM run WHERE id = $1 FOR NO KEY UPDATE"
LOCK_ALL = "SELECT * FROM run WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_LIVE_OF_SET = """
SELECT * FROM run WHERE set_id = $1 AND stage NOT IN ('used', 'aborted') FOR NO KEY UPDATE
"""
LOCK_OF_LABEL = "SELECT * FROM run WHERE label = $1 FOR NO KEY UPDATE"
LAST_OF_SET = "SELECT * FROM run WHERE set_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1"
COMPOSITIONS_OF = "SELECT id, composition_id FROM composition_version WHERE id = ANY ($1::uuid[])"
LABEL_SERIAL = "SELECT nextval('run_label_serial')"
SET = "SELECT * FROM instrument_set WHERE id = $1"
SET_OF_TAG = "SELECT * FROM instrument_set WHERE tag = $1"
PACKAGINGS_LISTED = """
SELECT p.id, p.sealed FROM composition_version v JOIN packaging p ON p.id = ANY (v.packaging_ids)
WHERE v.id = $1 AND p.retired_at IS NULL ORDER BY p.id
"""
THEATRES_OF_SITE = """
SELECT id FROM place WHERE site_id = $1 AND kind = 'theatre' AND retired_at IS NULL ORDER BY id LIMIT 2
"""
SITE_OF_PLACE = "SELECT site_id FROM place WHERE id = $1"
LINES_TO_COUNT = """
SELECT l.id, l.model_id, l.quantity, l.mode, l.critical, m.single_use
FROM composition_line l JOIN instrument_model m ON m.id = l.model_id WHERE l.version_id = $1 ORDER BY l.position
"""
LOCK_INSTRUMENTS = "SELECT * FROM instrument WHERE code = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_CONTENT = "SELECT * FROM run_content WHERE run_id = $1 ORDER BY id FOR NO KEY UPDATE"
# The least worn first; what is held is proposed to nobody.
SUBSTITUTES = """
SELECT i.id, i.code, i.model_id FROM instrument i
WHERE i.model_id = ANY ($1::uuid[]) AND i.organisation_id = $2 AND i.set_id IS NULL AND i.status = 'in_service'
  AND NOT EXISTS (SELECT FROM hold_subject h WHERE h.subject_id = i.id AND h.active)
ORDER BY i.runs_count, i.id LIMIT 50
"""
_RUNS = """
SELECT r.*, r.organisation_id AS owner_id, s.name AS set_name, s.tag, c.id AS composition_id,
       c.code AS composition_code, v.no AS composition_no, p.id AS place_id, p.kind AS place_kind, p.name AS place_name
FROM run r JOIN instrument_set s ON s.id = r.set_id
JOIN composition_version v ON v.id = r.composition_version_id JOIN composition c ON c.id = v.composition_id
LEFT JOIN custody h ON h.subject_id = r.set_id AND h.until IS NULL LEFT JOIN place p ON p.id = h.place_id
"""
RUN = f"{_RUNS} WHERE r.id = $1"
LIST = f"""{_RUNS}
WHERE ($1::text IS NULL OR r.stage = $1) AND ($2::uuid IS NULL OR r.set_id = $2)
  AND ($3::uuid[] IS NULL OR h.place_id = ANY ($3) AND r.stage NOT IN ('used', 'aborted'))
  AND ($4::uuid IS NULL OR r.id < $4)
ORDER BY r.id DESC LIMIT $5
"""
# The place, and the crates that stand in it, or in a compartment of it.
INSIDE = """
WITH RECURSIVE inside AS (
    SELECT $1::uuid AS id, 0 AS depth
    UNION ALL
    SELECT c.subject_id, inside.depth + 1 FROM inside JOIN custody c ON c.place_id = inside.id AND c.until IS NULL
    WHERE c.subject_kind = 'crate' AND inside.depth < 4
)
SELECT array_agg(id) FROM inside
"""
SITE_KIND = "SELECT s.kind FROM place p JOIN site s ON s.id = p.site_id WHERE p.id = $1"
