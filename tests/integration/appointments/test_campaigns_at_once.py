"""Campaigns in which things happen at once, or again."""

import asyncio
from collections.abc import Callable

import asyncpg

from appointments.campaigns import following
from maillage.ids import new_id
from maillage.principal import system
from maillage.testing import soon
from tests.harness import people
from tests.harness.clinic import Clinic
from tests.harness.messaging import base

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


async def test_a_visit_that_was_kept_and_is_hit_again_is_drafted_again(clinic: Clinic) -> None:
    """Though the draft of the same cause in which it was kept is still open for another visit."""
    boss, cause = people.manager(clinic.org), new_id()
    for hour in ("09:00", "10:00"):
        await clinic.book(hour, patient_id=await clinic.w.patient(clinic.org))

    async def away(start: str, end: str) -> str:
        body = {"practitioner_id": str(clinic.ada), "kind": "leave", "start": clinic.at(start), "end": clinic.at(end)}
        return str((await clinic.post("absences", dict(body), by=boss)).json()["id"])

    async def drafted() -> dict[str, int]:
        start, end = clinic.moment("08:00"), clinic.moment("12:00")
        async with base(clinic) as database:
            made = await database.run(
                system("appointments"),
                lambda tx: following.draft(
                    tx, "protocol", cause, clinic.org, practitioner_id=clinic.ada, start=start, end=end
                ),
            )
        counts: dict[str, int] = (await clinic.get(f"campaigns/{made}")).json()["counts"]
        return {state: count for state, count in counts.items() if count}

    first = await away("09:00", "09:20")
    await away("10:00", "10:20")
    assert await drafted() == {"todo": 2}
    assert (await clinic.delete(f"absences/{first}", by=boss)).status_code == 204
    await away("09:00", "09:20")
    assert await drafted() == {"todo": 1}
    assert await clinic.count("SELECT count(*) FROM campaign WHERE state = 'draft'") == 2
