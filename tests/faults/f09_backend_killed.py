"""F9: one backend of PostgreSQL is ended under load. One request at most hears 503; the pool heals, no larger."""

import asyncio

import httpx
import pytest

from maillage.testing import soon
from tests.faults.scene import Scene, scene, sound
from tests.harness.appointments_world import world
from tests.harness.cluster import Cluster

OURS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'maillage-appointments'"
END_ONE = """
SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'maillage-appointments' AND state <> 'idle' AND pid <> pg_backend_pid() LIMIT 1
"""
CLIENTS, EACH, POOL = 8, 25, 16 + 8


@pytest.mark.short
async def test_one_backend_less_costs_one_request_at_most(running: Cluster) -> None:
    async with scene(running) as s:
        async with world(running.role_url("appointments")) as w:
            s.patients = [await w.patient(s.organisation) for _ in range(CLIENTS)]
        with running.started(("serve", "appointments")):
            load = asyncio.gather(*(_books(running, s, number) for number in range(CLIENTS)))
            ended = asyncio.create_task(_end_one(running, load))
            statuses = [status for each in await load for status in each]
            assert await ended, "no backend was at work while the load ran"
            assert set(statuses) <= {201, 503}
            assert statuses.count(503) <= 1
            async with running.client("appointments", s.desk) as client:
                for number in range(CLIENTS * EACH):
                    if statuses[number] == 503:
                        assert (await _book(s, client, number)) == 201
            counts = await s.counts()
            assert set(counts.values()) == {CLIENTS * EACH}
            assert await s.count("appointments", OURS) <= POOL
    await sound(running)


async def _books(running: Cluster, s: Scene, client_number: int) -> list[int]:
    async with running.client("appointments", s.desk) as client:
        return [await _book(s, client, client_number * EACH + n) for n in range(EACH)]


async def _book(s: Scene, client: httpx.AsyncClient, number: int) -> int:
    answer = await s.book(client, s.wish(number, number // EACH), f"f9-{number}")
    assert answer is not None
    return answer.status_code


async def _end_one(running: Cluster, load: "asyncio.Future[list[list[int]]]") -> bool:
    """Ends a backend that is in the middle of something, once the load has begun."""

    async def hit() -> bool:
        return load.done() or bool(await running.rows("appointments", END_ONE))

    await soon(hit, seconds=60, every_s=0.01)
    return not load.done()
