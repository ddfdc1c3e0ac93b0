"""SQL of series."""

# Everything of a series is taken under these two locks, so that two series never wait for each other's times: one of a
# patient at a time, one at a site at a time. Neither is in the way of an ordinary booking of somebody else.
LOCK_PATIENT = "SELECT organisation_id FROM patient WHERE id = $1 FOR NO KEY UPDATE"
LOCK_SITE = """
SELECT s.organisation_id, s.timezone, r.max_ahead_days
FROM site s JOIN visit_reason r ON r.organisation_id = s.organisation_id AND r.id = $2 AND r.active
WHERE s.id = $1 AND s.active FOR NO KEY UPDATE OF s
"""
INSERT = """
INSERT INTO series (id, organisation_id, patient_id, reason_id, rrule, on_conflict, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
BELONGS = "UPDATE appointment SET series_id = $1 WHERE id = ANY ($2)"
ONE = "SELECT * FROM series WHERE id = $1"
LOCK = "SELECT id FROM series WHERE id = $1 FOR UPDATE"
LOCK_VISITS = "SELECT id FROM appointment WHERE series_id = $1 ORDER BY id FOR UPDATE"
TO_COME = """
SELECT id FROM appointment
WHERE series_id = $1 AND status IN ('pending', 'booked') AND lower(during) > $2 ORDER BY lower(during), id
"""
