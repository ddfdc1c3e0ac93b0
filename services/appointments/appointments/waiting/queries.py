"""SQL of the waiting list. Entries are walked in the order of the queue: priority, then age."""

# --- entries ------------------------------------------------------------------------------------------------------

# Who stands before an entry: those of the centre who could be offered the same times, whatever they come for.
_ROW = """
SELECT e.*, o.timezone, f.id AS offer_id, f.state AS offer_state, f.expires_at AS offer_expires_at,
       h.practitioner_id AS offer_practitioner_id, h.site_id AS offer_site_id, h.mode AS offer_mode,
       lower(h.during) AS offer_start, upper(h.during) AS offer_end, si.timezone AS offer_zone,
       CASE WHEN e.state IN ('waiting', 'offered') THEN 1 + (
           SELECT count(*) FROM waiting_entry b JOIN visit_reason br ON br.id = b.reason_id
           WHERE b.organisation_id = e.organisation_id AND b.state IN ('waiting', 'offered')
             AND (b.priority > e.priority
                  OR (b.priority = e.priority AND (b.created_at, b.id) < (e.created_at, e.id)))
             AND br.professions && r.professions AND b.modes && e.modes
             AND b.from_date <= e.to_date AND b.to_date >= e.from_date
             AND (b.site_ids = '{}' OR e.site_ids = '{}' OR b.site_ids && e.site_ids)
             AND (b.practitioner_ids = '{}' OR e.practitioner_ids = '{}' OR b.practitioner_ids && e.practitioner_ids)
             AND (b.weekdays = '{}' OR e.weekdays = '{}' OR b.weekdays && e.weekdays)
             AND coalesce(b.local_from, '00:00') < coalesce(e.local_to, '24:00')
             AND coalesce(e.local_from, '00:00') < coalesce(b.local_to, '24:00')) END AS rank,
       (SELECT a.id FROM appointment a
        WHERE a.patient_id = e.patient_id AND a.reason_id = e.reason_id AND a.status IN ('pending', 'booked', 'arrived')
          AND a.id IS DISTINCT FROM e.linked_appointment_id AND a.local_date BETWEEN e.from_date AND e.to_date
          AND e.state IN ('waiting', 'offered')
        ORDER BY a.local_date, a.id LIMIT 1) AS booked_meanwhile
FROM waiting_entry e
JOIN organisation o ON o.id = e.organisation_id
JOIN visit_reason r ON r.id = e.reason_id
LEFT JOIN waiting_offer f ON f.entry_id = e.id AND f.state = 'sent'
LEFT JOIN hold h ON h.id = f.hold_id
LEFT JOIN site si ON si.id = h.site_id
"""
ROW = _ROW + "WHERE e.id = $1"
LOCK = "SELECT * FROM waiting_entry WHERE id = $1 FOR NO KEY UPDATE"

# $1 people or null (all), $2 created by or null, then filters, each null when not asked: $3 states, $4 site,
# $5 practitioner, $6 patient; $7 to $9 the last row seen, $10 how many.
LIST = (
    _ROW
    + """
WHERE ($1::uuid[] IS NULL OR e.patient_id = ANY ($1)) AND ($2::text IS NULL OR e.created_by = $2)
  AND e.state = ANY ($3::text[])
  AND ($4::uuid IS NULL OR e.site_ids = '{}' OR $4 = ANY (e.site_ids))
  AND ($5::uuid IS NULL OR e.practitioner_ids = '{}' OR $5 = ANY (e.practitioner_ids))
  AND ($6::uuid IS NULL OR e.patient_id = $6)
  AND ($7::int IS NULL OR e.priority < $7 OR (e.priority = $7 AND (e.created_at, e.id) > ($8::timestamptz, $9::uuid)))
ORDER BY e.priority DESC, e.created_at, e.id LIMIT $10
"""
)

