-- No pack has a sterile or expiry date before its release, none moves after; it was sterile on the local day on which the cycle ended.
SELECT r.id::text AS key, 'has a date and was not released' AS detail
FROM run r WHERE (r.sterile_on IS NOT NULL OR r.expires_on IS NOT NULL) AND r.released_at IS NULL
UNION ALL
SELECT e.subject_id::text, 'its dates were set ' || count(*) || ' times'
FROM trace_entry e
WHERE e.subject_kind = 'run' AND (e.data -> 'row' ->> 'sterile_on' IS NOT NULL OR e.data -> 'row' ->> 'expires_on' IS NOT NULL
    OR (e.subject_version > 1 AND e.data -> 'row' ?| ARRAY['sterile_on', 'expires_on']))
GROUP BY e.subject_id HAVING count(*) > 1
UNION ALL
SELECT r.id::text, 'is sterile on ' || r.sterile_on || ', its cycle ended on ' || (l.cycle_ended_at AT TIME ZONE g.time_zone)::date
FROM run r JOIN load l ON l.id = r.load_id JOIN cooperation_group g ON g.id = r.group_id
WHERE r.sterile_on <> (l.cycle_ended_at AT TIME ZONE g.time_zone)::date
UNION ALL
SELECT r.id::text, 'expires before it was sterile' FROM run r WHERE r.expires_on < r.sterile_on
