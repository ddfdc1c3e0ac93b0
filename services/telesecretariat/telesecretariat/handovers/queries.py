"""SQL of hand-overs."""

CLIENT = "SELECT organisation_id FROM client WHERE id = $1 AND id = ANY (reached_clients())"
# What is left of a client at this moment, due first.
LEFT = """
SELECT 'task' AS kind, id, kind AS what, due_at FROM task WHERE client_id = $1 AND state IN ('open', 'taken')
UNION ALL
SELECT 'message', id, urgency, coalesce(due_at, sent_at, created_at) FROM message
WHERE client_id = $1 AND state <> 'closed'
UNION ALL
SELECT 'callback', id, origin, expires_at FROM callback WHERE client_id = $1 AND state IN ('open', 'dialling')
ORDER BY 4, 2 LIMIT 200
"""
ADD = """
INSERT INTO handover (id, organisation_id, client_id, from_id, to_id, items_sealed, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *
"""
HANDOVER = "SELECT * FROM handover WHERE id = $1"
LOCK = "SELECT * FROM handover WHERE id = $1 FOR NO KEY UPDATE"
SIGN = """
UPDATE handover SET state = 'signed', items_sealed = $2, signed_at = $3, version = version + 1 WHERE id = $1 RETURNING *
"""
ACKNOWLEDGE = """
UPDATE handover SET state = 'acknowledged', to_id = $2, acknowledged_at = $3, version = version + 1
WHERE id = $1 RETURNING *
"""
LIST = """
SELECT * FROM handover
WHERE ($1::uuid IS NULL OR client_id = $1) AND ($2::text IS NULL OR state = $2)
  AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
ORDER BY created_at DESC, id DESC LIMIT $5
"""
