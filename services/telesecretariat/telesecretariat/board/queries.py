"""SQL of the floor: agents, lines with their queue and what the day has brought, what is late. Sets, in three
questions; row-level security keeps them to what the caller watches."""

# Who is there, with the call she has or is offered.
AGENTS = """
SELECT a.id, a.organisation_id, a.label, a.skills, a.presence, a.work_state, a.reason, a.state_since, a.idle_since,
    a.pending_state, a.pending_reason, a.wrap_up_until, a.version,
    coalesce(c.id, o.call_id) AS call_id, c.line_id, c.state AS call_state, c.state_since AS call_since,
    ARRAY(SELECT s.client_id FROM agent_assignment s
          WHERE s.agent_id = a.id AND s.during @> $1::timestamptz ORDER BY 1) AS client_ids
FROM agent a
LEFT JOIN call c ON c.agent_id = a.id AND c.state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping')
LEFT JOIN offer o ON o.agent_id = a.id AND o.state = 'open'
WHERE a.active OR a.presence <> 'offline'
ORDER BY a.label, a.id LIMIT 1000
"""


def _levels(prefix: str, since: str) -> str:
    """What the three levels are made of, over calls that arrived since; as in reports."""
    parts = {
        "answered": "c.answered_at IS NOT NULL",
        "abandoned": "c.gone",
        "short_abandoned": "c.gone AND c.short",
        "overflowed": "c.answered_at IS NULL AND c.state = 'overflowed'",
        "callback_requested": "c.answered_at IS NULL AND c.state = 'callback_requested'",
        "in_time": "c.answered_at IS NOT NULL AND c.wait_s <= cl.sl_threshold_s",
        "gone_in_time": "c.gone AND c.wait_s <= cl.sl_threshold_s",
    }
    return ", ".join(
        f"count(*) FILTER (WHERE c.arrived_at >= {since} AND {part}) AS {prefix}_{name}" for name, part in parts.items()
    )


# `OFFSET 0`: the day's first instant is reckoned once for each line, not for each call.
# $1 now; $2 half an hour, $3 an hour and a half before: who was handled in the last half hour arrived after that. Who
# waits for a callback has a place in the queue and does not wait on the line.
LINES = f"""
WITH queue AS MATERIALIZED (
    SELECT line_id, client_id, count(*) AS queued, count(*) FILTER (WHERE direction <> 'callback') AS waiting,
        min(queued_at) FILTER (WHERE direction <> 'callback') AS waits_since
    FROM call WHERE state IN ('waiting', 'offered') GROUP BY 1, 2
), by_client AS (
    SELECT client_id, sum(queued)::int AS queued FROM queue GROUP BY 1
)
SELECT l.id, l.client_id, l.name, l.mode, l.adapter_id, l.required_skills, l.time_zone,
    k.weekly, k.holiday_set, k.exceptions, cl.sl_threshold_s, cl.sl_goal,
    coalesce(q.waiting, 0) AS waiting, q.waits_since, coalesce(b.queued, 0) AS ahead, day.*
FROM line l JOIN calendar k ON k.id = l.calendar_id JOIN client cl ON cl.id = l.client_id
LEFT JOIN queue q ON q.line_id = l.id LEFT JOIN by_client b ON b.client_id = l.client_id
CROSS JOIN LATERAL (
    SELECT date_trunc('day', $1::timestamptz AT TIME ZONE l.time_zone) AT TIME ZONE l.time_zone AS begins
    OFFSET 0
) today
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE c.arrived_at >= today.begins) AS received,
        coalesce(avg(c.handled_s) FILTER (WHERE c.state = 'completed' AND c.ended_at >= $2::timestamptz), 165)
            AS handling_s,
        {_levels("day", "today.begins")},
        {_levels("half_hour", "$2::timestamptz")}
    FROM (
        SELECT c.arrived_at, c.state, c.short, c.wait_s, c.answered_at, c.ended_at,
            c.talk_s + c.hold_s + c.wrap_s AS handled_s,
            c.answered_at IS NULL AND c.state = 'abandoned' AND c.queued_at IS NOT NULL AS gone
        FROM call c
        WHERE c.line_id = l.id AND c.direction = 'inbound' AND c.arrived_at >= least(today.begins, $3::timestamptz)
    ) c
) day
WHERE l.active ORDER BY l.name, l.id
"""
# $1 now, $2 since when a callback is late, $3 since when unclassified calls are shown.
LATE = """
SELECT
    ARRAY(SELECT to_jsonb(m) FROM (
        SELECT urgency, level, count(*) AS count, min(due_at) AS due_at FROM message
        WHERE state IN ('sent', 'delivered', 'read') AND (level > 0 OR due_at < $1::timestamptz)
        GROUP BY urgency, level ORDER BY level DESC, urgency) m) AS message_levels,
    ARRAY(SELECT to_jsonb(m) FROM (
        SELECT id, client_id, practitioner_id, urgency, state, due_at, level, version FROM message
        WHERE state IN ('sent', 'delivered', 'read') AND (level > 0 OR due_at < $1::timestamptz)
        ORDER BY level DESC, due_at, id LIMIT 100) m) AS messages,
    ARRAY(SELECT to_jsonb(b) FROM (
        SELECT line_id, count(*) AS open, count(*) FILTER (WHERE state = 'dialling') AS dialling,
            count(*) FILTER (WHERE created_at < $2::timestamptz) AS late, min(created_at) AS since
        FROM callback WHERE state IN ('open', 'dialling') GROUP BY line_id ORDER BY line_id) b) AS callbacks,
    ARRAY(SELECT to_jsonb(t) FROM (
        SELECT id, client_id, kind, state, due_at, owner_id, call_id, version FROM task
        WHERE state IN ('open', 'taken') AND due_at < $1::timestamptz
        ORDER BY due_at, id LIMIT 100) t) AS tasks,
    ARRAY(SELECT to_jsonb(c) FROM (
        SELECT id, client_id, line_id, ended_at, version FROM call
        WHERE outcome = 'unclassified' AND NOT supervisor_told AND ended_at >= $3::timestamptz
        ORDER BY ended_at DESC, id LIMIT 100) c) AS unclassified,
    ARRAY(SELECT to_jsonb(r) FROM (
        SELECT id, client_id, call_id, agent_id, state, opened_at, version FROM red_flag
        WHERE state <> 'closed' ORDER BY opened_at, id LIMIT 100) r) AS red_flags,
    ARRAY(SELECT to_jsonb(t) FROM (
        SELECT id, kind, since FROM telephony_adapter WHERE state = 'down' ORDER BY id) t) AS adapters_down
"""
