"""SQL of uses."""

USED_AT = "SELECT used_at FROM use WHERE run_id = $1"
CONTENT = "SELECT * FROM run_content WHERE run_id = $1 ORDER BY line_id, id FOR NO KEY UPDATE"
LINES = "SELECT id FROM composition_line WHERE version_id = $1"
THEATRE_OF = "SELECT id FROM place WHERE id = $1 AND organisation_id = $2 AND kind = 'theatre' AND retired_at IS NULL"
# Of the owner: on the site where the set is, or on any when it was last seen elsewhere.
THEATRES = """
SELECT id FROM place
WHERE organisation_id = $1 AND kind = 'theatre' AND retired_at IS NULL
  AND (site_id = $2 OR NOT EXISTS (SELECT FROM site s WHERE s.id = $2 AND s.organisation_id = $1))
ORDER BY id LIMIT 2
"""
_USES = """
SELECT u.*, r.set_id, u.override_by IS NOT NULL AS overridden, n.id AS next_run_id
FROM use u JOIN run r ON r.id = u.run_id LEFT JOIN run n ON n.opened_from = r.id
"""
ONE = f"{_USES} WHERE u.id = $1"
LIST = f"""{_USES}
WHERE ($1::text IS NULL OR u.operation_ref = $1) AND ($2::uuid IS NULL OR r.set_id = $2)
  AND ($3::timestamptz IS NULL OR u.used_at >= $3) AND ($4::timestamptz IS NULL OR u.used_at < $4)
  AND ($5::uuid IS NULL OR u.id < $5)
ORDER BY u.id DESC LIMIT $6
"""
DESTROYED = "SELECT state = 'destroyed' FROM hold WHERE id = $1"
