"""SQL of sets and instruments."""

_SETS = """
SELECT s.*, r.id AS run_id, r.stage, c.place_id, CASE WHEN s.status <> 'in_service' THEN (
    SELECT t.data -> 'facts' ->> 'reason' FROM trace_entry t
    WHERE t.subject_id = s.id AND t.kind = 'set.' || s.status ORDER BY t.seq DESC LIMIT 1
) END AS because
FROM instrument_set s
LEFT JOIN run r ON r.set_id = s.id AND r.stage NOT IN ('used', 'aborted')
LEFT JOIN custody c ON c.subject_id = s.id AND c.until IS NULL
"""
SET = f"{_SETS} WHERE s.id = $1"
SETS = f"""{_SETS}
WHERE ($1::uuid IS NULL OR s.id > $1) AND ($2::uuid IS NULL OR s.organisation_id = $2)
  AND ($3::uuid IS NULL OR s.composition_id = $3) AND ($4::text IS NULL OR s.status = $4)
ORDER BY s.id LIMIT $5
"""
LOCK_SET = "SELECT * FROM instrument_set WHERE id = $1 FOR NO KEY UPDATE"
_INSTRUMENTS = """
SELECT i.*, c.place_id, CASE WHEN i.status <> 'in_service' THEN (
    SELECT t.data -> 'facts' ->> 'reason' FROM trace_entry t
    WHERE t.subject_id = i.id AND t.kind = 'instrument.' || i.status ORDER BY t.seq DESC LIMIT 1
) END AS because
FROM instrument i LEFT JOIN custody c ON c.subject_id = i.id AND c.until IS NULL
"""
INSTRUMENT = f"{_INSTRUMENTS} WHERE i.id = $1"
INSTRUMENTS = f"""{_INSTRUMENTS}
WHERE ($1::uuid IS NULL OR i.id > $1) AND ($2::uuid IS NULL OR i.set_id = $2)
  AND ($3::uuid IS NULL OR i.model_id = $3) AND ($4::text IS NULL OR i.status = $4)
ORDER BY i.id LIMIT $5
"""
LOCK_INSTRUMENT = "SELECT * FROM instrument WHERE id = $1 FOR NO KEY UPDATE"
SINGLE_USE = "SELECT single_use FROM instrument_model WHERE id = $1"
ADOPTED = "SELECT id FROM composition_version WHERE composition_id = $1 AND state = 'adopted'"
# Of one owner, by code: what an import names.
COMPOSITIONS = """
SELECT c.id, c.code, v.id AS version_id FROM composition c
JOIN composition_version v ON v.composition_id = c.id AND v.state = 'adopted'
WHERE c.organisation_id = $1 AND c.group_id = $2 AND c.retired_at IS NULL
"""
PLACES = """
SELECT id, code, organisation_id FROM place
WHERE group_id = $1 AND code = ANY ($2::text[]) AND site_id IS NOT NULL AND retired_at IS NULL
"""
MARKS = """
SELECT tag, organisation_id, composition_id FROM instrument_set WHERE tag = ANY ($1::text[])
UNION ALL SELECT tag, NULL, NULL FROM crate WHERE tag = ANY ($1::text[])
"""
