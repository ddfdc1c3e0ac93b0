-- Versions of an appointment run 1..n without a hole, each with its history, its audit row and its event.
SELECT a.id::text AS key, 'version ' || a.version || ', history ' || count(c.version) || ' up to ' || coalesce(max(c.version), 0) AS detail
FROM appointment a LEFT JOIN appointment_change c ON c.appointment_id = a.id
GROUP BY a.id, a.version
HAVING count(c.version) <> a.version OR max(c.version) <> a.version
UNION ALL
-- A demonstration is loaded in bulk and tells nobody; events stay in the outbox for some days.
SELECT c.appointment_id::text, 'version ' || c.version || ' has no audit row'
FROM appointment_change c
WHERE c.by NOT LIKE 'system:%' AND NOT EXISTS (
    SELECT FROM kit.audit t
    WHERE t.record_id = c.appointment_id AND t.at = c.at AND t.action = 'appointment.' || c.event
      AND (t.facts::jsonb ->> 'version')::integer = c.version)
UNION ALL
SELECT c.appointment_id::text, 'version ' || c.version || ' has no event'
FROM appointment_change c
WHERE c.by NOT LIKE 'system:%' AND c.at > kit_now() - interval '5 days' AND NOT EXISTS (
    SELECT FROM kit.outbox o
    WHERE o.subject_id = c.appointment_id AND o.type LIKE 'appointments.appointment\_%'
      AND (o.payload::jsonb ->> 'version')::integer = c.version)
