"""F12: slow statements hold every connection of a service. Who comes then is told 503 with `Retry-After`, and not kept
waiting until they end; when they have, all is served."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest

from maillage.testing import Running, soon
from tests.harness.ledger import service
from tests.integration.maillage.test_act import writer

POOL = 3
HOLDS_S = 60
"""How long the slow ones would take: far longer than anybody is let wait."""
BUSY = "SELECT count(*) = $1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.short
async def test_who_finds_no_connection_is_told_so_and_served_when_there_is_one(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    running = running_service(service, pool_size=POOL, pool_wait_s=0.2, statement_timeout_s=HOLDS_S)
    base, holder = [await asyncpg.connect(admin_of(running.database_url)) for _ in range(2)]
    try:
        async with running.client(writer()) as client:
            entry = (await client.post("/v1/entries", json={"text": "a"})).json()["id"]
            async with holder.transaction():
                await holder.execute("SELECT FROM entry FOR UPDATE")
                slow = [
                    asyncio.create_task(client.put(f"/v1/entries/{entry}", json={"text": str(n)})) for n in range(POOL)
                ]
                await soon(lambda: base.fetchval(BUSY, POOL), seconds=30)
                for _ in range(5):
                    away = await client.post("/v1/entries", json={"text": "b"})
                    assert (away.status_code, away.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
                    assert int(away.headers["retry-after"]) >= 1
                assert not any(each.done() for each in slow), "they were refused while the slow ones still ran"
            assert {answer.status_code for answer in await asyncio.gather(*slow)} == {200}
            assert (await client.post("/v1/entries", json={"text": "b"})).status_code == 201
        assert await base.fetchval("SELECT count(*) FROM entry") == 2, "who was refused has left nothing"
        assert await base.fetchval("SELECT version FROM entry WHERE id::text = $1", entry) == 1 + POOL
    finally:
        await holder.close()
        await base.close()
