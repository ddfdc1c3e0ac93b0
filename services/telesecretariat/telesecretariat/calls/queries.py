"""SQL of calls. A change writes the call and its event in one statement; the version must be the one that was read."""

MUTABLE = (
    "handled_by",
    "state",
    "provider_call_id",
    "number_sealed",
    "number_hash",
    "queued_at",
    "priority_at",
    "head_start",
    "required_skills",
    "preferred_skills",
    "relax_at",
    "not_before",
    "pick",
    "agent_id",
    "desk_id",
    "connect_deadline",
    "wrap_up_until",
    "state_since",
    "answered_at",
    "left_queue_at",
    "ended_at",
    "ended_by",
    "short",
    "returned",
    "wait_s",
    "talk_s",
    "hold_s",
    "wrap_s",
    "estimate_s",
    "callback_offered",
    "overflow_step",
    "repeat_caller",
    "caller_kind",
    "patient_id",
    "site_id",
    "practitioner_id",
    "motive",
    "note_sealed",
    "outcome",
    "outcome_by",
    "supervisor_told",
    "transferred_to",
    "callback_id",
    "missing_since",
    "consulted_id",
)
LOCK = "SELECT * FROM call WHERE id = $1 FOR NO KEY UPDATE"
LOCK_OF_PROVIDER = "SELECT * FROM call WHERE adapter_id = $1 AND provider_call_id = $2 FOR NO KEY UPDATE"
CALL = "SELECT * FROM call WHERE id = $1"
CHANGE = """
WITH changed AS (
    UPDATE call SET version = version + 1,
    handled_by = $3, state = $4, provider_call_id = $5, number_sealed = $6, number_hash = $7, queued_at = $8,
    priority_at = $9, head_start = $10, required_skills = $11, preferred_skills = $12, relax_at = $13,
    not_before = $14, pick = $15, agent_id = $16, desk_id = $17, connect_deadline = $18, wrap_up_until = $19,
    state_since = $20, answered_at = $21, left_queue_at = $22, ended_at = $23, ended_by = $24, short = $25,
    returned = $26, wait_s = $27, talk_s = $28, hold_s = $29, wrap_s = $30, estimate_s = $31, callback_offered =
    $32, overflow_step = $33, repeat_caller = $34, caller_kind = $35, patient_id = $36, site_id = $37,
    practitioner_id = $38, motive = $39, note_sealed = $40, outcome = $41, outcome_by = $42, supervisor_told =
    $43, transferred_to = $44, callback_id = $45, missing_since = $46, consulted_id = $47
    WHERE id = $1 AND version = $2 RETURNING id, organisation_id, client_id, version, state, agent_id
), told AS (
    INSERT INTO call_event (call_id, seq, organisation_id, client_id, at, kind, state, agent_id, facts)
    SELECT id, version, organisation_id, client_id, $48, $49, state, coalesce(agent_id, $50), $51 FROM changed
)
SELECT version FROM changed
"""
ADD = """
WITH added AS (
    INSERT INTO call (
    id, organisation_id, client_id, line_id, adapter_id, direction, observed, arrived_at, created_at,
    about_call_id, handled_by, state, provider_call_id, number_sealed, number_hash, queued_at, priority_at,
    head_start, required_skills, preferred_skills, relax_at, not_before, pick, agent_id, desk_id,
    connect_deadline, wrap_up_until, state_since, answered_at, left_queue_at, ended_at, ended_by, short,
    returned, wait_s, talk_s, hold_s, wrap_s, estimate_s, callback_offered, overflow_step, repeat_caller,
    caller_kind, patient_id, site_id, practitioner_id, motive, note_sealed, outcome, outcome_by,
    supervisor_told, transferred_to, callback_id, missing_since, consulted_id, version)
    VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44,
    $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, 1)
    RETURNING id, organisation_id, client_id, state, agent_id
)
INSERT INTO call_event (call_id, seq, organisation_id, client_id, at, kind, state, agent_id, facts)
SELECT id, 1, organisation_id, client_id, $56, $57, state, agent_id, $58 FROM added
"""
PUT_APPOINTMENT = """
INSERT INTO call_appointment AS c
    (appointment_id, organisation_id, call_id, patient_id, status, starts_at, event_id, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (appointment_id) DO UPDATE SET status = excluded.status, starts_at = excluded.starts_at,
    event_id = excluded.event_id, version = excluded.version
WHERE c.version < excluded.version
"""

WRAP_UP_S = "SELECT wrap_up_s FROM line WHERE id = $1"
SHORT_ABANDON_S = "SELECT short_abandon_s FROM client WHERE id = $1"
MONITORED = "SELECT monitoring_declared FROM client WHERE id = $1"
RECORDED = "SELECT recording_declared FROM client WHERE id = $1"
BARRED = "SELECT EXISTS (SELECT FROM known_number WHERE client_id = $1 AND number_hash = $2 AND kind = 'barred')"

