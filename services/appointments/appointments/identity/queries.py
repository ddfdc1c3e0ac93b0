"""SQL of identity checks. The only place where an INS is written (invariant 8)."""

SHEET = """
SELECT p.id, p.organisation_id, p.identity_status, p.birth_family_name, p.birth_given_names, p.birth_date, p.sex,
       p.birth_place_insee, p.ins, p.ins_oid, p.ins_at, p.flags, p.version, o.settings
FROM patient p JOIN organisation o ON o.id = p.organisation_id
WHERE p.id = $1 AND p.merged_into_id IS NULL
"""
LOCKED = SHEET + " FOR UPDATE OF p"

# $2, $3: the last one seen.
CHECKS = """
SELECT id, kind, document, outcome, by, at FROM identity_check
WHERE patient_id = $1 AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid))
ORDER BY at DESC, id DESC LIMIT $4
"""
NOTE = """
INSERT INTO identity_check (id, organisation_id, patient_id, kind, document, outcome, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

SEEN = """
UPDATE patient SET identity_status = $2, flags = array_remove(flags, 'doubtful'), version = version + 1 WHERE id = $1
"""
DOUBTED = """
UPDATE patient SET identity_status = 'PROV', flags = array_append(array_remove(flags, 'doubtful'), 'doubtful'),
       ins = NULL, ins_oid = NULL, ins_at = NULL, version = version + 1
WHERE id = $1
"""
RETRIEVED = """
UPDATE patient SET identity_status = $2, ins = $3, ins_oid = $4, ins_at = $5, sex = $6, birth_place_insee = $7,
       version = version + 1
WHERE id = $1
"""
# Two checks that bring one INS take turns: the unique index would refuse the second without saying of whom.
INS_IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('ins ' || $1::uuid::text || ' ' || $2::text, 0))"
WITH_INS = "SELECT id FROM patient WHERE organisation_id = $1 AND ins = $2 AND merged_into_id IS NULL AND id <> $3"
# The register says that two files are one person: a pair for those who merge.
SAME_INS = """
INSERT INTO duplicate_pair (first_id, second_id, organisation_id, score, grounds, found_at)
SELECT least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), $3, 1, '{ins}', $4
WHERE 2 = (SELECT count(*) FROM patient WHERE id IN ($1, $2) AND merged_into_id IS NULL)
ON CONFLICT (first_id, second_id) DO UPDATE SET score = 1, found_at = EXCLUDED.found_at,
    grounds = array_append(array_remove(duplicate_pair.grounds, 'ins'), 'ins')
"""
