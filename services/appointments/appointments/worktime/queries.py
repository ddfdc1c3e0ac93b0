"""SQL of working time."""

# The days on which a practitioner's hours obey a pack of rules; none for who is external or has no contract.
RULED = """
SELECT c.during, c.weekly_minutes, o.timezone
FROM contract c
JOIN practitioner p ON p.id = c.practitioner_id AND NOT p.external
JOIN organisation o ON o.id = c.organisation_id
WHERE c.practitioner_id = $1 AND c.rule_pack = 'territorial'
"""

# Open time of a practitioner at all sites, less what is closed.
# $1 practitioner, $2 from and $3 until when.
STORED = """
SELECT a.schedule_id, a.local_date, lower(open) AS starts_at, upper(open) AS ends_at
FROM availability a CROSS JOIN LATERAL unnest(tstzmultirange(a.during) - a.closed) AS open
WHERE a.practitioner_id = $1 AND a.ends_at > $2 AND a.starts_at < $3
ORDER BY a.starts_at
"""

# What closes a practitioner's time at a site.
SHUT = """
SELECT lower(during) AS starts_at, upper(during) AS ends_at FROM absence
WHERE practitioner_id = $1 AND during && tstzrange($3, $4)
UNION ALL
SELECT lower(during), upper(during) FROM closure WHERE site_id = $2 AND during && tstzrange($3, $4)
ORDER BY 1
"""

OVERRIDE = """
INSERT INTO working_time_override (id, organisation_id, practitioner_id, rule, local_date, reason, by, at)
SELECT id, $1, $2, rule, local_date, $6, $7, $8
FROM unnest($3::uuid[], $4::text[], $5::date[]) AS b (id, rule, local_date)
"""

# --- the report -------------------------------------------------------------------------------------------------------

# Who is counted: those who worked here on some of the days, external ones only under a contract.
# $1 practitioner or null, $2 person or null, $3 first and $4 last day.
PRACTITIONERS = """
SELECT p.id, p.display_name, p.external, o.timezone
FROM practitioner p JOIN organisation o ON o.id = p.organisation_id
WHERE ($1::uuid IS NULL OR p.id = $1) AND ($2::uuid IS NULL OR p.person_id = $2)
  AND p.active_during && daterange($3, $4, '[]')
  AND (NOT p.external OR EXISTS (
      SELECT FROM contract c WHERE c.practitioner_id = p.id AND c.during && daterange($3, $4, '[]')))
ORDER BY p.display_name, p.id
"""

CONTRACTS = "SELECT during, weekly_minutes, rule_pack FROM contract WHERE practitioner_id = $1"

OPENED = """
SELECT a.site_id, a.kind, a.local_date, a.starts_at, a.ends_at
FROM availability a
WHERE a.practitioner_id = $1 AND a.ends_at > $2 AND a.starts_at < $3
ORDER BY a.starts_at
"""

ABSENCES = """
SELECT kind, lower(during) AS starts_at, upper(during) AS ends_at
FROM absence WHERE practitioner_id = $1 AND during && tstzrange($2, $3) ORDER BY 2
"""

CLOSURES = """
SELECT c.site_id, lower(c.during) AS starts_at, upper(c.during) AS ends_at
FROM closure c WHERE c.site_id = ANY ($1) AND c.during && tstzrange($2, $3) ORDER BY 2
"""

# The last word on each rule and day.
OVERRIDES = """
SELECT DISTINCT ON (rule, local_date) rule, local_date, reason
FROM working_time_override WHERE practitioner_id = $1 AND local_date >= $2 AND local_date <= $3
ORDER BY rule, local_date, at DESC
"""
