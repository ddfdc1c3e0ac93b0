"""SQL of calendars."""

ENTRY = """
SELECT a.id, a.patient_id, a.organisation_id, a.version, a.status,
       CASE WHEN vr.fallback_at IS NOT NULL THEN 'by_phone' ELSE a.mode END AS mode, lower(a.during) AS start,
    upper(a.during) AS end,
       a.changed_at, s.timezone, s.name AS site, coalesce(o.phone, s.phone) AS phone,
       concat_ws(', ', s.name, s.address_line, nullif(concat_ws(' ', s.postal_code, s.city), '')) AS location
FROM appointment a JOIN site s ON s.id = a.site_id JOIN organisation o ON o.id = a.organisation_id
LEFT JOIN visit_room vr ON vr.appointment_id = a.id AND vr.planned_for = lower(a.during)
WHERE a.id = $1
"""
