"""F6, F7: the broker's store is deleted, or put back to an older copy. What consumers had not yet had leaves the outbox
again, and nothing is done twice.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from maillage.embedded import Nats
from maillage.testing import Logs, Running, soon
from tests.faults.scene import looking
from tests.harness.ledger import service
from tests.integration.maillage.test_act import writer

TOLD = "SELECT count(*) FROM effect"
TWICE = "SELECT count(*) FROM (SELECT FROM effect GROUP BY event_id HAVING count(*) > 1) e"
FORGOTTEN = "DELETE FROM kit.inbox WHERE event_id NOT IN (SELECT event_id FROM effect)"
MARKED = "SELECT count(*) FROM kit.outbox WHERE published_at IS NOT NULL"
STOOD = "SELECT position FROM kit.stream_position"
AWAY = "DELETE FROM effect WHERE event_id IN (SELECT event_id FROM kit.inbox ORDER BY sequence DESC LIMIT 2)"


@pytest.mark.short
@pytest.mark.parametrize("copied", [False, True], ids=["deleted", "older copy"])
async def test_what_a_lost_store_held_is_told_again_and_once(
    running_service: Callable[..., Running],
    admin_of: Callable[[str], str],
    tmp_path: Path,
    log_capture: Logs,
    copied: bool,
) -> None:
    store, kept = tmp_path / "broker" / "store", tmp_path / "copy"
    broker = Nats(tmp_path / "broker", sync="always")
    broker.start()
    try:
        running = running_service(service, nats_url=broker.url)
        running.work()
        async with running.client(writer()) as client, looking(admin_of(running.database_url)) as base:
            await _write(client, 3)
            await soon(lambda: base.fetchval(f"SELECT ({TOLD}) = 3"), seconds=30)
            await soon(lambda: base.fetchval(f"SELECT ({STOOD}) = 3"), seconds=30)
            if copied:
                broker.stop()
                shutil.copytree(store, kept)
                broker.start()
            await _write(client, 2)
            await soon(lambda: base.fetchval(f"SELECT ({MARKED}) = 5"), seconds=60)
            await soon(lambda: base.fetchval(f"SELECT ({TOLD}) = 5"), seconds=60)
            # A consumer that had been away: it has had the first three only.
            await base.execute(AWAY)
            await base.execute(FORGOTTEN)
            await soon(lambda: base.fetchval(f"SELECT ({STOOD}) = 5"), seconds=30)
            broker.stop()
            shutil.rmtree(store)
            if copied:
                shutil.copytree(kept, store)
            broker.start()
            await soon(lambda: base.fetchval(f"SELECT ({TOLD}) = 5"), seconds=60)
            await _write(client, 1)
            await soon(lambda: base.fetchval(f"SELECT ({TOLD}) = 6"), seconds=60)
            assert await base.fetchval(TWICE) == 0
        assert "the broker lost events" in log_capture.text
    finally:
        broker.stop()


async def _write(client: httpx.AsyncClient, many: int) -> None:
    for number in range(many):
        assert (await client.post("/v1/entries", json={"text": f"entry {number}"})).status_code == 201
