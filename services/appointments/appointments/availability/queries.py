"""SQL of stored availability. `computed_free` and `computed_closed` are functions of revision 0007."""

# A statement that waits for a row lock goes on with the snapshot it began with, so it would recompute free time from
# bookings as they were before the wait. Hence two statements: this one waits, the next one reads.
LOCK_OF_SCHEDULE = (
    "SELECT id FROM availability WHERE schedule_id = $1 AND local_date >= $2 AND local_date < $3 ORDER BY id FOR UPDATE"
)

LOCK_OF_PRACTITIONERS = """
SELECT id FROM availability
WHERE practitioner_id = ANY ($1) AND ends_at > lower($2::tstzrange) AND starts_at < upper($2::tstzrange)
ORDER BY id FOR UPDATE
"""

LOCK_OF_SITE = """
SELECT id FROM availability
WHERE site_id = $1 AND local_date >= $3 AND ends_at > lower($2::tstzrange) AND starts_at < upper($2::tstzrange)
ORDER BY id FOR UPDATE
"""

# $1 schedule, $2 organisation, $3 practitioner, $4 site, $5 profession, $6 first and $7 last day (excluded), $8
# openings (jsonb), then the windows, one array per column. A row that stays as it is keeps id and version. Answers
# the days that changed.
STORE = """
WITH opening AS (
    SELECT o.* FROM jsonb_to_recordset($8::text::jsonb)
        AS o (number int, kind text, reason_ids uuid[], modes text[], step_minutes int, room_id uuid)
), wanted AS (
    SELECT w.rule_id, w.local_date, tstzrange(w.starts_at, w.ends_at) AS during,
           o.kind, o.reason_ids, o.modes, o.step_minutes, o.room_id,
           w.public_from, w.secretariat_from, w.partner_from, w.regulator_from, w.cpts_from
    FROM unnest($9::uuid[], $10::date[], $11::timestamptz[], $12::timestamptz[], $13::int[],
                $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[])
        AS w (rule_id, local_date, starts_at, ends_at, opening,
              public_from, secretariat_from, partner_from, regulator_from, cpts_from)
    JOIN opening o ON o.number = w.opening
), gone AS (
    DELETE FROM availability a
    WHERE a.schedule_id = $1 AND a.local_date >= $6 AND a.local_date < $7 AND NOT EXISTS (
        SELECT FROM wanted w WHERE w.rule_id = a.rule_id AND w.local_date = a.local_date AND w.during = a.during)
    RETURNING a.local_date
), kept AS (
    INSERT INTO availability AS a (
        organisation_id, schedule_id, practitioner_id, site_id, profession,
        rule_id, local_date, during, closed, free,
        kind, reason_ids, modes, step_minutes, room_id,
        public_from, secretariat_from, partner_from, regulator_from, cpts_from)
    SELECT $2, $1, $3, $4, $5,
           w.rule_id, w.local_date, w.during, c.closed, computed_free($3, w.during, c.closed),
           w.kind, w.reason_ids, w.modes, w.step_minutes, w.room_id,
           w.public_from, w.secretariat_from, w.partner_from, w.regulator_from, w.cpts_from
    FROM wanted w CROSS JOIN LATERAL (SELECT computed_closed($3, $4, w.during) AS closed OFFSET 0) c
    ON CONFLICT (schedule_id, local_date, rule_id, during) DO UPDATE SET
        profession = excluded.profession, closed = excluded.closed, free = excluded.free, version = a.version + 1,
        (kind, reason_ids, modes, step_minutes, room_id)
            = ROW (excluded.kind, excluded.reason_ids, excluded.modes, excluded.step_minutes, excluded.room_id),
        (public_from, secretariat_from, partner_from, regulator_from, cpts_from)
            = ROW (excluded.public_from, excluded.secretariat_from, excluded.partner_from,
                   excluded.regulator_from, excluded.cpts_from)
    WHERE (a.profession, a.closed, a.free, a.kind, a.reason_ids, a.modes, a.step_minutes, a.room_id,
           a.public_from, a.secretariat_from, a.partner_from, a.regulator_from, a.cpts_from)
        IS DISTINCT FROM (
           excluded.profession, excluded.closed, excluded.free, excluded.kind, excluded.reason_ids, excluded.modes,
           excluded.step_minutes, excluded.room_id, excluded.public_from, excluded.secretariat_from,
           excluded.partner_from, excluded.regulator_from, excluded.cpts_from)
    RETURNING a.local_date
)
SELECT local_date FROM gone UNION SELECT local_date FROM kept ORDER BY local_date
"""

