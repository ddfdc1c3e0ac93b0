"""Counted attempts on the real base: exact under concurrency, forgotten in time."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from gateway.attempts import service
from gateway.attempts.service import Window
from gateway.main import service as gateway
from gateway.settings import GatewaySettings
from maillage.database import Database, Tx
from maillage.ids import hash_token
from maillage.principal import system
from maillage.refusals import NotAllowed
from maillage.testing import ServiceLike

SYSTEM = system("gateway")
KEY, OTHER = hash_token("a"), hash_token("b")
WINDOWS = (Window(3, 60), Window(5, 3600))


@pytest_asyncio.fixture
async def base(service_database: Callable[[ServiceLike], str]) -> AsyncIterator[Database]:
    """An open database of the gateway."""
    database = Database(GatewaySettings(key="k" * 43, postgres_url=service_database(gateway)))
    await database.open()
    yield database
    await database.close()


async def _try(tx: Tx, key: bytes = KEY) -> None:
    if await service.count(tx, "test", key, WINDOWS):
        raise NotAllowed


async def _age(base: Database, seconds: int) -> None:
    async def older(tx: Tx) -> None:
        await tx.execute("UPDATE attempt_count SET window_at = window_at - $1 * interval '1 second'", seconds)

    await base.run(SYSTEM, older)


async def test_parallel_tries_are_counted_exactly_and_refused_ones_not_at_all(base: Database) -> None:
    """Ten at once, three pass; after the minute the hour still counts those three; another key is not concerned."""
    results = await asyncio.gather(*(base.run(SYSTEM, _try) for _ in range(10)), return_exceptions=True)
    assert sum(result is None for result in results) == 3
    assert 1 <= await base.run(SYSTEM, service.waits, "test", KEY, WINDOWS) <= 70
    await base.run(SYSTEM, _try, OTHER)
    assert await base.run(SYSTEM, service.waits, "other use", KEY, WINDOWS) == 0
    await _age(base, 70)
    assert await base.run(SYSTEM, service.waits, "test", KEY, WINDOWS) == 0
    results = await asyncio.gather(*(base.run(SYSTEM, _try) for _ in range(10)), return_exceptions=True)
    assert sum(result is None for result in results) == 2, "five in the hour"
    assert await base.run(SYSTEM, service.waits, "test", KEY, WINDOWS) > 3000
    await _age(base, 3610)
    assert await base.run(SYSTEM, service.waits, "test", KEY, WINDOWS) == 0
