"""SQL of the queue: what a caller's place depends on, who is offered a call, who takes one.

Marking is done by one statement that locks with SKIP LOCKED and writes call, event, agent and interval: the same as
`calls.changing.happen` and `agents.changing.be` do, in one round trip.
"""

QUEUE_FACTS = """
SELECT (SELECT count(*) FROM call WHERE line_id = $1 AND state IN ('waiting', 'offered') AND id <> $8) AS waiting,
       ARRAY(SELECT priority_at FROM call WHERE client_id = $2 AND state IN ('waiting', 'offered') AND id <> $8
             AND priority_at IS NOT NULL) AS places,
       EXISTS (SELECT FROM known_number WHERE client_id = $2 AND number_hash = $3 AND kind = 'professional')
           AS professional,
       (SELECT wait_s FROM call WHERE organisation_id = (SELECT organisation_id FROM client WHERE id = $2)
            AND number_hash = $3 AND line_id = $1 AND state = 'abandoned' AND ended_at >= $4
            ORDER BY ended_at DESC LIMIT 1) AS gave_up_after_s,
       (SELECT coalesce(avg(talk_s + hold_s + wrap_s), 165) FROM call
            WHERE line_id = $1 AND arrived_at >= $5::timestamptz - interval '1 hour'
              AND state = 'completed' AND ended_at >= $5
        ) AS handling_s,
       (SELECT count(*) FROM agent a WHERE a.presence = 'online' AND a.active AND $6 <@ a.skills
            AND EXISTS (SELECT FROM agent_assignment s
                        WHERE s.agent_id = a.id AND s.client_id = $2 AND s.during @> $7::timestamptz)) AS agents
"""
HEAD_STARTS = "SELECT head_starts FROM line WHERE id = $1"
CALL_OF_AGENT = """
SELECT held.id, a.device_kind FROM (
    SELECT id FROM call
    WHERE agent_id = $1 AND state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping')
    UNION ALL SELECT call_id FROM offer WHERE agent_id = $1 AND state = 'open') held, agent a
WHERE a.id = $1 LIMIT 1
"""
CONSULTED_ON = """
SELECT c.id, a.device_kind, c.connect_deadline IS NOT NULL AS rings
FROM call c JOIN agent a ON a.id = c.consulted_id WHERE c.consulted_id = $1 AND c.state = 'transferring'
"""
END_OFFER = """
UPDATE offer SET state = $2, closed_at = $3 WHERE call_id = $1 AND state = 'open' RETURNING id, agent_id, expires_at
"""

