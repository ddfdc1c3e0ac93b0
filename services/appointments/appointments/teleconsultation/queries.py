"""SQL of teleconsultations."""

# Who is called when a visit `a` goes on by telephone: who asked for it, the patient, who may receive for him.
PHONE = """
coalesce(a.requester ->> 'phone',
    (SELECT c.value FROM contact c WHERE c.patient_id = a.patient_id AND c.kind IN ('mobile', 'landline')
     ORDER BY c.verified_at IS NULL, c.kind DESC, c.value LIMIT 1),
    (SELECT c.value FROM relation n JOIN contact c ON c.patient_id = n.other_patient_id
     WHERE n.patient_id = a.patient_id AND n.may_receive AND n.during @> a.changed_at
       AND c.kind IN ('mobile', 'landline')
     ORDER BY c.verified_at IS NULL, c.kind DESC, c.value LIMIT 1))
"""
# The room of a visit, or its fallback, is of the time for which it was made: a move begins anew.
CURRENT = "LEFT JOIN visit_room vr ON vr.appointment_id = a.id AND vr.planned_for = lower(a.during)"

# $1 appointment.
PHONE_OF = f"SELECT {PHONE} FROM appointment a WHERE a.id = $1"

# One row per visit; after a move the same word with the new time. $1 appointment, $2 organisation, $3 word, $4 start.
ENSURE = """
INSERT INTO visit_room AS v (appointment_id, organisation_id, ref, planned_for) VALUES ($1, $2, $3, $4)
ON CONFLICT (appointment_id) DO UPDATE SET
    planned_for = $4,
    (provider, room_ref, opened_at, patient_seen_at, host_seen_at, fallback_at, fallback_reason, closed_at)
        = ROW (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
WHERE v.planned_for <> $4
"""
ROOM = """
SELECT ref, provider, room_ref, opened_at, patient_seen_at, fallback_at FROM visit_room
WHERE appointment_id = $1 FOR NO KEY UPDATE
"""
# The first room that came in stays.
OPENED = """
UPDATE visit_room SET provider = $3, room_ref = $4, opened_at = $5
WHERE appointment_id = $1 AND planned_for = $2 AND opened_at IS NULL AND fallback_at IS NULL
"""
PATIENT_SEEN = "UPDATE visit_room SET patient_seen_at = coalesce(patient_seen_at, $2) WHERE appointment_id = $1"
HOST_SEEN = "UPDATE visit_room SET host_seen_at = coalesce(host_seen_at, $2) WHERE appointment_id = $1"
FALL_BACK = """
UPDATE visit_room SET fallback_at = $2, fallback_reason = $3 WHERE appointment_id = $1 AND fallback_at IS NULL
"""
CLOSED = "UPDATE visit_room SET closed_at = $2 WHERE appointment_id = $1"

# Visits that begin soon or have just begun, without a room. $1 local days, $2 from, $3 until this start.
DUE = f"""
SELECT a.id FROM appointment a {CURRENT}
WHERE a.mode = 'teleconsultation' AND a.status IN ('booked', 'arrived') AND a.local_date = ANY ($1::date[])
  AND lower(a.during) > $2 AND lower(a.during) <= $3 AND vr.opened_at IS NULL AND vr.fallback_at IS NULL
ORDER BY lower(a.during), a.id LIMIT 50
"""
# Rooms of visits that are over or will not take place. $1 visits that ended before this.
DONE = """
SELECT v.appointment_id, v.provider, v.room_ref FROM visit_room v JOIN appointment a ON a.id = v.appointment_id
WHERE v.opened_at IS NOT NULL AND v.closed_at IS NULL
  AND (upper(a.during) < $1 OR a.status NOT IN ('pending', 'booked', 'arrived'))
ORDER BY v.opened_at LIMIT 50
"""
PERSON_OF = "SELECT person_id FROM practitioner WHERE id = $1"
DEVELOPMENT_ROOM = """
SELECT EXISTS (SELECT FROM visit_room WHERE ref = $1 AND provider = 'development' AND closed_at IS NULL)
"""
