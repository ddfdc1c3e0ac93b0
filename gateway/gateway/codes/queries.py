"""SQL of one-time codes."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def take_turns(tx: Tx, keys: Sequence[str]) -> None:
    """Requests that share one of these keys count each other: each waits for the end of the other's transaction. Keys
    are taken in the order given, the same everywhere."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(key, 1)) FROM unnest($1::text[]) AS key", list(keys)
    )


async def counted(tx: Tx, contact_hmac: bytes, visitor_id: str, address: str) -> Row:
    """How many codes were asked for, and how many seconds ago the oldest of each count is."""
    row = await tx.fetchrow(
        """SELECT c.hour AS contact_hour, c.day AS contact_day, c.hour_age AS contact_hour_age,
                  c.day_age AS contact_day_age, v.n AS visitor_hour, v.age AS visitor_age,
                  a.n AS address_hour, a.age AS address_age
           FROM (SELECT count(*) AS day,
                        count(*) FILTER (WHERE created_at > $4::timestamptz - interval '1 hour') AS hour,
                        coalesce(extract(epoch FROM $4::timestamptz - min(created_at)
                            FILTER (WHERE created_at > $4::timestamptz - interval '1 hour')), 0)::int AS hour_age,
                        coalesce(extract(epoch FROM $4::timestamptz - min(created_at)), 0)::int AS day_age
                 FROM challenge WHERE contact_hmac = $1 AND created_at > $4::timestamptz - interval '1 day') c,
                (SELECT count(*) AS n, coalesce(extract(epoch FROM $4::timestamptz - min(created_at)), 0)::int AS age
                 FROM challenge WHERE visitor_id = $2 AND created_at > $4::timestamptz - interval '1 hour') v,
                (SELECT count(*) AS n, coalesce(extract(epoch FROM $4::timestamptz - min(created_at)), 0)::int AS age
                 FROM challenge WHERE address = $3 AND created_at > $4::timestamptz - interval '1 hour') a""",
        contact_hmac, visitor_id, address, tx.now,
    )  # fmt: skip
    assert row is not None
    return row


async def spent(tx: Tx) -> Row:
    """SMS and calls of the whole territory."""
    row = await tx.fetchrow(
        """SELECT count(*) FILTER (WHERE created_at > $1::timestamptz - interval '1 hour') AS hour, count(*) AS day
           FROM challenge WHERE channel IN ('sms', 'voice') AND created_at > $1::timestamptz - interval '1 day'""",
        tx.now,
    )
    assert row is not None
    return row


async def of_block(tx: Tx, block_hmac: bytes) -> Row:
    """Codes of one day to a block of numbers: how many, and how many of them were used."""
    row = await tx.fetchrow(
        """SELECT count(*) AS asked, count(used_at) AS used FROM challenge
           WHERE block_hmac = $1 AND channel IN ('sms', 'voice') AND created_at > $2::timestamptz - interval '1 day'""",
        block_hmac, tx.now,
    )  # fmt: skip
    assert row is not None
    return row


async def add(
    tx: Tx,
    challenge_id: UUID,
    channel: str,
    contact_sealed: bytes,
    contact_hmac: bytes,
    block_hmac: bytes | None,
    code_hmac: bytes,
    code_sealed: bytes,
    visitor_id: str,
    address: str,
    language: str,
    return_to: str | None,
    lives_s: float,
) -> None:
    """A code that is due to be sent."""
    await tx.execute(
        """INSERT INTO challenge (id, channel, contact_sealed, contact_hmac, code_hmac, code_sealed, visitor_id,
                                  address, language, return_to, created_at, expires_at, block_hmac)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                   $11::timestamptz + $12::float8 * interval '1 second', $13)""",
        challenge_id, channel, contact_sealed, contact_hmac, code_hmac, code_sealed, visitor_id, address, language,
        return_to, tx.now, lives_s, block_hmac,
    )  # fmt: skip


async def one(tx: Tx, challenge_id: UUID, visitor_id: str) -> Row | None:
    """A challenge of this visitor."""
    return await tx.fetchrow(
        """SELECT id, channel, contact_sealed, language, return_to, tries, used_at, created_at, expires_at
           FROM challenge
           WHERE id = $1 AND visitor_id = $2""",
        challenge_id, visitor_id,
    )  # fmt: skip


async def try_once(tx: Tx, challenge_id: UUID, visitor_id: str, tries: int) -> Row | None:
    """Counts a try and returns the challenge; None when it may not be tried any more."""
    return await tx.fetchrow(
        """UPDATE challenge SET tries = tries + 1
           WHERE id = $1 AND visitor_id = $2 AND used_at IS NULL AND expires_at > $3 AND tries < $4
           RETURNING id, channel, contact_sealed, code_hmac, tries, return_to""",
        challenge_id, visitor_id, tx.now, tries,
    )  # fmt: skip


async def use(tx: Tx, challenge_id: UUID) -> None:
    """A code works once."""
    await tx.execute("UPDATE challenge SET used_at = $2, code_sealed = NULL WHERE id = $1", challenge_id, tx.now)


async def take_due(tx: Tx, limit: int) -> list[Row]:
    """Codes to send, marked before the provider hears of them: after a crash none is sent twice."""
    return await tx.fetch(
        """UPDATE challenge SET sending = 'sending'
           WHERE id IN (SELECT id FROM challenge WHERE sending = 'due' ORDER BY created_at LIMIT $2
                        FOR UPDATE SKIP LOCKED)
           RETURNING id, channel, contact_sealed, code_sealed, language, expires_at > $1 AS alive""",
        tx.now, limit,
    )  # fmt: skip


async def sent(tx: Tx, challenge_id: UUID, state: str) -> None:
    """How the sending ended. The code is kept no longer, unless it is due again."""
    await tx.execute(
        """UPDATE challenge SET sending = $2, sent_at = $3, code_sealed = CASE WHEN $2 = 'due' THEN code_sealed END
           WHERE id = $1""",
        challenge_id, state, tx.now,
    )  # fmt: skip


async def forget(tx: Tx) -> None:
    """The limits look back one day."""
    await tx.execute("DELETE FROM challenge WHERE created_at < $1::timestamptz - interval '2 days'", tx.now)
