-- In the last day no call waited over 2 s while a capable agent was ready, and nobody was overtaken without a written head start.
-- A demonstration whose clock runs faster may allow more: maillage.dispatch_s, seconds.
WITH waited AS MATERIALIZED (
    SELECT c.*, greatest(e.at, coalesce(c.not_before, e.at)) AS since, coalesce(e.until, kit_now()) AS until, e.next_state
    FROM (SELECT call_id, state, at, lead(at) OVER w AS until, lead(state) OVER w AS next_state, lag(state) OVER w AS before
          FROM call_event WHERE at > kit_now() - interval '1 day' WINDOW w AS (PARTITION BY call_id ORDER BY seq)) e
    JOIN call c ON c.id = e.call_id
    WHERE e.state = 'waiting' AND NOT c.pick AND NOT c.observed
), free AS MATERIALIZED (
    SELECT i.agent_id, a.skills, s.client_id, lower(i.during * s.during) AS since, least(coalesce(upper(i.during * s.during), 'infinity'), kit_now()) AS until
    FROM agent_interval i JOIN agent a ON a.id = i.agent_id
    JOIN agent_assignment s ON s.agent_id = i.agent_id AND s.during && i.during
    JOIN client t ON t.id = s.client_id AND t.valid @> lower(i.during * s.during)
    WHERE i.work_state = 'ready' AND i.presence = 'online'
      AND i.during && tstzrange(kit_now() - interval '1 day', NULL)
), patience AS MATERIALIZED (
    SELECT coalesce(nullif(current_setting('maillage.dispatch_s', true), ''), '2')::float8 * interval '1 second' AS most
)
SELECT w.id::text AS key,
    'waited ' || round(extract(epoch FROM least(w.until, f.until) - greatest(w.since, f.since)), 1)
    || ' s from ' || greatest(w.since, f.since) || ' while agent ' || f.agent_id || ' was ready' AS detail
FROM waited w JOIN free f ON f.client_id = w.client_id
    AND least(w.until, f.until) - greatest(w.since, f.since) > (SELECT most FROM patience)
WHERE w.required_skills <@ f.skills AND (w.preferred_skills <@ f.skills OR w.relax_at <= greatest(w.since, f.since))
UNION ALL
SELECT w.id::text, 'was overtaken at ' || later.until || ' by ' || later.id
FROM waited w JOIN waited later ON later.line_id = w.line_id AND later.id <> w.id
    AND later.priority_at > w.priority_at AND later.next_state = 'offered'
    AND later.until > w.since + (SELECT most FROM patience) AND w.until > later.until + (SELECT most FROM patience)
WHERE w.returned = 0 AND later.returned = 0 AND w.direction = 'inbound' AND later.direction = 'inbound'
  AND w.required_skills = later.required_skills AND w.preferred_skills = later.preferred_skills