# What a claim writes once `found` (the call) and `me` (the agent) are locked: $1 agent, $2 now, $3 id of the interval,
# $4 id of the command, $5 until when the telephone rings, $6 until when the command makes sense, $7 the day.
_TAKEN = """
taken AS (
    UPDATE call c SET version = c.version + 1, state = 'connecting', agent_id = $1, desk_id = me.desk_id,
        connect_deadline = $5, state_since = $2, left_queue_at = $2
    FROM found, me WHERE c.id = found.id
    RETURNING c.id, c.organisation_id, c.client_id, c.line_id, c.adapter_id, c.direction, c.version, c.number_sealed,
        c.queued_at, c.priority_at, c.head_start, c.connect_deadline, c.left_queue_at, c.agent_id, c.state, found.before
), told AS (
    INSERT INTO call_event (call_id, seq, organisation_id, client_id, at, kind, state, agent_id, facts)
    SELECT id, version, organisation_id, client_id, $2, 'claimed', 'connecting', $1, '{}' FROM taken
), busy AS (
    UPDATE agent a SET version = a.version + 1, work_state = 'on_call', reason = NULL, state_since = $2,
        calls_today = CASE WHEN a.counted_on = $7 THEN a.calls_today + 1 ELSE 1 END, counted_on = $7
    FROM taken WHERE a.id = $1
    RETURNING a.id, a.organisation_id, a.version, a.presence, a.pending_state
), ended AS (
    UPDATE agent_interval i
    SET during = tstzrange(lower(i.during), greatest($2, lower(i.during) + interval '1 microsecond'))
    FROM busy WHERE i.agent_id = busy.id AND upper_inf(i.during)
    RETURNING upper(i.during) AS at
), began AS (
    INSERT INTO agent_interval (id, organisation_id, agent_id, during, presence, work_state, call_id)
    SELECT $3, busy.organisation_id, busy.id, tstzrange(coalesce((SELECT at FROM ended), $2), NULL), busy.presence,
        'on_call', taken.id FROM busy, taken
), rung AS (
    INSERT INTO telephony_command
        (id, organisation_id, adapter_id, call_id, kind, arguments_sealed, created_at, expires_at)
    SELECT $4, taken.organisation_id, taken.adapter_id, taken.id, 'ring_agent', me.ring_sealed, $2, $6
    FROM taken, me WHERE me.ring_sealed IS NOT NULL
)
"""
_ME = """
SELECT a.id, a.desk_id, a.skills, a.ring_sealed, a.device_kind, a.device_address FROM agent a
WHERE a.id = $1 AND a.presence = 'online' AND a.active AND a.device_ready
"""
_SHOW_TAKEN = """
SELECT taken.*, busy.organisation_id AS employer, busy.version AS agent_version, busy.pending_state,
    me.ring_sealed IS NOT NULL AS rung, me.device_kind, me.device_address
"""
# The first call of those that she may serve; those that others are taking are passed over.
NEXT = (
    "WITH me AS MATERIALIZED ("
    + _ME
    + """ AND a.work_state = 'ready' FOR NO KEY UPDATE
), found AS MATERIALIZED (
    SELECT c.id, c.state AS before FROM call c
    WHERE c.state = 'waiting' AND NOT c.observed AND EXISTS (SELECT FROM me)
      AND c.client_id = ANY (ARRAY(SELECT client_id FROM agent_assignment
                                   WHERE agent_id = $1 AND during @> $2::timestamptz))
      AND (c.not_before IS NULL OR c.not_before <= $2)
      AND c.required_skills <@ (SELECT skills FROM me)
      AND (c.relax_at IS NULL OR c.relax_at <= $2 OR c.preferred_skills <@ (SELECT skills FROM me))
    ORDER BY c.priority_at, c.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
), """
    + _TAKEN
    + _SHOW_TAKEN
    + ", NULL::uuid AS offer_id, NULL::timestamptz AS expires_at FROM taken, busy, me"
)
# One call ($8), waiting or offered to her. Who comes second waits for the first and then finds it taken.
CLAIM = (
    """
WITH found AS MATERIALIZED (
    SELECT c.id, c.state AS before, c.required_skills FROM call c
    WHERE c.id = $8 AND NOT c.observed AND (c.state = 'waiting' OR (c.state = 'offered' AND c.agent_id = $1))
      AND c.client_id = ANY (ARRAY(SELECT client_id FROM agent_assignment
                                   WHERE agent_id = $1 AND during @> $2::timestamptz))
    FOR NO KEY UPDATE
), me AS MATERIALIZED ("""
    + _ME
    + """
      AND a.work_state = (SELECT CASE before WHEN 'offered' THEN 'offered' ELSE 'ready' END FROM found)
      AND a.skills @> (SELECT required_skills FROM found)
    FOR NO KEY UPDATE
), """
    + _TAKEN
    + """, accepted AS (
    UPDATE offer o SET state = 'accepted', closed_at = $2 FROM taken
    WHERE o.call_id = taken.id AND o.state = 'open' RETURNING o.id, o.expires_at
)"""
    + _SHOW_TAKEN
    + """, accepted.id AS offer_id, accepted.expires_at
FROM taken CROSS JOIN busy CROSS JOIN me LEFT JOIN accepted ON true"""
)
# Why a claim found nothing: the call as it is, who has it, and the agent who asked.
WHY_NOT = """
SELECT c.id, c.client_id, c.line_id, c.direction, c.state, c.version, c.observed, c.number_sealed, c.queued_at,
    c.head_start, c.connect_deadline, c.left_queue_at, c.state_since, c.agent_id, c.organisation_id, c.required_skills,
    w.label AS winner
FROM call c LEFT JOIN agent w ON w.id = c.agent_id WHERE c.id = $1
"""
ASKER = """
SELECT a.presence, a.work_state, a.device_ready, a.active, a.skills, a.desk_id,
    (SELECT call_id FROM offer WHERE agent_id = a.id AND state = 'open') AS offered,
    (SELECT id FROM call WHERE agent_id = a.id AND state = 'connecting') AS connecting
FROM agent a WHERE a.id = $1
"""
DESK_OF = "SELECT desk_id FROM agent WHERE id = $1"

# --- offers -------------------------------------------------------------------------------------------------------

