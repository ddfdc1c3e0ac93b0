"""SQL of counted attempts. Counts are kept per ten seconds, under a hash of what is counted by."""

from collections.abc import Sequence

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record
_SLICE = "date_bin(interval '10 seconds', $3::timestamptz, timestamptz '2000-01-01Z')"
# A slice counts until all of it is older than the window: a limit is never exceeded, a refusal lasts 10 s more at most.
_COUNTED = """
SELECT w.seconds, coalesce(sum(c.n), 0)::int AS n,
       greatest(1, ceil(w.seconds + 10 - extract(epoch FROM $3::timestamptz - min(c.window_at))))::int AS wait_s
FROM unnest($4::int[]) AS w (seconds)
LEFT JOIN attempt_count c ON c.use_name = $1 AND c.key_hash = $2
    AND c.window_at > $3::timestamptz - (w.seconds + 10) * interval '1 second'
GROUP BY w.seconds
"""


async def add(tx: Tx, use: str, key_hash: bytes) -> None:
    """One more. Who counts the same at the same time waits for this transaction."""
    await tx.execute(
        "INSERT INTO attempt_count AS c (use_name, key_hash, window_at, n) SELECT $1, $2, " + _SLICE + ", 1"
        " FROM pg_advisory_xact_lock(hashtextextended($1 || encode($2::bytea, 'hex'), 2))"
        " ON CONFLICT (use_name, key_hash, window_at) DO UPDATE SET n = c.n + 1",
        use, key_hash, tx.now,
    )  # fmt: skip


async def counted(tx: Tx, use: str, key_hash: bytes, seconds: Sequence[int]) -> list[Row]:
    """How many there were in each of these windows, and in how many seconds the first of them is forgotten."""
    return await tx.fetch(_COUNTED, use, key_hash, tx.now, list(seconds))


async def forget(tx: Tx) -> None:
    """No window is longer than a day."""
    await tx.execute("DELETE FROM attempt_count WHERE window_at < $1::timestamptz - interval '2 days'", tx.now)
