"""F3: kill -9 of the relay once the broker has the event, before it is marked. Published again; one effect."""

import pytest

from tests.faults.scene import scene
from tests.harness.cluster import Cluster


@pytest.mark.short
async def test_a_relay_killed_before_it_marks_repeats_without_doubling(running: Cluster) -> None:
    async with scene(running) as s:
        running.start("serve", "appointments")
        running.start("work", "telesecretariat")
        async with running.client("appointments", s.desk) as client:
            for number in range(5):
                answer = await s.book(client, s.wish(number), f"f3-{number}")
                assert answer is not None
                assert answer.status_code == 201
        running.start("work", "appointments", die_at="after_publish")
        assert running.died("work", "appointments")
        unmarked = "SELECT count(*) FROM kit.outbox WHERE organisation_id = $1 AND published_at IS NULL"
        assert await s.count("appointments", unmarked, s.organisation) > 0
        running.start("work", "appointments")
        await s.all_arrived()
        for command, service in (("work", "appointments"), ("work", "telesecretariat"), ("serve", "appointments")):
            running.kill(command, service)
        effects = "SELECT count(*) FROM call_appointment WHERE organisation_id = $1"
        assert await s.count("telesecretariat", effects, s.organisation) == 5