# What an entry speaks of, all of one centre. $1 reason, $2 patient, $3 sites, $4 practitioners, $5 the linked one,
# $6 now, $7 by whom the linked one was booked, or null: by anybody.
SPOKEN_OF = """
SELECT r.organisation_id, r.bookable_by, o.timezone,
       ARRAY(SELECT m ->> 'mode' FROM jsonb_array_elements(r.modes) AS m) AS modes,
       EXISTS (SELECT FROM patient p
               WHERE p.id = $2 AND p.organisation_id = r.organisation_id AND p.merged_into_id IS NULL) AS patient,
       (SELECT count(*) FROM site s
        WHERE s.id = ANY ($3) AND s.organisation_id = r.organisation_id AND s.active) AS sites,
       (SELECT count(*) FROM practitioner p
        WHERE p.id = ANY ($4) AND p.organisation_id = r.organisation_id) AS practitioners,
       (SELECT a.local_date FROM appointment a
        WHERE a.id = $5 AND a.patient_id = $2 AND a.reason_id = $1 AND a.status IN ('pending', 'booked')
          AND lower(a.during) > $6 AND ($7::text IS NULL OR a.booked_by = $7)) AS linked_on,
       (SELECT a.mode FROM appointment a WHERE a.id = $5) AS linked_mode
FROM visit_reason r JOIN organisation o ON o.id = r.organisation_id
WHERE r.id = $1 AND r.active
"""
# Requests of one person are judged one after the other.
LOCK_PATIENT = "SELECT FROM patient WHERE id = $1 FOR NO KEY UPDATE"
SAME = """
SELECT id FROM waiting_entry
WHERE patient_id = $1 AND reason_id = $2 AND state IN ('waiting', 'offered') AND from_date <= $4 AND to_date >= $3
LIMIT 1
"""
ADD = """
INSERT INTO waiting_entry (
    id, organisation_id, patient_id, reason_id, modes, site_ids, practitioner_ids, from_date, to_date, weekdays,
    local_from, local_to, min_notice_minutes, priority, linked_appointment_id, audience, language, requester,
    created_by, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::jsonb, $19, $20, $20)
"""
SET_STATE = """
UPDATE waiting_entry SET state = $2, changed_at = $3, version = version + 1 WHERE id = $1
RETURNING id, organisation_id, state, version
"""
OVER = """
SELECT e.id FROM waiting_entry e JOIN organisation o ON o.id = e.organisation_id
WHERE e.state = 'waiting' AND e.to_date <= ($1 AT TIME ZONE 'UTC')::date
  AND e.to_date < ($1 AT TIME ZONE o.timezone)::date
ORDER BY e.id LIMIT 500
"""

# --- a time that became free --------------------------------------------------------------------------------------

# One probe of the queue's index when nobody waits.
PLACE = """
SELECT s.timezone, o.settings FROM site s JOIN organisation o ON o.id = s.organisation_id
WHERE s.id = $2 AND EXISTS (SELECT FROM waiting_entry e WHERE e.organisation_id = $1 AND e.state = 'waiting')
"""

# The free runs around a freed time, each with what its window is open to. $1 practitioner, $2 site, $3 the time, $4
# now.
RUNS = """
SELECT lower(run) AS start, upper(run) AS end, a.reason_ids, a.modes,
       array_remove(ARRAY[
           CASE WHEN a.public_from <= $4 THEN 'public' END, CASE WHEN a.secretariat_from <= $4 THEN 'secretariat' END,
           CASE WHEN a.partner_from <= $4 THEN 'partner' END, CASE WHEN a.regulator_from <= $4 THEN 'regulator' END,
           CASE WHEN a.cpts_from <= $4 THEN 'cpts' END], NULL) AS audiences
FROM availability a CROSS JOIN LATERAL unnest(a.free) AS run
WHERE a.practitioner_id = $1 AND a.site_id = $2 AND a.kind IN ('clinic', 'unscheduled', 'home_round')
  AND a.ends_at > lower($3::tstzrange) AND a.starts_at < upper($3::tstzrange) AND run && $3
ORDER BY lower(run)
"""

