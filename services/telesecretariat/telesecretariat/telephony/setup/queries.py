"""SQL of the registration of telephone systems."""

ADD = """
INSERT INTO telephony_adapter (id, organisation_id, kind, settings, since) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING *
"""
LOCK = "SELECT * FROM telephony_adapter WHERE id = $1 FOR NO KEY UPDATE"
CHANGE = "UPDATE telephony_adapter SET settings = $2, version = version + 1 WHERE id = $1 RETURNING *"
ROTATE = "UPDATE telephony_adapter SET secrets_sealed = $2, version = version + 1 WHERE id = $1 RETURNING *"
SECRETS = "SELECT secrets_sealed FROM telephony_adapter WHERE id = $1"
