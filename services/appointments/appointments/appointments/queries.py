"""SQL of appointments. The functions are those of revision 0007.

One booking is FACTS of `times` and then BOOK: two statements, which `make bench` replays.
"""

# After `taken`: the appointment and the first line of its history. Without a row in `booked`, the patient is expected
# elsewhere.
_WRITE = """
, booked AS (
    INSERT INTO appointment (
        id, organisation_id, patient_id, reason_id, mode, schedule_id, practitioner_id, site_id, place_id,
        resource_ids, during, occupied, local_date, status, audience, channel, booked_by, call_id,
        requester, overbooked, overbook_reason, operator_id, partner_id, note, language, created_at, changed_at,
        walk_in, visit_address)
    SELECT
        $1, $2::uuid, $3::uuid, $4::uuid, $5, $6::uuid, $7::uuid, $8::uuid, $9::uuid,
        $7 || $10::uuid[] || $11::uuid[], $12::tstzrange, $13::tstzrange, $14::date, $15, $16, $17, $18, $19::uuid,
        $20::jsonb, $21::boolean, $22, $23::uuid, $24::uuid, $25, $26, $27, $27, $29::boolean, $30::jsonb
    FROM taken WHERE outcome = 'ok'
    ON CONFLICT DO NOTHING
    RETURNING id
), told AS (
    INSERT INTO appointment_change (
        appointment_id, version, organisation_id, event, status, during, practitioner_id, by, role, reason, at)
    SELECT id, 1, $2, 'book', $15, $12, $7, $18, $28, $22, $27 FROM booked
)
SELECT outcome, changed, EXISTS (SELECT FROM booked) AS booked FROM taken
"""

# $1 id, $2 organisation, $3 patient, $4 reason, $5 mode, $6 schedule, $7 practitioner, $8 site, $9 place,
# $10 assistants, $11 rooms, $12 visit, $13 visit and buffer, $14 local day, $15 status, $16 audience, $17 channel,
# $18 by, $19 call, $20 requester, $21 overbooked, $22 its reason, $23 operator, $24 partner, $25 note,
# $26 language, $27 now, $28 role, $29 came without an appointment (only then a time for walk-ins is open), $30 address.
BOOK = (
    """
WITH taken AS MATERIALIZED (
    SELECT * FROM time_take($2, NULL, $1, NULL, '{}', $21, $7, $10, $11, $8, $13, $4, $5,
                            CASE WHEN $29 THEN 'walk_in' ELSE $16 END, $27)
)"""
    + _WRITE
)
# The same from a hold, $31, that the caller has locked: its time changes owner.
CONFIRM = (
    """
WITH taken AS MATERIALIZED (
    SELECT * FROM time_keep($31, $1, $27)
)"""
    + _WRITE
)

# What a move and a reopening write, after `taken`.
_PLACE = """
, changed AS (
    UPDATE appointment SET
        status = $16, schedule_id = $3, practitioner_id = $4, site_id = $5,
        resource_ids = $4 || $6::uuid[] || $7::uuid[], during = $8::tstzrange, occupied = $9::tstzrange,
        local_date = $10, overbooked = $11, overbook_reason = $12, late = false, excused = false,
        cancel_reason = NULL, conflict = NULL, changed_at = $15, visit_address = coalesce($22::jsonb, visit_address),
        version = version + 1
    WHERE id = $1 AND (SELECT outcome FROM taken) = 'ok'
    RETURNING version
), told AS (
    INSERT INTO appointment_change (
        appointment_id, version, organisation_id, event, status, during, practitioner_id, by, role, reason, at)
    SELECT $1, version, $2, $17, $16, $8, $4, $18, $19, $20, $15 FROM changed
)
SELECT outcome, changed FROM taken
"""
# $1 id, $2 organisation, $3 schedule, $4 practitioner, $5 site, $6 assistants, $7 rooms, $8 visit, $9 with buffer,
# $10 local day, $11 overbooked, $12 its reason, $13 reason of visit, $14 mode, $15 now, $16 status, $17 event,
# $18 by, $19 role, $20 why, $21 audience, $22 another address or null.
MOVE = (
    """
WITH taken AS MATERIALIZED (
    SELECT * FROM time_take($2, NULL, $1, NULL, ARRAY[$1::uuid], $11, $4, $6, $7, $5, $9, $13, $14, $21, $15)
)"""
    + _PLACE
)