# The rows that LOCK_… has locked, by id: closed and free made anew, untouched when they come out the same.
RECOMPUTE = """
UPDATE availability a
SET closed = c.closed, free = computed_free(a.practitioner_id, a.during, c.closed), version = a.version + 1
FROM (SELECT r.id, computed_closed(r.practitioner_id, r.site_id, r.during) AS closed
      FROM availability r WHERE r.id = ANY ($1) OFFSET 0) c
WHERE a.id = c.id AND (a.closed, a.free) IS DISTINCT FROM
    (c.closed, computed_free(a.practitioner_id, a.during, c.closed))
RETURNING a.organisation_id, a.practitioner_id, a.site_id, a.local_date
"""

EXPANDED_TO = "UPDATE schedule SET expanded_to = $2 WHERE id = $1"

VERSIONS = "SELECT nextval('availability_version') AS version FROM generate_series(1, $1::int)"

# The hours of work of a practitioner on local days: windows of every schedule, without what is closed.
CLINIC_HOURS = """
SELECT a.local_date, a.kind, lower(open) AS starts_at, upper(open) AS ends_at
FROM availability a CROSS JOIN LATERAL unnest(tstzmultirange(a.during) - a.closed) AS open
WHERE a.practitioner_id = $1 AND a.local_date = ANY ($2) AND a.ends_at > $3
ORDER BY a.local_date, lower(open)
"""

RPPS = "SELECT rpps FROM practitioner WHERE id = $1"

# What whoever changes open time locks first, so that no booking, cancellation or lapse is half done while it looks.
# A booking writes `busy`, which takes FOR KEY SHARE of the resource: FOR UPDATE waits for it and keeps the next one
# out. A cancellation holds its appointment, a lapse its hold.
LOCK_VISITS = """
SELECT p.id FROM appointment p
WHERE p.status IN ('pending', 'booked', 'arrived') AND upper(p.during) > $3 AND lower(p.during) < $4
  AND ($1::uuid IS NULL OR p.practitioner_id = $1) AND ($2::uuid IS NULL OR p.site_id = $2)
  AND p.local_date >= ($3 AT TIME ZONE 'UTC')::date - 1
ORDER BY p.id FOR NO KEY UPDATE
"""
LOCK_RESOURCES = "SELECT id FROM resource WHERE id = ANY ($1) ORDER BY id FOR UPDATE"
LOCK_HOLDS = """
SELECT h.id FROM hold h
WHERE h.state IN ('held', 'identified') AND h.id IN (
    SELECT b.hold_id FROM busy b WHERE b.resource_id = ANY ($1) AND b.hold_id IS NOT NULL AND b.ends_at > $2)
ORDER BY h.id FOR NO KEY UPDATE
"""
PRACTITIONERS_AT = "SELECT practitioner_id FROM schedule WHERE site_id = $1"