# Who could be offered a time, in the order of the queue. Who gave the time back or had it before is not asked.
# $1 organisation, $2 practitioner, $3 site, $4 local day, $5 start, $6 now, $7 offers an entry has at most,
# $8 local day of now, $9 the appointment that gave it back, $10 the freed time.
CANDIDATES = """
SELECT e.id, e.version, e.organisation_id, e.patient_id, e.reason_id, e.modes, e.from_date, e.to_date, e.weekdays,
       e.local_from, e.local_to, e.min_notice_minutes, e.audience, e.language, e.requester,
       r.modes AS ways, r.min_notice_minutes AS reason_notice_minutes, r.max_ahead_days, r.min_age, r.max_age,
       r.first_visit, r.known_patient_only, r.max_live,
       p.birth_date, p.first_seen_at IS NOT NULL AS seen, p.online_blocked_until,
       l.id AS linked_id, l.mode AS linked_mode, lower(l.during) AS linked_start,
       upper(l.during) - lower(l.during) AS linked_minutes, upper(l.occupied) - lower(l.occupied) AS linked_occupied,
       (SELECT count(*)::int FROM appointment a
        WHERE a.patient_id = e.patient_id AND a.reason_id = e.reason_id AND a.audience = 'public'
          AND upper(a.during) > $6 AND a.status IN ('pending', 'booked', 'arrived')
          AND a.id IS DISTINCT FROM l.id) AS live_online,
       (SELECT a.id FROM appointment a
        WHERE r.min_gap_days > 0 AND a.patient_id = e.patient_id AND a.reason_id = e.reason_id
          AND a.status NOT IN ('cancelled', 'noshow', 'entered-in-error') AND a.id IS DISTINCT FROM l.id
          AND lower(a.during) > $5::timestamptz - r.min_gap_days * interval '1 day'
          AND lower(a.during) < $5::timestamptz + r.min_gap_days * interval '1 day' LIMIT 1) AS near_id
FROM waiting_entry e
JOIN visit_reason r ON r.id = e.reason_id AND r.active AND e.audience = ANY (r.bookable_by)
JOIN practitioner d ON d.id = $2 AND d.profession = ANY (r.professions) AND d.active_during @> $4::date
JOIN patient p ON p.id = e.patient_id AND p.merged_into_id IS NULL
LEFT JOIN appointment l ON l.id = e.linked_appointment_id AND l.status IN ('pending', 'booked')
WHERE e.organisation_id = $1 AND e.state = 'waiting' AND e.offers_sent < $7
  AND (e.last_offer_on IS NULL OR e.last_offer_on < $8)
  AND e.from_date <= $4 AND e.to_date >= $4
  AND (e.site_ids = '{}' OR $3 = ANY (e.site_ids))
  AND (e.practitioner_ids = '{}' OR $2 = ANY (e.practitioner_ids))
  AND e.patient_id NOT IN (SELECT a.patient_id FROM appointment a WHERE a.id = $9)
  AND NOT EXISTS (SELECT FROM waiting_offer f WHERE f.freed_time_id = $10 AND f.entry_id = e.id)
ORDER BY e.priority DESC, e.created_at, e.id LIMIT 500
"""
ELSEWHERE = """
SELECT EXISTS (SELECT FROM appointment
               WHERE patient_id = $1 AND during && $2::tstzrange AND status IN ('pending', 'booked', 'arrived')
                 AND id IS DISTINCT FROM $3)
"""
# Whoever is being offered another time in this moment, or withdraws, is passed over: nobody waits for him.
LOCK_UNCHANGED = """
SELECT true FROM waiting_entry WHERE id = $1 AND version = $2 AND state = 'waiting' FOR NO KEY UPDATE SKIP LOCKED
"""

ADD_FREED = """
INSERT INTO freed_time (id, organisation_id, schedule_id, practitioner_id, site_id, during, cause_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING
"""
FREED = """
SELECT id, organisation_id, schedule_id, practitioner_id, site_id, lower(during) AS start, upper(during) AS end,
       cause_id
FROM freed_time WHERE id = $1
"""
REFUSED = "UPDATE freed_time SET refusals = refusals + $2 WHERE id = $1 RETURNING refusals"
CLOSE_FREED = "UPDATE freed_time SET state = $2, closed_at = $3 WHERE id = $1"

# --- offers -------------------------------------------------------------------------------------------------------

