"""SQL of calendars."""

ENTRY = """
SELECT a.id, a.patient_id, a.organisation_id, a.version, a.status, a.mode, lower(a.during) AS start,
    upper(a.during) AS end,
       a.changed_at, s.timezone, s.name AS site, coalesce(o.phone, s.phone) AS phone,
       concat_ws(', ', s.name, s.address_line, nullif(concat_ws(' ', s.postal_code, s.city), '')) AS location
FROM appointment a JOIN site s ON s.id = a.site_id JOIN organisation o ON o.id = a.organisation_id
WHERE a.id = $1
"""
