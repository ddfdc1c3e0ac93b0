"""SQL of loans."""

SITE = "SELECT organisation_id, group_id FROM loan_site($1)"
GROUP_OF = "SELECT id FROM cooperation_group WHERE id = $1 UNION ALL SELECT group_id FROM member WHERE id = $1 LIMIT 1"
LOAN = "SELECT * FROM loan WHERE id = $1"
LOCK = "SELECT * FROM loan WHERE id = $1 FOR NO KEY UPDATE"
LENT = "SELECT id FROM loan WHERE set_id = $1 AND state <> 'closed'"
LOCK_OF_SET = "SELECT * FROM loan WHERE set_id = $1 AND state <> 'closed' FOR NO KEY UPDATE"
LIST = """
SELECT * FROM loan WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
"""
WASHES_LEFT = """
SELECT greatest(l.washes_needed - r.washes, 0)
FROM loan l JOIN run r ON r.set_id = l.set_id AND r.stage NOT IN ('used', 'aborted')
WHERE l.set_id = $1 AND l.state = 'counted_in'
"""
# The strictest that is valid now, unless the instructions for use name another.
PROGRAMMES = """
SELECT DISTINCT ON (kind) kind, code FROM programme
WHERE group_id = $1 AND retired_at IS NULL AND valid @> $2::timestamptz
  AND ((kind = 'washing' AND ($3::text IS NULL OR code = $3))
       OR (kind <> 'washing' AND (code = $4 OR ($4::text IS NULL AND kind = 'steam'))))
ORDER BY kind, a0_min DESC, temp_c DESC, plateau_s DESC, code
"""
PACKAGINGS = "SELECT id FROM packaging WHERE group_id = $1 AND retired_at IS NULL ORDER BY id"
MODELS = (
    "SELECT id, alias FROM instrument_model WHERE group_id = $1 AND alias = ANY ($2::text[]) AND retired_at IS NULL"
)
ADD_MODEL = """
INSERT INTO instrument_model (id, organisation_id, group_id, alias, programmes_allowed, ifu_ref, created_at)
VALUES ($1, $2, $2, $3, $4, $5, $6)
"""
ALLOW = """
UPDATE instrument_model
SET programmes_allowed = ARRAY(SELECT DISTINCT unnest(programmes_allowed || $2::text[]) ORDER BY 1),
    version = version + 1
WHERE id = ANY ($1::uuid[]) AND NOT programmes_allowed @> $2
"""
ADD_COMPOSITION = """
INSERT INTO composition (id, organisation_id, group_id, code, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
ADD_VERSION = """
INSERT INTO composition_version (id, organisation_id, composition_id, no, wash_programme, programme, packaging_ids,
                                 uo_category, created_at)
VALUES ($1, $2, $3, 1, $4, $5, $6, 'loan', $7)
"""
ADD_LINE = """
INSERT INTO composition_line (id, organisation_id, version_id, position, model_id, quantity, mode)
VALUES ($1, $2, $3, $4, $5, $6, 'free')
"""
ADOPT = "UPDATE composition_version SET state = 'adopted', adopted_by = $2, adopted_at = $3 WHERE id = $1"
PLACE_AT_PLANT = """
SELECT p.id FROM place p JOIN site s ON s.id = p.site_id
WHERE p.group_id = $1 AND s.kind = 'plant' AND p.kind = $2 AND p.retired_at IS NULL ORDER BY p.created_at, p.id LIMIT 1
"""
