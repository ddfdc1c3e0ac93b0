"""F4: kill -9 of a consumer after its COMMIT, before the acknowledgement. Delivered again, applied once."""

import pytest

from maillage.testing import soon
from tests.faults.scene import scene
from tests.harness.cluster import Cluster


@pytest.mark.short
async def test_a_consumer_killed_before_it_acknowledges_applies_once(running: Cluster) -> None:
    async with scene(running) as s:
        running.start("serve", "appointments")
        running.start("work", "appointments")
        running.start("work", "telesecretariat", die_at="before_ack")
        async with running.client("appointments", s.desk) as client:
            for number in range(3):
                assert await s.book(client, s.wish(number), f"f4-{number}") is not None
        assert running.died("work", "telesecretariat")
        running.start("work", "telesecretariat")
        await s.all_arrived()

        async def all_acknowledged() -> bool:
            return await _pending(running) == 0

        await soon(all_acknowledged, seconds=20)
        for command, service in (("work", "appointments"), ("work", "telesecretariat"), ("serve", "appointments")):
            running.kill(command, service)


async def _pending(running: Cluster) -> int:
    """Deliveries that the broker still waits to hear of."""
    import nats  # only here: the product's own way to the broker is `maillage.bus`

    client = await nats.connect(running.nats.url)
    try:
        info = await client.jetstream().consumer_info("MAILLAGE_ESSAI", "telesecretariat")
        return int(info.num_ack_pending or 0) + int(info.num_pending or 0)
    finally:
        await client.close()
