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
