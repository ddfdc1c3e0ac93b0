"""SQL of what should be at a telephone system."""

LINE_OF_CALL = """
SELECT line.id, line.number, line.time_zone FROM call JOIN line ON line.id = call.line_id WHERE call.id = $1
"""
# Live calls with the leg of the agent that was rung last, that of a colleague who is consulted, and the third legs: of
# what was asked, only what was done.
EXPECTED = """
SELECT c.id, c.line_id, c.provider_call_id, c.state,
    (SELECT t.id FROM telephony_command t WHERE t.call_id = c.id AND t.kind = 'ring_agent' AND t.state = 'done'
     AND NOT t.consult ORDER BY t.seq DESC LIMIT 1) AS leg_id,
    c.consulted_id IS NOT NULL AS consults,
    (SELECT t.id FROM telephony_command t WHERE t.call_id = c.id AND t.kind = 'ring_agent' AND t.state = 'done'
     AND t.consult AND c.consulted_id IS NOT NULL ORDER BY t.seq DESC LIMIT 1) AS consulted_leg_id,
    ARRAY(SELECT t.id FROM telephony_command t WHERE t.call_id = c.id AND t.kind IN ('dial_third', 'transfer')
          AND t.state = 'done' ORDER BY t.seq) AS third_ids
FROM call c
WHERE c.adapter_id = $1 AND NOT c.observed
  AND c.state IN ('arrived', 'waiting', 'offered', 'connecting', 'talking', 'held', 'transferring')
ORDER BY c.priority_at, c.id
"""
