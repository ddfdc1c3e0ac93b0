"""SQL of calls that are needed."""

ADD = """
INSERT INTO call_need (id, organisation_id, patient_id, cause, ref_id, due_at, priority, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (ref_id) WHERE state = 'open' DO NOTHING
RETURNING id
"""
OPEN_OF = "SELECT * FROM call_need WHERE ref_id = $1 AND state = 'open' FOR NO KEY UPDATE"
FIND = "SELECT cause, ref_id FROM call_need WHERE id = $1 AND state = 'open'"
CLOSE = """
UPDATE call_need SET state = $2, closed_at = $3, version = version + 1 WHERE id = $1 AND state = 'open' RETURNING *
"""
IN_TOUCH = """
UPDATE patient SET last_contact_at = $2 WHERE id = $1 AND (last_contact_at IS NULL OR last_contact_at < $2)
"""
