"""SQL of receipts."""

# Who settles a message and who brings its receipt look at one another's work, never past it.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
KEEP = """
INSERT INTO message_receipt (provider, receipt_id, provider_ref, ref, state, at, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING receipt_id
"""
MESSAGE = "SELECT * FROM message WHERE id = $1 FOR UPDATE"
MESSAGE_OF_PROVIDER = "SELECT * FROM message WHERE provider_ref = $1 ORDER BY id LIMIT 1 FOR UPDATE"
APPLIED = "UPDATE message_receipt SET message_id = $3 WHERE provider = $1 AND receipt_id = $2"
# What came before its message was settled: $1 the provider's name for it (or null), $2 ours.
WAITING = """
SELECT provider, receipt_id, provider_ref, ref, state, at FROM message_receipt
WHERE message_id IS NULL AND (provider_ref = $1 OR ref = $2) ORDER BY at, receipt_id
"""
STANDS = """
UPDATE message SET state = $2, provider_ref = coalesce(provider_ref, $3),
    sent_at = CASE WHEN $2 = 'failed' THEN sent_at ELSE coalesce(sent_at, least($4::timestamptz, $5)) END
WHERE id = $1 RETURNING *
"""
# The other messages that say the same as message $1 on other channels.
SIBLINGS = """
SELECT n.channel, n.state FROM message m JOIN message n ON n.kind = m.kind AND n.number = m.number
    AND n.version = m.version AND n.ref_id IS NOT DISTINCT FROM m.ref_id
    AND n.appointment_id IS NOT DISTINCT FROM m.appointment_id
WHERE m.id = $1
"""
