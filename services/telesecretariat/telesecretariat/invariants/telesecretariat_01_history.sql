-- A call is in one state; each change wrote one event, 1..version without a hole; nothing happens after its end.
SELECT c.id::text AS key, 'version ' || c.version || ', ' || count(e.seq) || ' events up to ' || coalesce(max(e.seq), 0) AS detail
FROM call c LEFT JOIN call_event e ON e.call_id = c.id
GROUP BY c.id, c.version
HAVING count(e.seq) <> c.version OR max(e.seq) <> c.version
UNION ALL
SELECT c.id::text, 'is ' || c.state || ', its last event says ' || e.state
FROM call c JOIN call_event e ON e.call_id = c.id AND e.seq = c.version
WHERE e.state <> c.state
UNION ALL
SELECT e.call_id::text, 'was ' || e.before || ', then ' || e.state
FROM (SELECT call_id, state, lag(state) OVER (PARTITION BY call_id ORDER BY seq) AS before FROM call_event) e
WHERE e.before IN ('completed', 'abandoned', 'overflowed', 'callback_requested', 'closed', 'refused', 'failed')
  AND e.state <> e.before
UNION ALL
SELECT c.id::text, 'is ' || c.state || CASE WHEN c.ended_at IS NULL THEN ' and did not end' ELSE ' and has ended' END
FROM call c
WHERE (c.ended_at IS NOT NULL) <> (c.state IN (
    'wrapping', 'completed', 'abandoned', 'overflowed', 'callback_requested', 'closed', 'refused', 'failed'))
