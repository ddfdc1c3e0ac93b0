"""F19: a half-open connection to the broker is noticed and made again. Nothing is lost, and whoever writes meanwhile is
served."""

from collections.abc import Callable

import asyncpg

from maillage.embedded import Nats
from maillage.testing import Running, soon
from tests.harness.ledger import service
from tests.harness.tcp_proxy import TcpProxy
from tests.integration.maillage.test_act import writer

EFFECTS = "SELECT count(DISTINCT event_id) = $1 AND count(*) = $1 FROM effect"


async def test_a_half_open_connection_to_the_broker_is_made_again_and_nothing_is_lost(
    running_service: Callable[..., Running], admin_of: Callable[[str], str], nats: Nats
) -> None:
    """The broker has forgotten the worker, which is not told: its pings stay without an answer."""
    with TcpProxy(nats.port) as wire:
        running = running_service(service, nats_url=f"nats://127.0.0.1:{wire.port}")
        running.work()
        base = await asyncpg.connect(admin_of(running.database_url))
        try:
            await _write(running, 3)
            await soon(lambda: base.fetchval(EFFECTS, 3), seconds=30)
            made = wire.made
            wire.half_open()
            await _write(running, 5)
            await soon(lambda: base.fetchval(EFFECTS, 8), seconds=100)
            assert wire.made > made, "another connection was made"
        finally:
            await base.close()


async def _write(running: Running, many: int) -> None:
    async with running.client(writer()) as client:
        for n in range(many):
            assert (await client.post("/v1/entries", json={"text": str(n)})).status_code == 201