# Live visits to come that no longer lie in open time of their reason and mode are flagged, those that do again are not.
# $1 practitioner or null, $2 site or null, $3 from when, $4 until when.
FLAG_CONFLICTS = """
WITH judged AS (
    SELECT p.id, p.conflict, CASE
        WHEN EXISTS (SELECT FROM absence x
                     WHERE x.practitioner_id = p.practitioner_id AND x.during && p.during) THEN 'absence'
        WHEN EXISTS (SELECT FROM closure x WHERE x.site_id = p.site_id AND x.during && p.during) THEN 'closure'
        WHEN NOT p.overbooked AND NOT EXISTS (
            SELECT FROM availability a
            WHERE a.practitioner_id = p.practitioner_id AND a.site_id = p.site_id AND a.kind <> 'admin'
              AND a.ends_at >= upper(p.occupied) AND a.ends_at < upper(p.occupied) + interval '25 hours'
              AND a.during @> p.occupied
              AND p.mode = ANY (a.modes) AND (a.reason_ids = '{}' OR p.reason_id = ANY (a.reason_ids))) THEN 'schedule'
        WHEN p.protocol_id IS NOT NULL AND NOT delegation_stands(p.protocol_id, p.practitioner_id, p.local_date)
            THEN 'protocol'
        END AS found
    FROM appointment p
    WHERE p.status IN ('pending', 'booked') AND upper(p.during) > $3 AND lower(p.during) < $4
      AND ($1::uuid IS NULL OR p.practitioner_id = $1) AND ($2::uuid IS NULL OR p.site_id = $2)
      AND p.local_date >= ($3 AT TIME ZONE 'UTC')::date - 1
), marked AS (
    UPDATE appointment p SET conflict = j.found FROM judged j
    WHERE p.id = j.id AND j.found IS DISTINCT FROM j.conflict
)
SELECT count(*) FROM judged WHERE found IS NOT NULL
"""

# The holds that a closed range meets end; what they kept busy is given back.
HOLDS_OF_PRACTITIONER = """
SELECT h.id FROM hold h
WHERE h.state IN ('held', 'identified') AND h.expires_at > $3 AND h.id IN (
    SELECT b.hold_id FROM busy b
    WHERE b.resource_id = $1 AND b.hold_id IS NOT NULL AND b.ends_at > lower($2::tstzrange)
      AND b.during && $2::tstzrange)
ORDER BY h.id FOR UPDATE
"""
HOLDS_AT_SITE = """
SELECT h.id FROM hold h
WHERE h.state IN ('held', 'identified') AND h.expires_at > $3 AND h.site_id = $1 AND h.occupied && $2::tstzrange
ORDER BY h.id FOR UPDATE
"""
# Those that lie in no open window of their reason and mode any more.
# $1 practitioner, $2 from and $3 until when, $4 now.
HOLDS_OUTSIDE = """
SELECT h.id FROM hold h
WHERE h.state IN ('held', 'identified') AND h.expires_at > $4 AND h.practitioner_id = $1
  AND h.id IN (SELECT b.hold_id FROM busy b
               WHERE b.resource_id = $1 AND b.hold_id IS NOT NULL AND b.ends_at > $2 AND lower(b.during) < $3)
  AND NOT EXISTS (
      SELECT FROM availability a
      WHERE a.practitioner_id = h.practitioner_id AND a.site_id = h.site_id AND a.kind <> 'admin'
        AND a.ends_at >= upper(h.occupied) AND a.ends_at < upper(h.occupied) + interval '25 hours'
        AND a.during @> h.occupied AND h.mode = ANY (a.modes)
        AND (a.reason_ids = '{}' OR h.reason_id = ANY (a.reason_ids)))
ORDER BY h.id FOR UPDATE
"""
RELEASE_HOLDS = """
WITH released AS (
    UPDATE hold SET state = 'released', closed_at = $2, version = version + 1
    WHERE id = ANY ($1) AND state IN ('held', 'identified')
)
DELETE FROM busy WHERE hold_id = ANY ($1) RETURNING resource_id, during
"""

DUE_FOR_EXTENSION = """
SELECT s.id FROM schedule s JOIN site t ON t.id = s.site_id
WHERE s.active AND (s.expanded_to IS NULL OR s.expanded_to < ($1 AT TIME ZONE t.timezone)::date + $2::int)
ORDER BY s.expanded_to NULLS FIRST, s.id LIMIT 1 FOR UPDATE OF s SKIP LOCKED
"""
