"""F1: kill -9 of the service before COMMIT. Nothing happened; the same key, again, books once."""

import pytest

from tests.faults.scene import scene
from tests.harness.cluster import Cluster


@pytest.mark.short
async def test_a_service_killed_before_commit_has_booked_nothing(running: Cluster) -> None:
    async with scene(running) as s:
        running.start("serve", "appointments", die_at="before_commit")
        async with running.client("appointments", s.desk) as client:
            assert await s.book(client, s.wish(0), "f1") is None
        assert running.died("serve", "appointments")
        assert set((await s.counts()).values()) == {0}
        running.start("serve", "appointments")
        async with running.client("appointments", s.desk) as client:
            again = await s.book(client, s.wish(0), "f1")
        running.kill("serve", "appointments")
        assert again is not None
        assert again.status_code == 201
        assert set((await s.counts()).values()) == {1}
