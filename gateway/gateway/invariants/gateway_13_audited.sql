-- Each session has the audit row of how it began, each withdrawn account that of who withdrew it.
SELECT s.sid AS key, 'a session that nobody is said to have opened' AS detail
FROM session s
WHERE NOT EXISTS (
    SELECT FROM kit.audit a
    WHERE a.facts::json ->> 'sid' = s.sid AND a.action <> 'session_ended')
UNION ALL
SELECT p.id::text, 'is ' || p.status || ' and nobody is said to have done it'
FROM person p
WHERE p.status IN ('suspended', 'closed') AND NOT EXISTS (
    SELECT FROM kit.audit a WHERE a.record_id = p.id AND a.action = 'person_' || p.status)
