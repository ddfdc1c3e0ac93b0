"""SQL of duty notices."""

ASK_AGAIN = "UPDATE duty_notice SET ask_at = $2 WHERE sector = ANY ($1)"
# Those that are due, taken until $2: a worker that dies leaves them to the next.
TAKE = """
UPDATE duty_notice SET ask_at = $2
WHERE sector IN (SELECT sector FROM duty_notice WHERE ask_at <= $1 ORDER BY ask_at, sector LIMIT 20)
RETURNING sector
"""
# What arrived meanwhile asks again: its time to ask is then not the one that was taken.
KEEP = """
UPDATE duty_notice SET parts = $2, valid_until = $3, read_at = $4,
    ask_at = CASE WHEN ask_at = $5 THEN $6 ELSE ask_at END
WHERE sector = $1
"""
