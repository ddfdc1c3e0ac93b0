"""What every test of bad input stands on: a watch over rows and events, and texts that must never come out again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg
import httpx
import pytest

from tests.harness.place import Json, Place, refused

CANARY = "Canarivel"
"""A name that nobody has: where it appears, it was echoed or logged."""
CANARY_PHONE = "639987654"
_TABLES = """
SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
WHERE (schemaname = 'public' AND tablename NOT IN ('alembic_version', 'manage_link'))
   OR (schemaname = 'kit' AND tablename IN ('outbox', 'idempotency'))
ORDER BY 1
"""
Refuse = Callable[[Awaitable[httpx.Response], int, str], Awaitable[Json]]


async def rows_of(place: Place) -> dict[str, int]:
    """How many rows each table of the service has, its events and kept answers too."""
    connection = await asyncpg.connect(place.door.cluster.database("appointments"))
    try:
        names = [row["name"] for row in await connection.fetch(_TABLES)]
        return {name: await connection.fetchval("SELECT count(*) FROM " + name) for name in names}
    finally:
        await connection.close()


@pytest.fixture
def unchanged(place: Place) -> Callable[[], AbstractAsyncContextManager[None]]:
    """`async with unchanged():` whatever is sent inside stores nothing and tells nobody."""

    @asynccontextmanager
    async def watch() -> AsyncIterator[None]:
        before = await rows_of(place)
        assert before["public.appointment"] >= 0
        assert "kit.outbox" in before
        yield
        assert await rows_of(place) == before

    return watch


async def refuse(sent: Awaitable[httpx.Response], status: int, code: str, pointer: str | None = None) -> Json:
    """A refusal that says nothing of what was sent; `pointer`: which member it blames."""
    said = await refused(sent, status, code)
    assert CANARY not in str(said)
    assert CANARY_PHONE not in str(said)
    if pointer is not None:
        errors = said["errors"]
        assert isinstance(errors, list)
        assert pointer in {error["pointer"] for error in errors}, errors
    return said