# The time of a hold that still lives becomes the appointment's ($1), whose own has been given back. $2 hold, $3 now,
# $4 local day, $5 status, $6 by, $7 role, $8 why. No row: the hold has ended.
TIME_OF_HOLD = """
SELECT h.during, lower(h.during) AS start, s.timezone FROM hold h JOIN site s ON s.id = h.site_id
WHERE h.id = $1 AND h.state IN ('held', 'identified') FOR UPDATE OF h
"""
MOVE_ONTO = """
WITH taken AS MATERIALIZED (
    SELECT * FROM time_keep($2, $1, $3)
), changed AS (
    UPDATE appointment a SET
        status = $5, schedule_id = h.schedule_id, practitioner_id = h.practitioner_id, site_id = h.site_id,
        resource_ids = h.resource_ids, during = h.during, occupied = h.occupied, local_date = $4,
        overbooked = false, overbook_reason = NULL, late = false, excused = false, cancel_reason = NULL,
        conflict = NULL, changed_at = $3, version = a.version + 1
    FROM hold h
    WHERE a.id = $1 AND h.id = $2 AND (SELECT outcome FROM taken) = 'ok'
    RETURNING a.organisation_id, a.version, a.during, a.practitioner_id
)
INSERT INTO appointment_change (
    appointment_id, version, organisation_id, event, status, during, practitioner_id, by, role, reason, at)
SELECT $1, version, organisation_id, 'move', $5, during, practitioner_id, $6, $7, $8, $3 FROM changed
RETURNING version
"""

# One line of history per version, whatever changed.
CHANGE = """
WITH changed AS (
    UPDATE appointment SET status = $2, late = $3, excused = $4, cancel_reason = $5, changed_at = $6,
        version = version + 1
    WHERE id = $1
    RETURNING id, organisation_id, version, status, during, practitioner_id
)
INSERT INTO appointment_change (
    appointment_id, version, organisation_id, event, status, during, practitioner_id, by, role, reason, at)
SELECT id, version, organisation_id, $7, status, during, practitioner_id, $8, $9, $10, $6 FROM changed
"""
GIVE_BACK = "SELECT time_give(NULL, $1)"

_ROW = """
SELECT a.id, a.organisation_id, a.patient_id, a.reason_id, a.mode, a.schedule_id, a.practitioner_id, a.site_id,
       a.place_id, a.resource_ids, lower(a.during) AS start, upper(a.during) AS end,
       upper(a.occupied) AS occupied_until, a.status, a.version, a.audience, a.channel, a.booked_by, a.call_id,
       a.requester, a.overbooked, a.overbook_reason, a.late, a.excused, a.cancel_reason, a.conflict, a.note,
       a.language, a.partner_id, a.created_at, a.changed_at, a.series_id, a.protocol_id, a.delegating_physician_id,
       CASE WHEN a.conflict = 'protocol' THEN delegation_until(a.protocol_id, a.practitioner_id) END AS protocol_until,
       s.timezone, s.finess, p.rpps, r.unscheduled, o.settings, o.phone, a.visit_address, a.walk_in,
       vr.fallback_at IS NOT NULL AS by_phone
FROM appointment a
JOIN site s ON s.id = a.site_id
JOIN practitioner p ON p.id = a.practitioner_id
JOIN visit_reason r ON r.id = a.reason_id
JOIN organisation o ON o.id = a.organisation_id
LEFT JOIN visit_room vr ON vr.appointment_id = a.id AND vr.planned_for = lower(a.during)
"""
ROW_ANY = _ROW
ROW = _ROW + "WHERE a.id = $1"
ROW_LOCKED = ROW + " FOR UPDATE OF a"
OF_SERIES = _ROW + "WHERE a.series_id = $1 ORDER BY lower(a.during), a.id"