# Nobody, and next to no work, while no call is to be offered.
READY = """
SELECT a.id, a.skills, a.idle_since, CASE WHEN a.counted_on = $2 THEN a.calls_today ELSE 0 END AS calls_today,
    ARRAY(SELECT client_id FROM agent_assignment s WHERE s.agent_id = a.id AND s.during @> $1::timestamptz) AS clients
FROM agent a WHERE a.work_state = 'ready' AND a.presence = 'online' AND a.device_ready AND a.active
    AND EXISTS (SELECT FROM call WHERE state = 'waiting' AND NOT pick AND NOT observed)
"""
TO_OFFER = """
SELECT c.id, c.client_id, c.required_skills,
    CASE WHEN c.relax_at IS NULL OR c.relax_at <= $1 THEN '{}' ELSE c.preferred_skills END AS preferred_skills,
    l.strategy
FROM call c JOIN line l ON l.id = c.line_id
WHERE c.state = 'waiting' AND NOT c.pick AND NOT c.observed AND c.client_id = ANY ($2)
  AND (c.not_before IS NULL OR c.not_before <= $1)
ORDER BY c.priority_at, c.id LIMIT 5000
"""
# Calls ($1) to agents ($2), with ids for offers ($3) and intervals ($4): those of both that are still free at $5.
OFFER = """
WITH asked AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS p (call_id, agent_id, offer_id, interval_id)
), calls AS MATERIALIZED (
    SELECT c.id, c.organisation_id, c.client_id, c.line_id, c.priority_at,
        $5::timestamptz + l.offer_s * interval '1 second' AS expires_at
    FROM call c JOIN line l ON l.id = c.line_id
    WHERE c.id = ANY ($1) AND c.state = 'waiting' FOR NO KEY UPDATE OF c SKIP LOCKED
), agents AS MATERIALIZED (
    SELECT a.id, a.organisation_id, a.presence, a.pending_state FROM agent a
    WHERE a.id = ANY ($2) AND a.work_state = 'ready' AND a.presence = 'online' AND a.device_ready
      AND EXISTS (SELECT FROM calls)
    FOR NO KEY UPDATE OF a SKIP LOCKED
), pairs AS MATERIALIZED (
    SELECT p.*, c.organisation_id, c.client_id, c.line_id, c.priority_at, c.expires_at,
        a.organisation_id AS employer, a.pending_state
    FROM asked p JOIN calls c ON c.id = p.call_id JOIN agents a ON a.id = p.agent_id
), offered AS (
    INSERT INTO offer (id, organisation_id, client_id, call_id, agent_id, opened_at, expires_at)
    SELECT offer_id, organisation_id, client_id, call_id, agent_id, $5, expires_at FROM pairs
), marked AS (
    UPDATE call c SET version = c.version + 1, state = 'offered', state_since = $5, agent_id = p.agent_id
    FROM pairs p WHERE c.id = p.call_id RETURNING c.id, c.version
), told AS (
    INSERT INTO call_event (call_id, seq, organisation_id, client_id, at, kind, state, agent_id, facts)
    SELECT p.call_id, m.version, p.organisation_id, p.client_id, $5, 'offered', 'offered', p.agent_id,
        jsonb_build_object('offer_id', p.offer_id)
    FROM pairs p JOIN marked m ON m.id = p.call_id
), busy AS (
    UPDATE agent a SET version = a.version + 1, work_state = 'offered', reason = NULL, state_since = $5
    FROM pairs p WHERE a.id = p.agent_id RETURNING a.id, a.version
), ended AS (
    UPDATE agent_interval i
    SET during = tstzrange(lower(i.during), greatest($5, lower(i.during) + interval '1 microsecond'))
    FROM pairs p WHERE i.agent_id = p.agent_id AND upper_inf(i.during)
    RETURNING i.agent_id, upper(i.during) AS at
), began AS (
    INSERT INTO agent_interval (id, organisation_id, agent_id, during, presence, work_state, call_id)
    SELECT p.interval_id, p.employer, p.agent_id, tstzrange(coalesce(e.at, $5), NULL), 'online', 'offered', p.call_id
    FROM pairs p LEFT JOIN ended e ON e.agent_id = p.agent_id
)
SELECT p.*, m.version AS call_version, b.version AS agent_version
FROM pairs p JOIN marked m ON m.id = p.call_id JOIN busy b ON b.id = p.agent_id
"""
OFFER_OF = "SELECT id, call_id, agent_id, state FROM offer WHERE id = $1"
DUE_OFFERS = "SELECT id FROM offer WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at, id LIMIT 200"
OFFER_STANDS = "SELECT call_id, agent_id, state, expires_at FROM offer WHERE id = $1 FOR NO KEY UPDATE"
ASSIGNABLE = """
SELECT a.work_state = 'ready' AND a.presence = 'online' AND a.device_ready AND a.active AND a.skills @> $3
    AND EXISTS (SELECT FROM agent_assignment s
                WHERE s.agent_id = a.id AND s.client_id = $2 AND s.during @> $4::timestamptz)
FROM agent a WHERE a.id = $1
"""
