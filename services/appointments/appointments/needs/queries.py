"""SQL of calls that are needed."""

ADD = """
INSERT INTO call_need (id, organisation_id, patient_id, cause, ref_id, due_at, priority, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (ref_id) WHERE state = 'open' DO NOTHING
RETURNING id
"""
OPEN_OF = "SELECT * FROM call_need WHERE ref_id = $1 AND state = 'open' FOR NO KEY UPDATE"
LOCK = "SELECT * FROM call_need WHERE id = $1 FOR NO KEY UPDATE"
CLOSE = """
UPDATE call_need SET state = $2, closed_at = $3, version = version + 1 WHERE id = $1 AND state = 'open' RETURNING *
"""
