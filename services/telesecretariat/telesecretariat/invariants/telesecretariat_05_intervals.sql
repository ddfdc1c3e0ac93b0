-- An agent's intervals touch and never overlap, the open one shows her as she is; a number has one open callback on a line.
WITH line_up AS (
    SELECT id, agent_id, during, lag(during) OVER (PARTITION BY agent_id ORDER BY lower(during)) AS before FROM agent_interval
)
SELECT agent_id::text AS key, 'intervals overlap at ' || lower(during) AS detail
FROM line_up WHERE upper(before) > lower(during) OR upper_inf(before)
UNION ALL
-- Events stay in the outbox for some days: what was a gap must have been told as an absence.
SELECT l.agent_id::text, 'nothing is known from ' || upper(l.before) || ' to ' || lower(l.during)
FROM line_up l
WHERE upper(l.before) < lower(l.during) AND upper(l.before) > kit_now() - interval '5 days' AND NOT EXISTS (
    SELECT FROM kit.outbox o
    WHERE o.subject_id = l.agent_id AND o.type = 'telesecretariat.agent_changed.v1'
      AND o.payload::jsonb ->> 'presence' = 'offline'
      AND o.occurred_at BETWEEN upper(l.before) - interval '1 second' AND upper(l.before) + interval '1 second')
UNION ALL
SELECT a.id::text, 'is ' || a.presence || ' ' || a.work_state || ', the open interval says ' || coalesce(i.presence || ' ' || i.work_state, 'nothing')
FROM agent a LEFT JOIN agent_interval i ON i.agent_id = a.id AND upper_inf(i.during)
WHERE CASE WHEN a.presence = 'offline' AND a.work_state = 'not_ready' THEN i.id IS NOT NULL
           ELSE (i.presence, i.work_state) IS DISTINCT FROM (a.presence, a.work_state) END
UNION ALL
SELECT line_id::text, count(*) || ' open callbacks to one number'
FROM callback WHERE state IN ('open', 'dialling') AND number_hash IS NOT NULL
GROUP BY line_id, number_hash HAVING count(*) > 1
