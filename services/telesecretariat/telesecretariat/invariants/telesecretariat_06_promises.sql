-- Every message is acknowledged or escalated by its deadline; no call is completed while its red flag is open.
SELECT m.id::text AS key, 'is ' || m.state || ' at level ' || m.level || CASE WHEN m.due_at IS NULL THEN ' without a deadline' ELSE ', was due at ' || m.due_at END AS detail
FROM message m
WHERE m.state IN ('sent', 'delivered', 'read') AND (m.due_at < kit_now() - interval '1 minute' OR (m.due_at IS NULL AND m.level < 3))
UNION ALL
SELECT f.id::text, 'is ' || f.state || ', its call ' || c.state
FROM red_flag f JOIN call c ON c.id = f.call_id
WHERE f.state <> 'closed' AND c.state = 'completed'
