"""SQL of agents. A change of state ends one interval and begins the next in the same statement."""

MUTABLE = (
    "label",
    "skills",
    "device_kind",
    "device_address",
    "device_ready",
    "ring_sealed",
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
    "forced_until",
)
LOCK = "SELECT * FROM agent WHERE id = $1 FOR NO KEY UPDATE"
AGENT = "SELECT * FROM agent WHERE id = $1"
CHANGE = """
UPDATE agent SET version = version + 1,
    label = $3, skills = $4, device_kind = $5, device_address = $6, device_ready = $7, ring_sealed = $8, presence =
    $9, work_state = $10, reason = $11, pending_state = $12, pending_reason = $13, restore_state = $14, idle_since =
    $15, state_since = $16, wrap_up_until = $17, wrap_up_extensions = $18, desk_id = $19, desk_sid = $20, seen_at =
    $21, calls_today = $22, counted_on = $23, active = $24, forced_until = $25
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
AGENT_OF = AGENT + " AND active"
MAKE = """
INSERT INTO agent (id, organisation_id, label, state_since, created_at)
SELECT $1, $2, 'poste ' || (SELECT count(*) + 1 FROM agent WHERE organisation_id = $2), $3, $3
ON CONFLICT (id) DO NOTHING
"""
ONE_LABEL_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 2))"
# What cannot stay with an agent who leaves.
CAME_MEANWHILE = """
SELECT EXISTS (SELECT FROM offer WHERE agent_id = $1 AND state = 'open')
    OR EXISTS (SELECT FROM call WHERE agent_id = $1 AND state = 'connecting' AND NOT observed)
    OR EXISTS (SELECT FROM call WHERE consulted_id = $1 AND state = 'transferring')
"""
WRITES_UP = "SELECT id, wrap_up_until FROM call WHERE agent_id = $1 AND state = 'wrapping'"
ON_ANOTHER = """
SELECT EXISTS (SELECT FROM call WHERE agent_id = $1 AND id <> $2
               AND state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping'))
"""
ASSIGNED = "SELECT EXISTS (SELECT FROM agent_assignment WHERE agent_id = $1 AND during @> $2::timestamptz)"
# A telephone system of its own rings a softphone only once it has registered.
DEVICE_ANSWERS_AT_ONCE = """
SELECT $3 = 'phone' OR NOT EXISTS (
    SELECT FROM agent_assignment a JOIN line l ON l.client_id = a.client_id
    JOIN telephony_adapter t ON t.id = l.adapter_id
    WHERE a.agent_id = $1 AND a.during @> $2::timestamptz AND l.active AND t.kind = 'ari')
"""
PAUSE_REASON = """
SELECT EXISTS (SELECT FROM catalogue_entry WHERE kind = 'pause_reason' AND code = $1 AND active)
"""
WRAP_UP_UNTIL = """
SELECT coalesce(c.wrap_up_until, $2::timestamptz + l.wrap_up_s * interval '1 second')
FROM call c JOIN line l ON l.id = c.line_id WHERE c.id = $1
"""
# The sign of life of a desk that is as it was: no version, no event, one row touched.
BEAT = """
UPDATE agent SET seen_at = $3 WHERE id = $1 AND desk_id = $2 AND presence = 'online' RETURNING *
"""
SILENT = """
SELECT id, presence FROM agent
WHERE (presence = 'online' AND seen_at < $1) OR (presence = 'stale' AND seen_at < $2) ORDER BY id LIMIT 500
"""
# When desks are looked at, by the machine's clock: also where the service's runs faster, a second is a second. Since
# when they could be heard, by the service's ($1).
LOOKED = """
INSERT INTO desk_watch AS w (looked_at, hears_since) VALUES (clock_timestamp(), $1)
ON CONFLICT (id) DO UPDATE SET looked_at = excluded.looked_at,
    hears_since = CASE WHEN excluded.looked_at - w.looked_at > $2::float8 * interval '1 second'
                       THEN excluded.hears_since ELSE w.hears_since END
RETURNING hears_since
"""
HEARS_SINCE = "SELECT hears_since FROM desk_watch"
