"""F41: kill -9 of the sterilisation's service among the scans of a shift. The device sends again what nobody answered:
each set is received once, in the trace and in the rows, and nothing that was answered is lost."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from cooperation.main import service
from cooperation.trace import verifying
from maillage import clock
from maillage.database import Database
from maillage.principal import system
from maillage.testing import Running
from tests.faults.scene import sound
from tests.harness.cluster import Cluster
from tests.harness.plant import Plant

SERVICE = "cooperation"
SETS, AT_ONCE = 30, 5
DEATHS = (("before_commit", 2), ("after_commit", 1))


class Device:
    """A reader at the reception: it keeps what was not answered, and sends it again."""

    def __init__(self, running: Cluster, plant: Plant, codes: list[str]) -> None:
        self.running, self.plant = running, plant
        began = clock.now() - timedelta(minutes=5)
        self.kept = [
            {"seq": seq, "code": code, "scanned_at": (began + timedelta(seconds=5 * seq)).isoformat()}
            for seq, code in enumerate(codes, 1)
        ]
        self.answered: dict[int, Any] = {}

    async def send(self) -> bool:
        """Batches until all is answered, or nobody answers any more."""
        where = {
            "device_id": str(self.plant.devices["reception"]),
            "station_id": str(self.plant.stations["reception"]),
        }
        async with self.running.client(SERVICE, self.plant.operator()) as client:
            while self.kept:
                try:
                    answer = await client.post("/v1/scans", json={**where, "scans": self.kept[:AT_ONCE]})
                except httpx.TransportError:
                    return False
                assert answer.status_code == 200, answer.text
                self.answered |= {each["seq"]: each for each in answer.json()["results"]}
                self.kept = self.kept[AT_ONCE:]
        return True


@pytest.mark.short
async def test_a_sterilisation_killed_among_scans_receives_each_set_once(running: Cluster) -> None:
    settings = service.settings(postgres_url=running.role_url(SERVICE))
    async with await Plant.on(running.database(SERVICE), cast(Running, SimpleNamespace(settings=settings))) as plant:
        sets = [await plant.set() for _ in range(SETS)]
        runs = {await plant.run(each, "returning") for each in sets}
        device = Device(running, plant, [await plant.tag_of(each) for each in sets])
        for point, after in DEATHS:
            running.start("serve", SERVICE, die_at=point, after=after)
            assert not await device.send(), "it dies in the middle"
            assert running.died("serve", SERVICE)
        running.start("serve", SERVICE)
        try:
            assert await device.send()
        finally:
            running.kill("serve", SERVICE)
        assert sorted(device.answered) == list(range(1, SETS + 1))
        assert {each["outcome"] for each in device.answered.values()} == {"done"}
        assert {UUID(each["subject"]["id"]) for each in device.answered.values()} == runs
        times = await plant.connection.fetch(
            "SELECT subject_id, count(*) AS times FROM trace_entry WHERE kind = 'run.received' GROUP BY subject_id"
        )
        assert {row["subject_id"]: row["times"] for row in times} == dict.fromkeys(runs, 1)
    await _the_trace_is_true(running)
    await sound(running)


async def _the_trace_is_true(running: Cluster) -> None:
    """Written once, sealed in the audit, and the rows are what it says."""
    database = Database(service.settings(postgres_url=running.role_url(SERVICE)))
    await database.open()
    try:
        for look in (verifying.verify, verifying.rebuild):
            found = await database.run(system(SERVICE), look)
            assert found.wrong == []
            assert found.entries > SETS
    finally:
        await database.close()
