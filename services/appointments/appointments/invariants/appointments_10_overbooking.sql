-- Each overbooking has an actor and a reason, and a practitioner has no more of them in a half-day than the centre allows.
SELECT a.id::text AS key, 'overbooked without a reason or an actor' AS detail
FROM appointment a WHERE a.overbooked AND (btrim(coalesce(a.overbook_reason, '')) = '' OR a.booked_by = '')
UNION ALL
SELECT a.practitioner_id::text || ' ' || half_day(lower(a.during), s.timezone),
       count(*) || ' overbookings, allowed ' || coalesce((o.settings ->> 'overbook_limit')::integer, 2)
FROM appointment a JOIN site s ON s.id = a.site_id JOIN organisation o ON o.id = a.organisation_id
WHERE a.overbooked AND a.status NOT IN ('cancelled', 'entered-in-error') AND lower(a.during) > kit_now()
GROUP BY a.practitioner_id, half_day(lower(a.during), s.timezone), o.settings
HAVING count(*) > coalesce((o.settings ->> 'overbook_limit')::integer, 2)
