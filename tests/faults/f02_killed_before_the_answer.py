"""F2: kill -9 of the service after COMMIT, before the answer. The same key, again, gives the same appointment."""

import pytest

from tests.faults.scene import scene
from tests.harness.cluster import Cluster


@pytest.mark.short
async def test_a_service_killed_before_its_answer_has_booked_once(running: Cluster) -> None:
    async with scene(running) as s:
        running.start("serve", "appointments", die_at="after_commit")
        async with running.client("appointments", s.desk) as client:
            assert await s.book(client, s.wish(0), "f2") is None
        assert running.died("serve", "appointments")
        assert set((await s.counts()).values()) == {1}
        running.start("serve", "appointments")
        async with running.client("appointments", s.desk) as client:
            again = await s.book(client, s.wish(0), "f2")
            once_more = await s.book(client, s.wish(0), "f2")
        running.kill("serve", "appointments")
        assert again is not None
        assert once_more is not None
        assert (again.status_code, again.content) == (201, once_more.content)
        stored = await running.rows(
            "appointments", "SELECT id::text FROM appointment WHERE organisation_id = $1", s.organisation
        )
        assert [row["id"] for row in stored] == [again.json()["id"]]
        assert set((await s.counts()).values()) == {1}
