"""F5: kill -9 of the broker for 5 s. Bookings go on; what was committed meanwhile arrives, once, when it is back."""

import asyncio
import os

import pytest

from tests.faults.scene import scene
from tests.harness.cluster import Cluster

DOWN_S = float(os.environ.get("MAILLAGE_FAULTS_BROKER_DOWN_S", "5"))
"""30 in the long form."""


@pytest.mark.short
async def test_bookings_go_on_without_the_broker_and_arrive_when_it_is_back(running: Cluster) -> None:
    async with scene(running) as s:
        for command, service in (("serve", "appointments"), ("work", "appointments"), ("work", "telesecretariat")):
            running.start(command, service)
        booked = []
        async with running.client("appointments", s.desk) as client:
            booked.append(await s.book(client, s.wish(0), "f5-0"))
            running.kill_broker()
            back = asyncio.get_running_loop().time() + DOWN_S
            number = 0
            while asyncio.get_running_loop().time() < back:
                number += 1
                booked.append(await s.book(client, s.wish(number), f"f5-{number}"))
                await asyncio.sleep(0.2)
            running.nats.start()
            booked.append(await s.book(client, s.wish(number + 1), "f5-last"))
        assert {answer.status_code if answer else None for answer in booked} == {201}
        await s.all_arrived(seconds=40)
        for command, service in (("work", "appointments"), ("work", "telesecretariat"), ("serve", "appointments")):
            running.kill(command, service)
