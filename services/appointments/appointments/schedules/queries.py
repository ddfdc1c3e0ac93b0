"""SQL of schedules, rules, exceptions, absences, closures."""

SCHEDULE = """
SELECT s.id, s.organisation_id, s.practitioner_id, s.site_id, s.active, s.expanded_to, s.version,
       t.timezone, o.holiday_zone,
       p.profession, p.person_id, lower(p.active_during) AS active_from, upper(p.active_during) AS active_to
FROM schedule s
JOIN site t ON t.id = s.site_id
JOIN practitioner p ON p.id = s.practitioner_id
JOIN organisation o ON o.id = s.organisation_id
WHERE s.id = $1
"""
# A closure of the site waits for us, and we for it.
SCHEDULE_LOCKED = SCHEDULE + " FOR NO KEY UPDATE OF s FOR SHARE OF t"

SCHEDULES = """
SELECT s.id, s.practitioner_id, s.site_id, t.timezone, s.active, s.expanded_to, s.version
FROM schedule s JOIN site t ON t.id = s.site_id
WHERE ($1::uuid IS NULL OR s.practitioner_id = $1) AND ($2::uuid IS NULL OR s.site_id = $2)
  AND ($3::uuid IS NULL OR s.id > $3)
ORDER BY s.id LIMIT $4
"""

PAIR = """
SELECT p.organisation_id, p.person_id, s.id AS schedule_id
FROM practitioner p
JOIN site t ON t.id = $2 AND t.organisation_id = p.organisation_id
LEFT JOIN schedule s ON s.practitioner_id = p.id AND s.site_id = t.id
WHERE p.id = $1
"""
INSERT_SCHEDULE = """
INSERT INTO schedule (id, organisation_id, practitioner_id, site_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (practitioner_id, site_id) DO NOTHING RETURNING id
"""
TOUCH_SCHEDULE = "UPDATE schedule SET version = version + 1 WHERE id = $1 RETURNING version"

RULES = """
SELECT id, kind, first_date, rrule, local_start, local_end, reason_ids, modes, room_id, step_minutes, audiences,
       releases::text AS releases, on_holidays
FROM opening_rule WHERE schedule_id = $1 ORDER BY first_date, local_start, id
"""
DROP_RULES = "DELETE FROM opening_rule WHERE schedule_id = $1 AND id <> ALL ($2)"
KEEP_RULE = """
INSERT INTO opening_rule (
    id, organisation_id, schedule_id, kind, first_date, rrule, local_start, local_end,
    reason_ids, modes, room_id, step_minutes, audiences, releases, on_holidays)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text::jsonb, $15)
ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, first_date = excluded.first_date, rrule = excluded.rrule,
    local_start = excluded.local_start, local_end = excluded.local_end,
    reason_ids = excluded.reason_ids, modes = excluded.modes, room_id = excluded.room_id,
    step_minutes = excluded.step_minutes, audiences = excluded.audiences, releases = excluded.releases,
    on_holidays = excluded.on_holidays
"""

EXCEPTIONS = """
SELECT id, local_date, action, rule_id, fields::text AS fields, source
FROM opening_exception WHERE schedule_id = $1 AND local_date >= $2 ORDER BY local_date, id
"""
INSERT_EXCEPTION = """
INSERT INTO opening_exception (id, organisation_id, schedule_id, local_date, action, rule_id, fields, source)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, 'manual')
"""
DELETE_EXCEPTION = "DELETE FROM opening_exception WHERE id = $1 AND schedule_id = $2 RETURNING local_date"

UNKNOWN_REASONS = """
SELECT id FROM unnest($1::uuid[]) id
WHERE NOT EXISTS (SELECT FROM visit_reason r WHERE r.id = id.id AND r.organisation_id = $2)
"""
UNKNOWN_ROOMS = """
SELECT id FROM unnest($1::uuid[]) id
WHERE NOT EXISTS (SELECT FROM resource r WHERE r.id = id.id AND r.kind = 'room' AND r.site_id = $2)
"""

# What the other schedules already open, for the same practitioner or in the same rooms.
OTHER_WINDOWS = """
SELECT a.rule_id, a.local_date, a.kind, a.room_id, a.practitioner_id, a.starts_at, a.ends_at
FROM availability a
WHERE a.schedule_id <> $1 AND (a.practitioner_id = $2 OR a.room_id = ANY ($3)) AND a.ends_at > $4 AND a.local_date < $5
"""
WEEKLY_MINUTES = "SELECT weekly_minutes FROM contract WHERE practitioner_id = $1 AND during @> $2::date"

LIVE_VISITS = """
SELECT a.id, a.reason_id, a.mode, lower(a.during) AS starts_at, upper(a.during) AS ends_at,
       upper(a.occupied) AS occupied_to
FROM appointment a
WHERE a.practitioner_id = $1 AND a.site_id = $2 AND a.local_date >= $3 AND a.status IN ('pending', 'booked')
  AND NOT a.overbooked
  AND upper(a.during) > $4
ORDER BY lower(a.during)
"""

PRACTITIONER = "SELECT id AS practitioner_id, organisation_id, person_id, rpps FROM practitioner WHERE id = $1"
SITE_LOCKED = "SELECT id, organisation_id FROM site WHERE id = $1 FOR NO KEY UPDATE"

INSERT_ABSENCE = """
INSERT INTO absence (id, organisation_id, practitioner_id, during, kind, source, source_ref)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
ABSENCES = """
SELECT a.id, a.practitioner_id, lower(a.during) AS start, upper(a.during) AS end, a.kind, a.source, a.version
FROM absence a JOIN practitioner p ON p.id = a.practitioner_id
WHERE ($1::uuid IS NULL OR a.practitioner_id = $1) AND a.during && tstzrange($2, $3)
  AND ($4::uuid IS NULL OR p.person_id = $4)
  AND ($5::uuid IS NULL OR a.id > $5)
ORDER BY a.id LIMIT $6
"""
ABSENCE = """
SELECT a.id, a.organisation_id, a.practitioner_id, a.during, a.kind, a.source, p.person_id, p.rpps
FROM absence a JOIN practitioner p ON p.id = a.practitioner_id WHERE a.id = $1 FOR UPDATE OF a
"""
DELETE_ABSENCE = "DELETE FROM absence WHERE id = $1"

INSERT_CLOSURE = "INSERT INTO closure (id, organisation_id, site_id, during) VALUES ($1, $2, $3, $4)"
CLOSURES = """
SELECT id, site_id, lower(during) AS start, upper(during) AS end, version FROM closure
WHERE ($1::uuid IS NULL OR site_id = $1) AND during && tstzrange($2, $3) AND ($4::uuid IS NULL OR id > $4)
ORDER BY id LIMIT $5
"""
CLOSURE = "SELECT id, organisation_id, site_id, during FROM closure WHERE id = $1 FOR UPDATE"
DELETE_CLOSURE = "DELETE FROM closure WHERE id = $1"
