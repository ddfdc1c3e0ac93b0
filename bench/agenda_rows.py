"""SQL that plants a centre of 34 doctors at four sites with rules but no stored times, 200,000 patients, a year of
visits behind it, and 200 visits before each of three doctors. Written past the product, alike in number and size only.
"""

# $1 centre: twelve more reasons, as a centre has.
REASONS = """
INSERT INTO visit_reason (id, organisation_id, code, label, public_label, professions, modes, bookable_by, sensitive)
SELECT uuidv7(), $1, 'motif-' || n, 'Motif ' || n, 'Motif ' || n, '{physician}',
       '[{"mode": "on_site", "minutes": 20}]', '{public,secretariat,partner,regulator}', n = 12
FROM generate_series(1, 12) AS n
"""
# Doctors are planted as if their times were written; here they are to be.
NOT_EXPANDED = "UPDATE schedule SET expanded_to = NULL"
# $1 centre: morning and afternoon from Monday to Friday, as a centre works.
RULES = """
INSERT INTO opening_rule (organisation_id, schedule_id, kind, first_date, rrule, local_start, local_end)
SELECT $1, s.id, 'clinic', current_date - 30, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', w.start::time, w.end::time
FROM schedule s, (VALUES ('09:00', '12:00'), ('14:00', '18:00')) AS w (start, "end")
"""
# $1 centre, $2 head of ids, $3 first id of patients, $4 reason, $5 how many: 10 a day and doctor, of the last year.
YEAR = """
INSERT INTO appointment (id, organisation_id, patient_id, reason_id, mode, schedule_id, practitioner_id, site_id,
                         resource_ids, during, occupied, local_date, status, late, audience, channel, booked_by,
                         created_at, changed_at)
SELECT uuidv7(), $1, ($2 || ($3::bigint + n % 20000))::uuid, $4, 'on_site', s.id, s.practitioner_id, s.site_id,
       ARRAY[s.practitioner_id], v.during, v.during, v.day, v.status, v.status = 'cancelled' AND n % 3 = 0,
       'secretariat', (ARRAY['phone', 'online', 'desk'])[1 + n % 3], 'system:bench',
       lower(v.during) - n % 40 * interval '20 hours', upper(v.during)
FROM generate_series(0, $5::int - 1) AS n
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS number, count(*) OVER () AS doctors FROM schedule) s
     ON s.number = n % s.doctors
CROSS JOIN LATERAL (SELECT n / s.doctors AS turn) t
CROSS JOIN LATERAL (SELECT current_date - 1 - (t.turn / 10)::int AS day) d
CROSS JOIN LATERAL (
    SELECT d.day, tstzrange(b.start, b.start + interval '20 minutes') AS during,
           (ARRAY['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'noshow',
                  'cancelled', 'fulfilled'])[1 + n % 10] AS status
    FROM (SELECT d.day + time '08:00' + t.turn % 10 * interval '20 minutes' AS start) b) v
"""
# $1 schedule, $2 reason, $3 head of ids, $4 first id of patients, $5 how many: the next times of one doctor, taken.
COMING = """
WITH n AS (
    SELECT row_number() OVER (ORDER BY start) AS number, a.*, start
    FROM availability a, generate_series(a.starts_at, a.ends_at - interval '20 minutes', interval '20 minutes') AS start
    WHERE a.schedule_id = $1 AND a.starts_at > now() + interval '1 day'
    ORDER BY start LIMIT $5::int
), visit AS (
    INSERT INTO appointment (id, organisation_id, patient_id, reason_id, mode, schedule_id, practitioner_id, site_id,
                             resource_ids, during, occupied, local_date, status, audience, channel, booked_by,
                             created_at, changed_at)
    SELECT uuidv7(), organisation_id, ($3 || ($4::bigint + number))::uuid, $2, 'on_site', schedule_id, practitioner_id,
           site_id, ARRAY[practitioner_id], tstzrange(start, start + interval '20 minutes'),
           tstzrange(start, start + interval '20 minutes'), local_date, 'booked', 'secretariat', 'phone',
           'system:bench', now(), now()
    FROM n RETURNING id, organisation_id, practitioner_id, occupied
), taken AS (
    INSERT INTO busy (organisation_id, resource_id, during, appointment_id)
    SELECT organisation_id, practitioner_id, occupied, id FROM visit
)
SELECT practitioner_id, min(lower(occupied)) AS first, max(upper(occupied)) AS last, count(*)::int AS visits
FROM visit GROUP BY 1
"""
SETTLE = "UPDATE availability SET free = computed_free(practitioner_id, during, closed) WHERE practitioner_id = $1"
SCHEDULES = "SELECT id FROM schedule ORDER BY id"
BIRTHS = "SELECT birth_date FROM patient ORDER BY id LIMIT $1"
"""Dates on which somebody known was born."""
