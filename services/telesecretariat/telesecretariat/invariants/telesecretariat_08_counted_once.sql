-- Who was queued was answered, abandoned, overflowed or is called back; who was answered went back to the queue before another end.
SELECT c.id::text AS key, 'is ' || c.state || CASE WHEN c.answered_at IS NULL THEN ', never answered' ELSE ', answered at ' || c.answered_at END AS detail
FROM call c
WHERE c.direction = 'inbound' AND c.queued_at IS NOT NULL AND NOT c.observed AND (
    (c.state = 'completed' AND c.answered_at IS NULL)
    OR (c.state IN ('abandoned', 'overflowed', 'callback_requested', 'closed', 'refused') AND c.answered_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM call_event e
                        WHERE e.call_id = c.id AND e.at > c.answered_at AND e.state IN ('connecting', 'waiting'))))
UNION ALL
SELECT c.id::text, 'is ' || c.state || ' and was never queued'
FROM call c
WHERE c.direction = 'inbound' AND c.queued_at IS NULL AND NOT c.observed
  AND c.state IN ('waiting', 'offered', 'overflowed', 'callback_requested')
UNION ALL
SELECT c.id::text, 'was answered ' || c.wait_s || ' s after it was queued at ' || c.queued_at
FROM call c
WHERE c.answered_at IS NOT NULL AND c.queued_at IS NOT NULL AND abs(extract(epoch FROM c.answered_at - c.queued_at) - c.wait_s) > 1
