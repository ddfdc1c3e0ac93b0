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
            WHERE line_id = $1 AND arrived_at >= $5 - interval '1 hour' AND state = 'completed' AND ended_at >= $5
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
END_OFFER = """
UPDATE offer SET state = $2, closed_at = $3 WHERE call_id = $1 AND state = 'open' RETURNING id, agent_id, expires_at
"""
