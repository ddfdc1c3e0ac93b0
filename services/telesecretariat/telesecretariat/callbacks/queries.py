"""SQL of callbacks. That there is at most one open per line and number is the base's business."""

ADD = """
INSERT INTO callback (id, organisation_id, client_id, line_id, origin, number_sealed, number_hash, patient_id, call_id,
    priority_at, not_before, expires_at, agent_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $11)
ON CONFLICT (line_id, number_hash) WHERE state IN ('open', 'dialling') DO NOTHING
RETURNING *
"""
OPEN_OF = """
SELECT * FROM callback WHERE line_id = $1 AND number_hash = $2 AND state IN ('open', 'dialling')
"""
OF_CALL = "SELECT id FROM callback WHERE call_id = $1 AND origin = 'queue' ORDER BY created_at DESC LIMIT 1"
WAITS_AS = "UPDATE callback SET live_call_id = $2 WHERE id = $1"
CALLBACK = "SELECT * FROM callback WHERE id = $1"
LOCK = "SELECT * FROM callback WHERE id = $1 FOR NO KEY UPDATE"
DIALLING = """
UPDATE callback SET state = 'dialling', agent_id = $2, version = version + 1 WHERE id = $1 AND state = 'open'
"""
AGAIN = """
UPDATE callback SET state = 'open', attempts = $2, not_before = $3, version = version + 1 WHERE id = $1
"""
CLOSE = """
UPDATE callback SET state = $2, attempts = attempts + $3, closed_at = $4, version = version + 1
WHERE id = $1 AND state IN ('open', 'dialling') RETURNING *
"""
DUE = "SELECT id FROM callback WHERE state = 'open' AND expires_at <= $1 ORDER BY id LIMIT 100"
ASTRAY = """
SELECT b.id FROM callback b JOIN call c ON c.id = b.live_call_id
WHERE b.state IN ('open', 'dialling') AND c.state_since <= $1
  AND (c.ended_at IS NOT NULL AND c.state <> 'wrapping' OR b.state = 'dialling' AND c.state IN ('waiting', 'offered'))
ORDER BY b.id LIMIT 100
"""
LIST = """
SELECT * FROM callback
WHERE ($1::text IS NULL AND state IN ('open', 'dialling') OR state = $1)
  AND ($2::uuid IS NULL OR line_id = $2) AND ($3::uuid IS NULL OR client_id = $3)
  AND ($4::timestamptz IS NULL OR (priority_at, id) > ($4, $5::uuid))
ORDER BY priority_at, id LIMIT $6
"""
