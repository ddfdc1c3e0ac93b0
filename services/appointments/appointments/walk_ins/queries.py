"""SQL of visits without an appointment."""

SITE = "SELECT organisation_id, timezone FROM site WHERE id = $1 AND active"

# Today's walk-in windows of a site that are not over, last night's included: who sits there, with what free time.
# $1 site, $2 today, $3 now, $4 reason, $5 practitioner or null, $6 professions.
WINDOWS = """
SELECT a.practitioner_id, a.schedule_id, p.rpps, p.person_id, a.free,
       (SELECT count(*) FROM appointment x
        WHERE x.practitioner_id = a.practitioner_id AND x.local_date = $2
          AND x.status IN ('pending', 'booked', 'arrived', 'fulfilled')) AS load
FROM availability a JOIN practitioner p ON p.id = a.practitioner_id
WHERE a.site_id = $1 AND a.local_date BETWEEN $2::date - 1 AND $2 AND a.ends_at > $3 AND a.kind = 'walk_in'
  AND 'on_site' = ANY (a.modes) AND (a.reason_ids = '{}' OR $4 = ANY (a.reason_ids)) AND a.secretariat_from <= $3
  AND ($5::uuid IS NULL OR a.practitioner_id = $5) AND p.profession = ANY ($6)
ORDER BY a.starts_at, a.practitioner_id
"""

# When the next window begins that was not among those. Arguments as WINDOWS, without the last.
NEXT = """
SELECT min(lower(a.during)) FROM availability a
WHERE a.site_id = $1 AND (a.local_date > $2 OR (a.local_date = $2 AND a.secretariat_from > $3))
  AND a.starts_at > $3 AND a.kind = 'walk_in' AND NOT isempty(a.free)
  AND 'on_site' = ANY (a.modes) AND (a.reason_ids = '{}' OR $4 = ANY (a.reason_ids))
  AND ($5::uuid IS NULL OR a.practitioner_id = $5)
"""

RANK = """
SELECT count(*) FROM appointment a JOIN appointment me ON me.id = $1
WHERE a.site_id = me.site_id AND a.local_date = me.local_date AND a.walk_in
  AND a.status <> 'entered-in-error' AND (a.created_at, a.id) <= (me.created_at, me.id)
"""

# $1 site, $2 local day, $3 after this rank, $4 how many.
QUEUE = """
SELECT * FROM (
    SELECT row_number() OVER (ORDER BY a.created_at, a.id)::int AS rank, a.id AS appointment_id, a.version, a.status,
           a.patient_id, a.practitioner_id, a.created_at AS arrived_at, lower(a.during) AS start,
           p.birth_family_name, p.used_family_name, p.birth_given_names, p.used_given_name
    FROM appointment a JOIN patient p ON p.id = a.patient_id
    WHERE a.site_id = $1 AND a.local_date = $2 AND a.walk_in AND a.status <> 'entered-in-error') q
WHERE q.rank > $3 ORDER BY q.rank LIMIT $4
"""
COUNTS = """
SELECT count(*) FILTER (WHERE status IN ('booked', 'arrived')) AS waiting,
       count(*) FILTER (WHERE status = 'fulfilled') AS seen,
       count(*) FILTER (WHERE status IN ('cancelled', 'noshow')) AS gone
FROM appointment WHERE site_id = $1 AND local_date = $2 AND walk_in
"""
