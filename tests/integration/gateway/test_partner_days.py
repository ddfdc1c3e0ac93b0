"""Requests of partners by day: each process adds its own, and learns of the others (design: gateway 3.7)."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from gateway.door.days import Days
from gateway.main import service as gateway
from gateway.settings import GatewaySettings
from maillage.database import Database
from maillage.refusals import ServiceUnavailable
from maillage.service import Service


@pytest_asyncio.fixture
async def database(service_database: Callable[[Service], str]) -> AsyncIterator[Database]:
    """An open database of the gateway."""
    database = Database(GatewaySettings(postgres_url=service_database(gateway)))
    await database.open()
    yield database
    await database.close()


def taken(counted: Days, client: str, tries: int) -> int:
    return sum(counted.take(client) for _ in range(tries))


async def test_two_processes_share_the_day_of_a_client(database: Database) -> None:
    first, second, client = Days(10), Days(10), str(uuid4())
    assert (taken(first, client, 4), taken(second, client, 5)) == (4, 5)
    await first.tell(database)
    await second.tell(database)
    assert taken(second, client, 5) == 1, "nine were counted by both"
    await second.tell(database)
    await first.tell(database)
    assert first.told(client).startswith(b'"day";r=6'), "a process that counts nothing asks nothing"
    assert taken(first, client, 1) == 1
    await first.tell(database)
    assert taken(first, client, 5) == 0


async def test_what_could_not_be_told_is_told_later_and_a_day_keeps_its_own(
    database: Database, admin_of: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    monkeypatch.setattr("gateway.door.days.clock.now", lambda: at)
    counted, client = Days(10), str(uuid4())
    assert taken(counted, client, 4) == 4
    away = Database(GatewaySettings(postgres_url="postgresql://nowhere"))
    with pytest.raises(ServiceUnavailable):
        await counted.tell(away)
    assert counted.told(client).startswith(b'"day";r=6')
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    await counted.tell(database)
    assert taken(counted, client, 20) == 10
    await counted.tell(database)
    connection = await asyncpg.connect(admin_of(database.settings.postgres_url))
    try:
        rows = await connection.fetch("SELECT day::text, requests FROM client_day ORDER BY day")
    finally:
        await connection.close()
    assert [tuple(row) for row in rows] == [("2026-11-23", 4), ("2026-11-24", 10)]