ADD_OFFER = """
WITH offered AS (
    UPDATE waiting_entry SET state = 'offered', offers_sent = offers_sent + 1, last_offer_on = $7, changed_at = $6,
        version = version + 1
    WHERE id = $2
    RETURNING organisation_id, version
), added AS (
    INSERT INTO waiting_offer (id, organisation_id, entry_id, freed_time_id, hold_id, expires_at, created_at)
    SELECT $1, organisation_id, $2, $3, $4, $5, $6 FROM offered
)
SELECT version FROM offered
"""
_OFFER = """
SELECT f.id, f.organisation_id, f.entry_id, f.freed_time_id, f.hold_id, f.state, f.expires_at, f.appointment_id,
       e.state AS entry_state, e.patient_id, e.reason_id, e.audience, e.language, e.requester, e.created_by,
       e.linked_appointment_id
FROM waiting_offer f JOIN waiting_entry e ON e.id = f.entry_id
"""
OFFER = _OFFER + "WHERE f.id = $1"
OFFER_LOCKED = OFFER + " FOR NO KEY UPDATE OF e, f"
OFFER_LOCKED_IF_LEFT_ALONE = OFFER + " AND f.state = 'sent' FOR NO KEY UPDATE OF e, f SKIP LOCKED"
LIVE_OF_ENTRY = "SELECT id FROM waiting_offer WHERE entry_id = $1 AND state = 'sent'"

END_OFFER = """
UPDATE waiting_offer SET state = $2, answered_at = $3, appointment_id = $4, version = version + 1 WHERE id = $1
"""
TOOK = "UPDATE waiting_offer SET appointment_id = $2 WHERE id = $1"

# Offers past their time, and those whose hold has ended otherwise.
DUE = """
SELECT f.id FROM waiting_offer f JOIN hold h ON h.id = f.hold_id
WHERE f.state = 'sent' AND (f.expires_at <= $1 OR h.state NOT IN ('held', 'identified'))
ORDER BY f.expires_at, f.id LIMIT 500
"""
LOST = """
SELECT f.id FROM waiting_offer f JOIN hold h ON h.id = f.hold_id
WHERE f.state = 'sent' AND h.state NOT IN ('held', 'identified') ORDER BY f.id
"""

# --- the appointment that an entry would move ---------------------------------------------------------------------

OF_LINKED = """
SELECT e.id, e.organisation_id, e.version, f.id AS offer_id, lower(h.during) AS offered_start
FROM waiting_entry e
LEFT JOIN waiting_offer f ON f.entry_id = e.id AND f.state = 'sent' LEFT JOIN hold h ON h.id = f.hold_id
WHERE e.linked_appointment_id = $1 AND e.state IN ('waiting', 'offered')
"""
UNLINK = """
UPDATE waiting_entry SET linked_appointment_id = NULL, changed_at = $2, version = version + 1
WHERE id IN (SELECT id FROM waiting_entry WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED)
"""

# What the page of an offer shows.
SEEN = """
SELECT f.id, f.organisation_id, f.entry_id, f.state, f.expires_at, lower(h.during) AS start, upper(h.during) AS end,
       s.timezone AS zone, h.mode, d.display_name AS practitioner, s.name AS site,
       concat_ws(', ', s.address_line, nullif(concat_ws(' ', s.postal_code, s.city), '')) AS address,
       coalesce(s.access_note, '') AS access, r.public_label AS reason_fr,
       coalesce(r.public_label_en, r.public_label) AS reason_en,
       coalesce(p.used_given_name, p.birth_given_names) AS person, l.id IS NOT NULL AS moves,
       e.state IN ('waiting', 'offered') AS waits
FROM waiting_offer f
JOIN waiting_entry e ON e.id = f.entry_id
JOIN hold h ON h.id = f.hold_id
JOIN site s ON s.id = h.site_id
JOIN practitioner d ON d.id = h.practitioner_id
JOIN visit_reason r ON r.id = e.reason_id
JOIN patient p ON p.id = e.patient_id
LEFT JOIN appointment l ON l.id = e.linked_appointment_id AND l.status IN ('pending', 'booked')
WHERE f.id = $1
"""
HOLD_OF_OFFER = """
SELECT h.mode, h.site_id, h.practitioner_id, h.resource_ids, lower(h.during) AS start, upper(h.during) AS end,
       upper(h.occupied) AS occupied_until
FROM hold h WHERE h.id = $1 AND h.state IN ('held', 'identified') FOR UPDATE
"""