# --- overflow and what is announced to who waits ---
CROWDED = """
SELECT c.id, c.line_id FROM call c JOIN line l ON l.id = c.line_id
WHERE c.state = 'waiting' AND c.direction = 'inbound' AND NOT c.observed
  AND c.overflow_step < jsonb_array_length(l.overflow_rules)
ORDER BY c.priority_at, c.id LIMIT 500
"""
CROWD = """
SELECT count(*) AS waiting,
    (SELECT count(DISTINCT a.id) FROM agent a JOIN agent_assignment s ON s.agent_id = a.id
     WHERE s.client_id = $2 AND s.during @> $3::timestamptz AND a.presence = 'online') AS agents
FROM call WHERE line_id = $1 AND state = 'waiting' AND direction = 'inbound'
"""
PLACE = """
SELECT count(*) FROM call w WHERE w.line_id = $1 AND w.state IN ('waiting', 'offered')
    AND (w.priority_at, w.id) <= ($2::timestamptz, $3::uuid)
"""
WAITED_ON = "SELECT DISTINCT line_id FROM call WHERE state = 'waiting' AND direction = 'inbound' AND NOT observed"
WAITING_ON = """
SELECT id, queued_at FROM call WHERE line_id = $1 AND state = 'waiting' AND direction = 'inbound' AND NOT observed
ORDER BY priority_at, id
"""
# Who has heard nothing from us since $1: he is told his place.
UNTOLD = """
SELECT c.id FROM call c
WHERE c.state = 'waiting' AND c.direction = 'inbound' AND NOT c.observed AND c.queued_at <= $1
  AND NOT EXISTS (SELECT FROM telephony_command t
                  WHERE t.call_id = c.id AND t.kind = 'announce' AND t.created_at > $1)
ORDER BY c.priority_at, c.id LIMIT 200
"""

# --- deadlines ---
UNCONNECTED = """
SELECT id FROM call WHERE state IN ('connecting', 'transferring') AND connect_deadline <= $1
ORDER BY connect_deadline LIMIT 100
"""
UNWRITTEN = """
SELECT c.id FROM call c WHERE c.state = 'wrapping' AND c.wrap_up_until <= $1
  AND NOT EXISTS (SELECT FROM red_flag r WHERE r.call_id = c.id AND r.state <> 'closed')
ORDER BY c.wrap_up_until LIMIT 100
"""

# --- wrap-up ---
# What became of the appointments of a call: one booked or moved counts more than one cancelled.
BOOKED = """
SELECT CASE WHEN status = 'cancelled' THEN 'cancelled' WHEN version > 1 THEN 'moved' ELSE 'booked' END
FROM call_appointment WHERE call_id = $1 ORDER BY (status = 'cancelled'), version DESC LIMIT 1
"""
IS_OUTCOME = """
SELECT EXISTS (SELECT FROM catalogue_entry WHERE organisation_id = $1 AND kind = 'outcome' AND code = $2 AND active)
"""

# --- monitoring and recording ---
BEGIN_MONITORING = """
INSERT INTO monitoring (id, organisation_id, client_id, call_id, supervisor_id, mode, purpose, began_at, until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (call_id, supervisor_id) WHERE ended_at IS NULL DO NOTHING
RETURNING id
"""
MONITORING_OF = "SELECT * FROM monitoring WHERE call_id = $1 AND supervisor_id = $2 AND ended_at IS NULL"
END_MONITORING = """
UPDATE monitoring SET ended_at = $2
WHERE call_id = $1 AND ended_at IS NULL AND ($3::uuid IS NULL OR supervisor_id = $3) RETURNING id
"""
END_ONE_MONITORING = """
UPDATE monitoring SET ended_at = $2 WHERE call_id = $1 AND ended_at IS NULL AND id::text = $3 RETURNING id
"""
MONITORING_DUE = "SELECT DISTINCT call_id FROM monitoring WHERE ended_at IS NULL AND until <= $1 LIMIT 100"
BEGIN_RECORDING = """
INSERT INTO recording (id, organisation_id, client_id, call_id, provider_ref, began_at, purge_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
RECORDING_OF = "SELECT id FROM recording WHERE call_id = $1 AND NOT objected ORDER BY began_at DESC LIMIT 1"
# Six months at most, whatever was said. One that failed or was forgotten is asked for again.
RECORDINGS_DUE = """
SELECT r.id, r.call_id FROM recording r JOIN client k ON k.id = r.client_id
WHERE r.deleted_at IS NULL AND least(r.purge_at,
    r.began_at + coalesce((k.retention ->> 'recording_days')::int, $2) * interval '1 day') <= $1::timestamptz
  AND NOT EXISTS (SELECT FROM telephony_command t
                  WHERE t.id = r.delete_command_id AND t.state IN ('pending', 'sent'))
ORDER BY r.purge_at LIMIT 1000
"""
DELETION_ASKED = """
UPDATE recording SET delete_command_id = $2, purged_at = coalesce(purged_at, $3) WHERE id = $1
"""
DELETED = "UPDATE recording SET deleted_at = $2 WHERE delete_command_id = $1 AND deleted_at IS NULL"
OBJECTED = "UPDATE recording SET objected = true, purge_at = $2 WHERE id = $1"

# --- what an agent does ---
PRESENCE = "SELECT presence FROM agent WHERE id = $1"
COLLEAGUES = """
SELECT a.id, a.label, a.idle_since FROM agent a JOIN agent_assignment s ON s.agent_id = a.id
WHERE a.id <> $1 AND s.client_id = $2 AND s.during @> $3::timestamptz AND a.active
  AND a.presence = 'online' AND a.work_state = 'ready' AND a.device_ready
ORDER BY a.idle_since, a.id LIMIT 200
"""
MAY_TAKE_OVER = """
SELECT EXISTS (SELECT FROM agent a JOIN agent_assignment s ON s.agent_id = a.id
               WHERE a.id = $1 AND s.client_id = $2 AND s.during @> $3::timestamptz
                 AND a.presence = 'online' AND a.work_state = 'ready' AND a.device_ready)
"""