# $1 people or null (all), $2 booked by or null, then filters, each null when not asked: $3 day, $4 site, $5
# practitioner, $6 patient, $7 statuses, $8 conflict, $9 call, $10 from the site's day of this instant on; $11 and $12
# the last row seen, $13 how many.
LIST = (
    _ROW
    + """
WHERE ($1::uuid[] IS NULL OR a.patient_id = ANY ($1)) AND ($2::text IS NULL OR a.booked_by = $2)
  AND ($3::date IS NULL OR a.local_date = $3) AND ($4::uuid IS NULL OR a.site_id = $4)
  AND ($5::uuid IS NULL OR a.practitioner_id = $5) AND ($6::uuid IS NULL OR a.patient_id = $6)
  AND ($7::text[] IS NULL OR a.status = ANY ($7)) AND ($8::boolean IS NULL OR (a.conflict IS NOT NULL) = $8)
  AND ($9::uuid IS NULL OR a.call_id = $9)
  AND ($10::timestamptz IS NULL OR a.local_date >= ($10 AT TIME ZONE s.timezone)::date)
  AND ($11::timestamptz IS NULL OR (lower(a.during), a.id) > ($11, $12::uuid))
ORDER BY lower(a.during), a.id LIMIT $13
"""
)
HISTORY = """
SELECT version, event, status, lower(during) AS start, upper(during) AS end, practitioner_id, by, role, reason, at,
       delegating_physician_id
FROM appointment_change WHERE appointment_id = $1 ORDER BY version
"""

PATIENT_AT = """
SELECT id, lower(during) AS start FROM appointment
WHERE patient_id = $1 AND during && $2::tstzrange AND status IN ('pending', 'booked', 'arrived')
  AND id IS DISTINCT FROM $3
ORDER BY lower(during) LIMIT 1
"""

# Overbookings of one practitioner are judged one after the other.
LOCK_PRACTITIONER = "SELECT FROM practitioner WHERE id = $1 FOR NO KEY UPDATE"
OVERBOOKED = """
SELECT count(*) FROM appointment
WHERE practitioner_id = $1 AND local_date BETWEEN $2::date - 1 AND $2::date + 1 AND overbooked
  AND status NOT IN ('cancelled', 'entered-in-error') AND id IS DISTINCT FROM $5
  AND half_day(lower(during), $4) = half_day($3, $4)
"""

OTHERS_OF_VISIT = """
SELECT ARRAY(SELECT p.id FROM practitioner p WHERE p.id = ANY ($1::uuid[]) AND p.id <> $2 ORDER BY p.id) AS assistants,
       ARRAY(SELECT r.id FROM resource r WHERE r.id = ANY ($1) AND r.kind <> 'practitioner' ORDER BY r.id) AS rooms
"""

SEEN = "UPDATE patient SET first_seen_at = least(first_seen_at, $2) WHERE id = $1"
# Too many misses close online booking for a while; when a miss is taken back and too few are left, it opens again.
BLOCK_ONLINE = """
UPDATE patient SET online_blocked_until = CASE
    WHEN m.missed >= $3 THEN greatest(online_blocked_until, $2::timestamptz + make_interval(months => $5)) END
FROM (SELECT count(*) AS missed FROM appointment
      WHERE patient_id = $1 AND status = 'noshow' AND NOT excused
        AND lower(during) > $2::timestamptz - make_interval(months => $4)) m
WHERE id = $1 AND (m.missed >= $3 OR online_blocked_until IS NOT NULL)
"""
