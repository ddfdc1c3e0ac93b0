"""F10: kill -9 of the postmaster. 503 with `Retry-After`, no hang; ready after its return; nothing is lost."""

import asyncio

import asyncpg
import httpx
import psutil
import pytest

from maillage.children import answers
from maillage.testing import eventually
from tests.faults.scene import scene, sound
from tests.harness.cluster import Cluster
from tests.harness.front import API, front

HANGS_S = 5
"""Far more than the second a caller should wait, far less than a hang."""


@pytest.mark.short
async def test_without_its_base_the_platform_refuses_at_once_and_goes_on_after_it(running: Cluster) -> None:
    await _commits_survive_a_kill(running)
    async with front(running) as door, scene(running) as s:
        desk = (await door.staff(s.organisation, "telesecretary"))["telesecretary"]
        desk.timeout = httpx.Timeout(HANGS_S)
        visitor = await door.visitor()
        for number in range(5):
            assert (await desk.post(f"{API}/appointments", json=s.wish(number))).status_code == 201
        postmaster = running.postgres.process
        assert postmaster is not None
        backends = psutil.Process(postmaster.pid).children(recursive=True)
        postmaster.kill()
        postmaster.wait(10)
        # A backend may still commit what it is asked before it sees that its parent is gone.
        assert not psutil.wait_procs(backends, timeout=30)[1]
        asked = {"reason": str(s.reason)}
        for answer in (
            await desk.post(f"{API}/appointments", json=s.wish(5), headers={"Idempotency-Key": "f10"}),
            await visitor.get(f"{API}/slots", params=asked),
            await desk.get(f"{API}/appointments"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
            assert int(answer.headers["retry-after"]) >= 1
        assert not answers(f"{running.url('appointments')}/readyz")
        running.postgres.start()
        eventually(lambda: answers(f"{running.url('appointments')}/readyz"), seconds=15)
        eventually(lambda: answers(f"{running.url('gateway')}/readyz"), seconds=15)
        desk.timeout = httpx.Timeout(30)
        again = await _until_served(desk, s.wish(5))
        assert again.status_code == 201
        counts = await s.counts()
        assert set(counts.values()) == {6}, "five before, none during, one after"
    await sound(running)


async def _until_served(desk: httpx.AsyncClient, wish: dict[str, object]) -> httpx.Response:
    """The same key until the door's circuit to the service has closed again."""
    answer = await desk.post(f"{API}/appointments", json=wish, headers={"Idempotency-Key": "f10"})
    for _ in range(50):
        if answer.status_code != 503:
            break
        await asyncio.sleep(0.2)
        answer = await desk.post(f"{API}/appointments", json=wish, headers={"Idempotency-Key": "f10"})
    return answer


async def _commits_survive_a_kill(running: Cluster) -> None:
    """The test server answers before it has written its log; here it must not."""
    connection = await asyncpg.connect(running.postgres.url)
    try:
        await connection.execute("ALTER SYSTEM SET synchronous_commit = on")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
