"""SQL of the agenda. Filters of all: $1 first and $2 last local day, $3 site, $4 practitioner; null: any."""

from appointments.appointments.queries import ROW_ANY

OPENINGS = """
SELECT a.schedule_id, a.practitioner_id, a.site_id, a.local_date, lower(a.during) AS start, upper(a.during) AS end,
       a.kind, a.reason_ids, a.modes, a.step_minutes, a.free, a.closed, s.timezone
FROM availability a JOIN site s ON s.id = a.site_id
WHERE a.local_date BETWEEN $1 AND $2 AND ($3::uuid IS NULL OR a.site_id = $3)
  AND ($4::uuid IS NULL OR a.practitioner_id = $4)
ORDER BY a.starts_at, a.practitioner_id
"""

VISITS = (
    ROW_ANY
    + """
WHERE a.local_date BETWEEN $1 AND $2 AND ($3::uuid IS NULL OR a.site_id = $3)
  AND ($4::uuid IS NULL OR a.practitioner_id = $4) AND a.status NOT IN ('cancelled', 'entered-in-error')
ORDER BY lower(a.during), a.id
"""
)

PEOPLE = """
SELECT id, birth_family_name, used_family_name, birth_given_names, used_given_name, birth_date
FROM patient WHERE id = ANY ($1)
"""

# $5 now.
HOLDS = """
SELECT h.id, h.practitioner_id, h.site_id, h.reason_id, lower(h.during) AS start, upper(h.during) AS end,
       h.expires_at, h.call_id, s.timezone
FROM hold h JOIN site s ON s.id = h.site_id
WHERE h.state IN ('held', 'identified') AND h.expires_at > $5
  AND (lower(h.during) AT TIME ZONE s.timezone)::date BETWEEN $1 AND $2
  AND ($3::uuid IS NULL OR h.site_id = $3) AND ($4::uuid IS NULL OR h.practitioner_id = $4)
ORDER BY lower(h.during), h.id
"""
