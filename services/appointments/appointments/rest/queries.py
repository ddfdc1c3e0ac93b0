"""SQL of rest windows."""

# Kept when it says more than what is known: a higher revision, or at the same one that the rest is not owed any more.
TOLD = """
INSERT INTO rest_window AS w (rest_window_id, rpps, starts_at, ends_at, rule, revision, withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (rest_window_id) DO UPDATE
SET rpps = excluded.rpps, starts_at = excluded.starts_at, ends_at = excluded.ends_at, rule = excluded.rule,
    revision = excluded.revision, withdrawn = excluded.withdrawn
WHERE (w.revision, w.withdrawn) < (excluded.revision, excluded.withdrawn)
RETURNING rest_window_id
"""

WINDOW = "SELECT * FROM rest_window WHERE rest_window_id = $1 FOR NO KEY UPDATE"

# Who must rest, in each organisation where he works.
WHO = """
SELECT p.id AS practitioner_id, p.organisation_id, p.person_id, p.rpps
FROM practitioner p WHERE p.rpps = $1 ORDER BY p.id
"""

# The absences that a window has brought.
ABSENCES = """
SELECT a.id, a.organisation_id, a.practitioner_id, a.during, a.kind, a.source, p.person_id, p.rpps
FROM absence a JOIN practitioner p ON p.id = a.practitioner_id
WHERE a.source = 'permanence' AND a.source_ref = $1
ORDER BY a.practitioner_id, a.id
FOR UPDATE OF a
"""

# Rests to come that do not yet close the time of somebody with that number: he came to work after they were told.
OWED = """
SELECT DISTINCT w.rest_window_id
FROM rest_window w JOIN practitioner p ON p.rpps = w.rpps
WHERE NOT w.withdrawn AND w.ends_at > $1 AND NOT EXISTS (
    SELECT FROM absence a
    WHERE a.source = 'permanence' AND a.source_ref = w.rest_window_id::text AND a.practitioner_id = p.id)
"""
