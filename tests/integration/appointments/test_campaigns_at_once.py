"""Two people settle the last two items of a campaign in the same instant: its sums hold, and it is closed."""

import asyncio
from collections.abc import Callable

import asyncpg

from maillage.testing import soon
from tests.harness import people
from tests.harness.clinic import Clinic

WAITING = "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
TOLD = "SELECT payload::jsonb ->> 'kept' FROM kit.outbox WHERE type = $1 ORDER BY sequence DESC LIMIT 1"


async def test_the_last_two_items_settled_at_once_close_the_campaign(
    clinic: Clinic, admin_of: Callable[[str], str]
) -> None:
    boss = people.manager(clinic.org)
    # On two days: their proposals wait for nothing of each other.
    visits = [await clinic.book("09:00", days, patient_id=await clinic.w.patient(clinic.org)) for days in (3, 5)]
    body = {"cause": "other", "appointment_ids": [visit["id"] for visit in visits], "send": True}
    made = (await clinic.post("campaigns", body, by=boss)).json()
    paths = [f"campaigns/items/{item['id']}/resolve" for item in made["items"]]

    between, watch = [await asyncpg.connect(admin_of(clinic.running.database_url)) for _ in range(2)]

    async def both_wait() -> bool:
        return bool(await watch.fetchval(WAITING) == 2)

    try:
        async with between.transaction():
            await between.execute("SELECT FROM campaign FOR NO KEY UPDATE")
            both = asyncio.gather(*(clinic.post(path, {"outcome": "kept"}, by=boss) for path in paths))
            await soon(both_wait)
        assert [answer.status_code for answer in await both] == [200, 200]
        assert await watch.fetchval(TOLD, "appointments.campaign_changed.v1") == "2"
    finally:
        await between.close()
        await watch.close()
    read = (await clinic.get(f"campaigns/{made['id']}")).json()
    assert (read["state"], read["counts"]["kept"]) == ("closed", 2)
