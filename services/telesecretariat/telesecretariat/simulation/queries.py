"""SQL of simulations, and of what a simulated line must know of the calls it holds."""

_SHOWN = """
SELECT s.id, s.organisation_id, s.line_id, s.day, s.seed, s.profile, s.speed, s.agents, s.agent_ids, s.calls,
    s.shows_from, s.shows_until, s.writes_messages, s.faults, s.state, s.began_at, s.ended_at,
    l.client_id, c.provider_id, l.number, l.time_zone, k.holiday_set
FROM simulation s JOIN line l ON l.id = s.line_id JOIN client c ON c.id = l.client_id
JOIN calendar k ON k.id = l.calendar_id
"""
RUNNING = _SHOWN + "WHERE s.state = 'running' ORDER BY s.id"
ON_ADAPTER = _SHOWN + "WHERE l.adapter_id = $1 AND s.state = 'running' ORDER BY s.id"
ONE = _SHOWN + "WHERE s.id = $1"
LATEST = _SHOWN + "WHERE s.line_id = $1 ORDER BY s.began_at DESC LIMIT 50"
LINE = """
SELECT l.id, l.organisation_id, l.client_id, l.time_zone, a.kind, c.provider_id
FROM line l JOIN telephony_adapter a ON a.id = l.adapter_id JOIN client c ON c.id = l.client_id
WHERE l.id = $1
"""
ADD = """
INSERT INTO simulation (id, organisation_id, line_id, day, seed, profile, speed, agents, agent_ids, calls, shows_from,
    shows_until, writes_messages, faults, state, began_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'running', $15)
ON CONFLICT (line_id) WHERE state = 'running' DO NOTHING RETURNING id
"""
END = "UPDATE simulation SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'running' RETURNING agent_ids"

# Simulated agents are known by the address of their device; one answers for one simulation at a time.
FREE_AGENTS = """
SELECT a.id FROM agent a
WHERE a.organisation_id = $1 AND a.device_address LIKE 'simulated/%' AND NOT EXISTS (
    SELECT FROM simulation s WHERE s.state = 'running' AND a.id = ANY (s.agent_ids))
ORDER BY a.created_at, a.id LIMIT $2 FOR NO KEY UPDATE
"""
ADD_AGENT = """
INSERT INTO agent (id, organisation_id, label, device_kind, device_address, device_ready, state_since, created_at)
VALUES ($1, $2, $3, 'phone', $4, true, $5, $5)
"""
ASSIGN = """
INSERT INTO agent_assignment (id, organisation_id, client_id, agent_id, during, created_at)
SELECT $1, $2, $3, $4, tstzrange($5::timestamptz, NULL), $5::timestamptz
WHERE NOT EXISTS (SELECT FROM agent_assignment
    WHERE client_id = $3 AND agent_id = $4 AND during && tstzrange($5::timestamptz, NULL))
"""
RELIEVE = """
UPDATE agent_assignment SET during = tstzrange(lower(during), $2::timestamptz), version = version + 1
WHERE agent_id = ANY ($1) AND during @> $2::timestamptz AND lower(during) < $2::timestamptz
"""

# The calls that a telephone system must hold, and what became of the callers of one simulation.
LIVE = """
SELECT provider_call_id, state, arrived_at, answered_at FROM call
WHERE adapter_id = $1 AND provider_call_id IS NOT NULL AND ended_by IS NULL
  AND state IN ('arrived', 'waiting', 'offered', 'connecting', 'talking', 'held', 'transferring')
"""
KNOWN = "SELECT provider_call_id, state FROM call WHERE adapter_id = $1 AND starts_with(provider_call_id, $2)"
# Whether a simulation runs, how many are still on its line, and how many of its callers have rung.
STANDS = """
SELECT state,
    (SELECT count(*) FROM call WHERE line_id = $2 AND arrived_at >= began_at AND provider_call_id LIKE $3) AS rang,
    (SELECT count(*) FROM call WHERE line_id = $2
    AND state IN ('arrived', 'waiting', 'offered', 'connecting', 'talking', 'held', 'transferring', 'wrapping')) AS left
FROM simulation WHERE id = $1
"""
# How the simulated agents stand, and what is in front of each; `about`: the name of the caller, also when called back.
CREW = """
SELECT a.id, a.presence, a.work_state, a.reason, o.call_id AS offered_call_id, c.id AS call_id, c.state,
    coalesce(first.provider_call_id, c.provider_call_id) AS about,
    EXISTS (SELECT FROM simulation s JOIN line l ON l.id = s.line_id
            WHERE s.state = 'running' AND a.id = ANY (s.agent_ids) AND l.distribution = 'pick') AS picks
FROM agent a
LEFT JOIN offer o ON o.agent_id = a.id AND o.state = 'open'
LEFT JOIN call c ON c.agent_id = a.id AND c.state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping')
LEFT JOIN call first ON first.id = c.about_call_id
WHERE a.id = ANY ($1)
"""
PRACTITIONERS = """
SELECT practitioner_id FROM practitioner_ref WHERE organisation_id = $1 AND active ORDER BY practitioner_id
"""
WRAP_UP_UNTIL = "SELECT wrap_up_until FROM call WHERE id = $1"
NOT_ACKNOWLEDGED = """
SELECT id FROM instruction_display WHERE call_id = $1 AND agent_id = $2 AND acknowledged_at IS NULL
"""
OPEN_FLAG = "SELECT id FROM red_flag WHERE call_id = $1 AND state <> 'closed'"
# Messages that wait for somebody who has an account of his own, and the call they come from.
INBOX = """
SELECT m.id, m.urgency, m.sent_at, m.organisation_id, p.person_id, c.provider_call_id
FROM message m JOIN practitioner_ref r ON r.practitioner_id = m.practitioner_id
JOIN person_ref p ON p.rpps = r.rpps LEFT JOIN call c ON c.id = m.call_id
WHERE m.client_id = $1 AND m.state IN ('sent', 'delivered', 'read')
"""
# Whom a callback is made to: the caller who asked for it, and how often he was rung before.
CALLED_BACK = """
SELECT o.provider_call_id, b.attempts FROM call c JOIN callback b ON b.id = c.callback_id
LEFT JOIN call o ON o.id = b.call_id WHERE c.id = $1
"""
