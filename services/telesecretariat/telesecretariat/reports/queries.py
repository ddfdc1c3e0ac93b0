"""SQL of reports: sets, never calls one by one. What says which calls arrived is `$1` to `$7`."""

LINES = "SELECT id FROM line WHERE $1::uuid IS NULL OR id = $1 ORDER BY id"
THRESHOLD = """
SELECT min(c.sl_threshold_s) FROM client c JOIN line l ON l.client_id = c.id WHERE l.id = ANY ($1::uuid[])
"""
# Local hours and days are those of the arrival, on the clock of the zone.
_ARRIVED = """
c.line_id = ANY ($1::uuid[]) AND c.direction = 'inbound' AND c.arrived_at >= $2 AND c.arrived_at < $3
AND (c.arrived_at AT TIME ZONE $4)::time >= $5
AND ($6::time IS NULL OR (c.arrived_at AT TIME ZONE $4)::time < $6)
AND extract(isodow FROM c.arrived_at AT TIME ZONE $4)::int = ANY ($7::int[])
"""
# Whoever was answered once counts as answered, whatever became of the call afterwards. `gone`: left the queue himself.
CALLS = f"""
SELECT width_bucket(c.arrived_at, $8::timestamptz[]) - 1 AS place,
    count(*) AS received,
    count(*) FILTER (WHERE c.answered) AS answered,
    count(*) FILTER (WHERE c.gone) AS abandoned,
    count(*) FILTER (WHERE c.gone AND c.short) AS short_abandoned,
    count(*) FILTER (WHERE NOT c.answered AND c.state = 'abandoned' AND c.queued_at IS NULL) AS left_before_queue,
    count(*) FILTER (WHERE NOT c.answered AND c.state = 'overflowed') AS overflowed,
    count(*) FILTER (WHERE NOT c.answered AND c.state = 'callback_requested') AS callback_requested,
    count(*) FILTER (WHERE NOT c.answered AND c.state = 'closed') AS closed,
    count(*) FILTER (WHERE NOT c.answered AND c.state = 'refused') AS refused,
    count(*) FILTER (WHERE NOT c.answered AND c.state = 'failed') AS failed,
    count(*) FILTER (WHERE NOT c.answered
        AND c.state IN ('arrived', 'waiting', 'offered', 'connecting')) AS in_progress,
    count(*) FILTER (WHERE c.answered AND c.wait_s <= $9) AS in_time,
    count(*) FILTER (WHERE c.gone AND c.wait_s <= $9) AS gone_in_time,
    coalesce(sum(c.wait_s) FILTER (WHERE c.answered), 0) AS waited_s
FROM (
    SELECT c.arrived_at, c.state, c.queued_at, c.short, c.wait_s, c.answered_at IS NOT NULL AS answered,
        c.answered_at IS NULL AND c.state = 'abandoned' AND c.queued_at IS NOT NULL AS gone
    FROM call c WHERE {_ARRIVED}
) c GROUP BY 1
"""
WAITS = f"""
SELECT width_bucket(c.arrived_at, $8::timestamptz[]) - 1 AS place,
    width_bucket(c.wait_s, $9::float8[]) - 1 AS band,
    count(*) FILTER (WHERE c.answered_at IS NOT NULL) AS answered,
    count(*) FILTER (WHERE c.answered_at IS NULL) AS abandoned
FROM call c
WHERE {_ARRIVED} AND c.wait_s IS NOT NULL
    AND (c.answered_at IS NOT NULL OR (c.state = 'abandoned' AND c.queued_at IS NOT NULL))
GROUP BY 1, 2 ORDER BY 1, 2
"""
ACCESS = f"""
SELECT extract(isodow FROM c.arrived_at AT TIME ZONE $4)::int AS week_day,
    extract(hour FROM c.arrived_at AT TIME ZONE $4)::int AS hour,
    count(*) AS volume,
    count(*) FILTER (WHERE c.answered_at IS NOT NULL) AS answered,
    count(*) FILTER (WHERE c.state = 'abandoned' AND c.answered_at IS NULL AND c.queued_at IS NOT NULL) AS missed,
    count(*) FILTER (WHERE c.state = 'abandoned' AND c.answered_at IS NULL AND c.queued_at IS NULL) AS abandoned,
    avg(c.wait_s) FILTER (WHERE c.answered_at IS NOT NULL) AS average_time_to_answer_s,
    avg(extract(epoch FROM c.ended_at - c.arrived_at)::float8)
        FILTER (WHERE c.state = 'abandoned' AND c.answered_at IS NULL) AS average_time_before_abandon_s,
    avg(c.talk_s + c.hold_s) FILTER (WHERE c.answered_at IS NOT NULL) AS average_call_length_s,
    count(*) FILTER (WHERE c.state = 'callback_requested' AND c.answered_at IS NULL) AS callbacks_requested,
    count(*) FILTER (WHERE EXISTS (
        SELECT FROM callback b WHERE b.call_id = c.id AND b.origin = 'queue' AND b.state = 'done')) AS callbacks_made
FROM call c WHERE {_ARRIVED} GROUP BY 1, 2 ORDER BY 1, 2
"""
# What an agent did, as spans: those that overlap the period. Cut at the borders outside, where it is one walk.
PRESENCE = """
SELECT i.agent_id, a.label, i.work_state, i.reason, greatest(lower(i.during), $1::timestamptz) AS begins,
    least(coalesce(upper(i.during), $3::timestamptz), $2::timestamptz) AS ends
FROM agent_interval i JOIN agent a ON a.id = i.agent_id
WHERE i.during && tstzrange($1, $2) AND i.presence <> 'offline'
ORDER BY i.agent_id, 5
"""
HANDLING = """
WITH touched AS MATERIALIZED (
    SELECT DISTINCT e.call_id FROM call_event e JOIN call c ON c.id = e.call_id
    WHERE c.line_id = ANY ($4::uuid[]) AND e.at >= $1::timestamptz - interval '4 hours' AND e.at < $2::timestamptz
), spans AS (
    SELECT e.agent_id, e.state, e.at AS begins,
        lead(e.at, 1, $3::timestamptz) OVER (PARTITION BY e.call_id ORDER BY e.seq) AS ends
    FROM call_event e JOIN touched t ON t.call_id = e.call_id
)
SELECT s.agent_id, s.state, greatest(s.begins, $1) AS begins, least(s.ends, $2) AS ends FROM spans s
WHERE s.state IN ('talking', 'transferring', 'held', 'wrapping') AND s.agent_id IS NOT NULL
    AND s.ends > $1 AND s.begins < $2
"""
ANSWERED = """
SELECT width_bucket(c.answered_at, $1::timestamptz[]) - 1 AS place, e.agent_id, count(*) AS answered
FROM call c JOIN LATERAL (
    SELECT agent_id FROM call_event e WHERE e.call_id = c.id AND e.state = 'talking' ORDER BY e.seq LIMIT 1) e ON true
WHERE c.line_id = ANY ($2::uuid[]) AND c.answered_at >= $3 AND c.answered_at < $4 AND e.agent_id IS NOT NULL
GROUP BY 1, 2
"""
MISSED = """
SELECT width_bucket(o.opened_at, $1::timestamptz[]) - 1 AS place, o.agent_id, count(*) AS missed
FROM offer o JOIN call c ON c.id = o.call_id
WHERE c.line_id = ANY ($2::uuid[]) AND o.state = 'expired' AND o.opened_at >= $3 AND o.opened_at < $4
GROUP BY 1, 2
"""
