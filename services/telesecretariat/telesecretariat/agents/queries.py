"""SQL of agents. A change of state ends one interval and begins the next in the same statement."""

MUTABLE = (
    "label",
    "skills",
    "device_kind",
    "device_address",
    "device_ready",
    "presence",
    "work_state",
    "reason",
    "pending_state",
    "pending_reason",
    "restore_state",
    "idle_since",
    "state_since",
    "wrap_up_until",
    "wrap_up_extensions",
    "desk_id",
    "desk_sid",
    "seen_at",
    "calls_today",
    "counted_on",
    "active",
)
LOCK = "SELECT * FROM agent WHERE id = $1 FOR NO KEY UPDATE"
AGENT = "SELECT * FROM agent WHERE id = $1"
CHANGE = """
UPDATE agent SET version = version + 1,
    label = $3, skills = $4, device_kind = $5, device_address = $6, device_ready = $7, presence = $8, work_state
    = $9, reason = $10, pending_state = $11, pending_reason = $12, restore_state = $13, idle_since = $14,
    state_since = $15, wrap_up_until = $16, wrap_up_extensions = $17, desk_id = $18, desk_sid = $19, seen_at =
    $20, calls_today = $21, counted_on = $22, active = $23
WHERE id = $1 AND version = $2 RETURNING version
"""
END_INTERVAL = """
UPDATE agent_interval SET during = tstzrange(lower(during), greatest($2, lower(during) + interval '1 microsecond'))
WHERE agent_id = $1 AND upper_inf(during)
"""
BEGIN_INTERVAL = """
INSERT INTO agent_interval (id, organisation_id, agent_id, during, presence, work_state, reason, call_id)
VALUES ($1, $2, $3, tstzrange(greatest($4, coalesce((SELECT max(upper(during)) FROM agent_interval
    WHERE agent_id = $3 AND upper(during) >= $4), $4)), NULL), $5, $6, $7, $8)
"""
