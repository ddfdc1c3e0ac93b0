"""SQL of what is asked of telephone systems and what they told."""

ASK = """
INSERT INTO telephony_command
    (id, organisation_id, adapter_id, call_id, kind, arguments_sealed, created_at, expires_at, consult)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
COMMAND = "SELECT * FROM telephony_command WHERE id = $1"
# The latest leg of an agent that was rung for a call, of a colleague who is consulted, and the third legs that may
# still stand.
AGENT_LEG = """
SELECT id FROM telephony_command WHERE call_id = $1 AND kind = 'ring_agent' AND NOT consult ORDER BY seq DESC LIMIT 1
"""
CONSULTED_LEG = """
SELECT id FROM telephony_command WHERE call_id = $1 AND kind = 'ring_agent' AND consult ORDER BY seq DESC LIMIT 1
"""
TAKES_OVER = "UPDATE telephony_command SET consult = false WHERE id = $1"
LATEST_THIRD = """
SELECT id, kind FROM telephony_command
WHERE call_id = $1 AND kind IN ('dial_third', 'transfer') ORDER BY seq DESC LIMIT 1
"""
THIRD_LEGS = """
SELECT id FROM telephony_command
WHERE call_id = $1 AND kind IN ('dial_third', 'transfer') AND state IN ('pending', 'sent', 'done') ORDER BY seq
"""

DEVICE = "SELECT device_kind, device_address FROM agent WHERE id = $1"

ADAPTER = "SELECT * FROM telephony_adapter WHERE id = $1"
ADAPTERS = "SELECT * FROM telephony_adapter ORDER BY id"
LOCK_ADAPTER = "SELECT * FROM telephony_adapter WHERE id = $1 FOR NO KEY UPDATE"
CAN = "SELECT $2 = ANY (capabilities) FROM telephony_adapter WHERE id = $1"
STANDS = "UPDATE telephony_adapter SET state = $2, since = $3, version = version + 1 WHERE id = $1"
CAPABILITIES = "UPDATE telephony_adapter SET capabilities = $2 WHERE id = $1"
# Leases are between processes: they last by the machine's clock, also when a demonstration runs the service's faster.
TAKE_LEASE = """
UPDATE telephony_adapter SET lease_owner = $2, lease_until = clock_timestamp() + $3::float8 * interval '1 second'
WHERE id = $1 AND (lease_owner = $2 OR lease_until IS NULL OR lease_until < clock_timestamp())
RETURNING id
"""
# Who ran it last stays known: the next one compares the calls.
LEAVE_LEASE = "UPDATE telephony_adapter SET lease_until = NULL WHERE id = $1 AND lease_owner = $2"
BEGIN_OUTAGE = """
INSERT INTO telephony_outage (id, organisation_id, adapter_id, began_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (adapter_id) WHERE ended_at IS NULL DO NOTHING
"""
END_OUTAGE = """
UPDATE telephony_outage SET ended_at = $2, calls_reconciled = $3 WHERE adapter_id = $1 AND ended_at IS NULL
"""
OUTAGES = """
SELECT adapter_id, began_at, ended_at, calls_reconciled FROM telephony_outage
WHERE adapter_id = ANY ($1) ORDER BY began_at DESC LIMIT 100
"""

# All that is told of one call at one adapter is taken in one after the other.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 1))"
KEEP_FACT = """
INSERT INTO telephony_fact
    (adapter_id, fact_id, organisation_id, provider_call_id, provider_at, received_at, kind)
SELECT $1, $2, organisation_id, $3, $4, $5, $6 FROM telephony_adapter WHERE id = $1
ON CONFLICT DO NOTHING RETURNING fact_id
"""
FACT_STANDS = "UPDATE telephony_fact SET state = $3, body_sealed = $4 WHERE adapter_id = $1 AND fact_id = $2"
EARLY_OF_CALL = """
UPDATE telephony_fact SET state = 'done', body_sealed = NULL
FROM (SELECT adapter_id, fact_id, body_sealed AS body FROM telephony_fact
      WHERE adapter_id = $1 AND provider_call_id = $2 AND state = 'early') early
WHERE telephony_fact.adapter_id = early.adapter_id AND telephony_fact.fact_id = early.fact_id
RETURNING telephony_fact.fact_id, kind, provider_at, provider_call_id, body
"""
EARLY_DUE = """
SELECT DISTINCT adapter_id, provider_call_id FROM telephony_fact WHERE state = 'early' AND received_at < $1 LIMIT 100
"""

# What is to be done now, marked as given: one call's commands in order, none of a call that is being worked on.
TAKE = """
UPDATE telephony_command t SET state = 'sent'
FROM (SELECT id FROM telephony_command
      WHERE adapter_id = $1 AND state = 'pending' AND NOT call_id = ANY ($2) ORDER BY seq LIMIT 200
      FOR UPDATE SKIP LOCKED) due
JOIN telephony_command d ON d.id = due.id LEFT JOIN call c ON c.id = d.call_id
WHERE t.id = due.id
RETURNING t.id, t.seq, t.call_id, t.kind, t.arguments_sealed, t.expires_at, c.provider_call_id, c.state AS call_state
"""
GIVE_AGAIN = "UPDATE telephony_command SET state = 'pending' WHERE adapter_id = $1 AND state = 'sent'"
SETTLE = """
UPDATE telephony_command SET state = $2, error = $3, settled_at = $4 WHERE id = $1 AND state IN ('pending', 'sent')
RETURNING id
"""
EXPIRED = """
SELECT id FROM telephony_command WHERE state IN ('pending', 'sent') AND expires_at < $1 ORDER BY seq LIMIT 100
"""

LIVE_CALLS = """
SELECT id, provider_call_id, missing_since IS NOT NULL AS missing, coalesce(missing_since < $2, false) AS long_missing
FROM call WHERE adapter_id = $1 AND provider_call_id IS NOT NULL AND NOT observed AND ended_by IS NULL
  AND state IN ('arrived', 'waiting', 'offered', 'connecting', 'talking', 'held', 'transferring')
"""
OBSERVED_SILENT = """
SELECT id FROM call WHERE observed AND state_since <= $1
  AND state IN ('arrived', 'waiting', 'offered', 'connecting', 'talking', 'held', 'transferring') LIMIT 100
"""
AGENT_OF_DEVICE = """
SELECT a.id FROM agent a JOIN client c ON c.provider_id = a.organisation_id
WHERE c.id = $1 AND a.active AND ($2 = a.device_address OR $2 = a.label)
ORDER BY ($2 = a.device_address) DESC, a.id LIMIT 1
"""
AGENT_OF_ADAPTER = """
SELECT a.id FROM agent a JOIN client c ON c.provider_id = a.organisation_id JOIN line l ON l.client_id = c.id
WHERE l.adapter_id = $1 AND a.active AND a.device_address = $2 ORDER BY a.id LIMIT 1
"""
ON_A_CALL = """
SELECT EXISTS (SELECT FROM call WHERE agent_id = $1
               AND state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping'))
"""
# What began the present state of a call, and what happened in it.
WAS_LOST = """
SELECT EXISTS (SELECT FROM call_event WHERE call_id = $1 AND at = $2 AND kind = 'agent_leg_lost')
"""
TIMES_LOST = "SELECT count(*) FROM call_event WHERE call_id = $1 AND kind = 'agent_leg_lost'"
THIRD_IS_THERE = """
SELECT EXISTS (SELECT FROM call_event WHERE call_id = $1 AND at >= $2 AND kind = 'third_answered')
"""
LEFT = """
SELECT EXISTS (SELECT FROM call_event WHERE call_id = $1 AND at >= $2 AND kind = 'agent_left')
"""
