"""SQL of what is asked of telephone systems and what they told."""

ASK = """
INSERT INTO telephony_command (id, organisation_id, adapter_id, call_id, kind, arguments_sealed, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
