"""F43: what the outbox alone can know. A transaction that commits late is told although later ones were told before it;
what was handed to a broker that died without a word is told again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from maillage.database import Database, Tx
from maillage.embedded import Nats
from maillage.testing import Logs, Running, soon
from tests.faults.scene import looking
from tests.harness.ledger import EntryIn, service, write
from tests.integration.maillage.test_act import ORG, writer

TOLD = "SELECT count(*) FROM effect"
MARKED = "SELECT count(*) FROM kit.outbox WHERE published_at IS NOT NULL"


@pytest.mark.short
async def test_what_commits_late_is_told_although_later_ones_were(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    """It took its place in the outbox first; the relay has been past that place when it commits."""
    running = running_service(service)
    running.work()
    written, later = asyncio.Event(), asyncio.Event()

    async def slow(tx: Tx) -> None:
        await write(tx, EntryIn(text="slow"), ORG)
        await tx.finish()
        tx._events, tx._audits = [], []
        written.set()
        await later.wait()

    async with looking(admin_of(running.database_url)) as base, _database(running) as database:
        first = asyncio.create_task(database.run(writer(), slow))
        await written.wait()
        async with running.client(writer()) as client:
            assert (await client.post("/v1/entries", json={"text": "quick"})).status_code == 201
        await soon(lambda: base.fetchval(f"SELECT ({MARKED}) = 1"))
        later.set()
        await first
        await soon(lambda: base.fetchval(f"SELECT ({TOLD}) = 2"), seconds=15)


async def test_what_a_broker_took_and_never_acknowledged_is_told_again(
    running_service: Callable[..., Running], admin_of: Callable[[str], str], tmp_path: Path, log_capture: Logs
) -> None:
    """The broker stands still while an event is sent to it, and is then killed: it never read it."""
    broker = Nats(tmp_path / "broker", sync="2m")
    broker.start()
    try:
        running = running_service(service, nats_url=broker.url)
        running.work()
        assert broker.process is not None
        os.kill(broker.process.pid, signal.SIGSTOP)
        async with running.client(writer()) as client, looking(admin_of(running.database_url)) as base:
            assert (await client.post("/v1/entries", json={"text": "a"})).status_code == 201

            async def judged() -> bool:
                return "not acknowledged" in log_capture.text or bool(await base.fetchval(f"SELECT ({MARKED}) = 1"))

            await soon(judged, seconds=60)
            broker.process.kill()
            broker.process.wait(15)
            broker.start()
            await soon(lambda: base.fetchval(f"SELECT ({TOLD}) = 1"), seconds=60)
    finally:
        broker.stop()


@asynccontextmanager
async def _database(running: Running) -> AsyncIterator[Database]:
    database = Database(running.settings)
    await database.open()
    try:
        yield database
    finally:
        await database.close()
