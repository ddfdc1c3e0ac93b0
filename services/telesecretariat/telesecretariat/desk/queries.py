"""SQL of the desk: what one agent works with, in few questions. Row-level security keeps it to her clients."""

OFFER = "SELECT id, call_id, opened_at, expires_at FROM offer WHERE agent_id = $1 AND state = 'open'"
# Her own call first, then who waits, in the order in which they are served.
CALLS = """
SELECT c.id, c.client_id, c.line_id, c.direction, c.state, c.version, c.agent_id, c.consulted_id,
    (SELECT a.label FROM agent a WHERE a.id = c.agent_id) AS agent_label,
    (SELECT a.label FROM agent a WHERE a.id = c.consulted_id) AS consulted_label,
    c.queued_at, c.priority_at, c.head_start, c.state_since, c.connect_deadline, c.wrap_up_until, c.estimate_s,
    c.returned, c.repeat_caller, c.callback_offered, c.required_skills, c.not_before, c.patient_id, c.motive, c.pick
FROM call c
WHERE (c.agent_id = $1 AND c.state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping'))
   OR (c.consulted_id = $1 AND c.state = 'transferring')
   OR (c.state IN ('waiting', 'offered') AND NOT c.observed
       AND c.client_id IN (SELECT client_id FROM agent_assignment WHERE agent_id = $1 AND during @> $2::timestamptz))
ORDER BY c.state IN ('waiting', 'offered'), c.priority_at, c.id LIMIT 1200
"""
WORK = """
SELECT
    ARRAY(SELECT to_jsonb(n) FROM (
        SELECT l.id, l.client_id, l.name, l.number, c.name AS client_name,
            CASE WHEN a.state = 'down' THEN a.since END AS down_since,
            coalesce(a.kind = 'simulated', false) AS simulated
        FROM line l JOIN client c ON c.id = l.client_id LEFT JOIN telephony_adapter a ON a.id = l.adapter_id
        WHERE l.active AND l.client_id IN
            (SELECT client_id FROM agent_assignment WHERE agent_id = $1 AND during @> $2::timestamptz)
        ORDER BY l.name, l.id LIMIT 200) n) AS lines,
    ARRAY(SELECT to_jsonb(b) FROM (
        SELECT id, client_id, line_id, state, attempts, not_before, expires_at, call_id, live_call_id, version
        FROM callback WHERE state IN ('open', 'dialling') ORDER BY priority_at, id LIMIT 200) b) AS callbacks,
    ARRAY(SELECT to_jsonb(t) FROM (
        SELECT id, client_id, kind, state, due_at, owner_id, call_id, version
        FROM task WHERE state IN ('open', 'taken') ORDER BY due_at, id LIMIT 200) t) AS tasks,
    ARRAY(SELECT to_jsonb(m) FROM (
        SELECT id, client_id, practitioner_id, urgency, state, due_at, level, version
        FROM message WHERE state IN ('sent', 'delivered', 'read') AND due_at < $2::timestamptz
        ORDER BY due_at, id LIMIT 200) m) AS messages,
    (SELECT count(*) FROM instruction_version v
     WHERE v.state = 'published' AND v.validity @> $2::timestamptz
       AND NOT EXISTS (SELECT FROM instruction_reading r WHERE r.agent_id = $1 AND r.version_id = v.id)
    ) AS unread
"""
