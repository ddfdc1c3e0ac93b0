-- No agent has two live calls at a time, no call goes from one agent to another without the queue or her own hand, no two offers are open.
WITH span AS (
    SELECT call_id, seq, kind, state, agent_id, at, lead(at) OVER w AS until, lag(state) OVER w AS before, lag(agent_id) OVER w AS by_before
    FROM call_event WINDOW w AS (PARTITION BY call_id ORDER BY seq)
), had AS (
    SELECT agent_id, call_id, at, until,
        max(coalesce(until, 'infinity')) OVER (PARTITION BY agent_id ORDER BY at, call_id, seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until,
        lag(call_id) OVER (PARTITION BY agent_id ORDER BY at, call_id, seq) AS call_before
    FROM span
    WHERE agent_id IS NOT NULL AND state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping')
)
SELECT agent_id::text AS key, 'has call ' || call_id || ' at ' || at || ' while call ' || call_before || ' lasts' AS detail
FROM had WHERE busy_until > at AND call_before <> call_id
UNION ALL
SELECT call_id::text, 'went from agent ' || by_before || ' to ' || agent_id || ' without the queue'
FROM span
WHERE agent_id <> by_before AND kind <> 'handed_to_agent'
  AND state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping')
  AND before IN ('connecting', 'talking', 'held', 'transferring', 'wrapping')
UNION ALL
SELECT agent_id::text, count(*) || ' live calls'
FROM call WHERE state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping') AND agent_id IS NOT NULL
GROUP BY agent_id HAVING count(*) > 1
UNION ALL
SELECT agent_id::text, count(*) || ' open offers' FROM offer WHERE state = 'open' GROUP BY agent_id HAVING count(*) > 1
UNION ALL
SELECT call_id::text, count(*) || ' open offers' FROM offer WHERE state = 'open' GROUP BY call_id HAVING count(*) > 1
UNION ALL
SELECT o.id::text, 'is open, its call is ' || c.state || ', its agent ' || a.work_state
FROM offer o JOIN call c ON c.id = o.call_id JOIN agent a ON a.id = o.agent_id
WHERE o.state = 'open' AND (c.state <> 'offered' OR a.work_state <> 'offered')
UNION ALL
SELECT c.id::text, 'is ' || c.state || ', its agent ' || coalesce(a.work_state, 'is nobody')
FROM call c LEFT JOIN agent a ON a.id = c.agent_id
WHERE NOT c.observed AND (
    (c.state IN ('connecting', 'talking', 'held', 'transferring') AND a.work_state IS DISTINCT FROM 'on_call')
    OR (c.state = 'wrapping' AND a.work_state IS DISTINCT FROM 'wrap_up'))
UNION ALL
SELECT c.id::text, 'is ' || c.state || ', consults agent ' || c.consulted_id || ', who is ' || coalesce(a.work_state, 'nobody')
FROM call c LEFT JOIN agent a ON a.id = c.consulted_id
WHERE c.consulted_id IS NOT NULL AND (c.state <> 'transferring' OR a.work_state IS DISTINCT FROM 'on_call')
