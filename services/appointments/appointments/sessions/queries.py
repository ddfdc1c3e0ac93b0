"""SQL of visiting sessions."""

# Who and where; the schedule that ties them, if there is one.
PAIR = """
SELECT p.organisation_id, p.external, s.id AS schedule_id
FROM practitioner p JOIN site t ON t.id = $2 AND t.organisation_id = p.organisation_id AND t.active
LEFT JOIN schedule s ON s.practitioner_id = p.id AND s.site_id = t.id
WHERE p.id = $1
"""
_ROW = """
SELECT v.id, v.organisation_id, v.practitioner_id, p.display_name AS practitioner, v.site_id, v.schedule_id,
       v.exception_id, v.local_date, v.local_start, v.local_end, v.reason_ids, v.room_id, v.state, v.note, v.version,
       t.timezone, p.person_id,
       EXISTS (SELECT FROM opening_exception e WHERE e.id = v.exception_id) AS stands
FROM visiting_session v JOIN practitioner p ON p.id = v.practitioner_id JOIN site t ON t.id = v.site_id
"""
ONE = _ROW + "WHERE v.id = $1"
LOCKED = ONE + " FOR NO KEY UPDATE OF v"
# $1 site or null, $2 practitioner or null, $3 from this day on, $4 and $5 the last row seen, $6 how many.
LIST = (
    _ROW
    + """
WHERE ($1::uuid IS NULL OR v.site_id = $1) AND ($2::uuid IS NULL OR v.practitioner_id = $2) AND v.local_date >= $3
  AND v.state = 'planned' AND p.active_during @> v.local_date
  AND ($4::date IS NULL OR (v.local_date, v.id) > ($4, $5::uuid))
ORDER BY v.local_date, v.id LIMIT $6
"""
)
INSERT = """
INSERT INTO visiting_session (
    id, organisation_id, practitioner_id, site_id, schedule_id, exception_id, local_date, local_start, local_end,
    reason_ids, room_id, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
CHANGE = """
UPDATE visiting_session SET exception_id = $2, local_date = $3, local_start = $4, local_end = $5, reason_ids = $6,
    room_id = $7, note = $8, version = version + 1
WHERE id = $1
"""
CANCEL = """
UPDATE visiting_session SET state = 'cancelled', exception_id = NULL, version = version + 1 WHERE id = $1
"""
CONFLICTS = """
SELECT count(*) FROM appointment
WHERE practitioner_id = $1 AND site_id = $2 AND local_date = ANY ($3::date[]) AND conflict IS NOT NULL
  AND status IN ('pending', 'booked') AND lower(during) >= $4 AND lower(during) < $5
"""
