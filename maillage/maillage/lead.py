"""Who leads: one connection at a time holds an advisory lock, and loses it when it dies."""

import asyncio

import asyncpg

TAKE = "SELECT pg_try_advisory_lock($1)"


async def take_lock(connection: "asyncpg.Connection[asyncpg.Record]", lock: int) -> None:
    """Waits until this connection holds the advisory lock; asks once a second, so that a waiting one blocks nothing."""
    while not await connection.fetchval(TAKE, lock):  # noqa: ASYNC110 - the base has no event for it
        await asyncio.sleep(1)
