"""SQL of the signing keys."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def lock(tx: Tx) -> None:
    """One rotation at a time, whatever the number of processes."""
    await tx.execute("SELECT pg_advisory_xact_lock(7234501)")


async def published(tx: Tx) -> Sequence[Row]:
    """The keys that still verify tokens, oldest first."""
    return await tx.fetch(
        """SELECT kid, public_jwk, private_sealed, signs_from, signs_until, published_until FROM signing_key
           WHERE published_until > $1 ORDER BY signs_from""",
        tx.now,
    )


async def add(
    tx: Tx,
    kid: str,
    public_jwk: str,
    private_sealed: bytes,
    signs_from: datetime,
    signs_until: datetime,
    published_until: datetime,
) -> None:
    """A new key."""
    await tx.execute(
        """INSERT INTO signing_key (kid, public_jwk, private_sealed, signs_from, signs_until, published_until)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        kid, public_jwk, private_sealed, signs_from, signs_until, published_until,
    )  # fmt: skip


async def forget(tx: Tx) -> None:
    """Nobody signs again with a key that is over: its private half goes. The public half stays, for exports of the
    audit are verified years later."""
    await tx.execute(
        """UPDATE signing_key SET private_sealed = ''
           WHERE published_until < $1::timestamptz - interval '1 day' AND private_sealed <> ''""",
        tx.now,
    )


async def every_public(tx: Tx) -> Sequence[Row]:
    """The public half of every key there ever was, oldest first."""
    return await tx.fetch("SELECT public_jwk FROM signing_key ORDER BY signs_from")
