"""Rest windows as they are told: late, twice, out of order, moved, for people in two centres or not yet there."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest_asyncio

from appointments.demo.ids import rpps
from appointments.main import service
from appointments.rest.service import apply_owed
from contracts.permanence import RestWindowPublished, RestWindowWithdrawn
from maillage.consumers import Envelope
from maillage.database import Database
from maillage.doctor import check_invariants
from maillage.ids import new_id
from maillage.principal import system
from tests.harness import people
from tests.harness.clinic import Clinic
from tests.harness.messaging import reach


class Permanence:
    """Tells rests of one duty, as its events would."""

    def __init__(self, clinic: Clinic, database: Database) -> None:
        self.clinic, self.database = clinic, database

    async def says(
        self, kind: type[RestWindowPublished], revision: int, start: str = "08:00", end: str = "10:00",
        window: UUID | None = None, who: int = 7,
    ) -> None:  # fmt: skip
        """Of the morning of day 3."""
        event = kind(
            rest_window_id=window or DUTY, rpps=rpps(who), starts_at=self.clinic.moment(start),
            ends_at=self.clinic.moment(end), rule="REST", revision=revision,
        )  # fmt: skip
        envelope = Envelope(new_id(), kind.TYPE, new_id(), revision, datetime.now(UTC))
        (consumer,) = [each for each in service.consumers if each.type == kind.TYPE]
        payload = event.model_dump_json().encode()
        await self.database.run(system("appointments"), consumer.handle, payload, envelope)


DUTY = new_id()
TOLD, TAKEN_BACK = RestWindowPublished, RestWindowWithdrawn


@pytest_asyncio.fixture
async def permanence(clinic: Clinic) -> AsyncIterator[Permanence]:
    database = Database(clinic.running.settings)
    await database.open()
    yield Permanence(clinic, database)
    await database.close()


async def findings(clinic: Clinic) -> dict[str, tuple[str, int]]:
    found = await check_invariants(
        clinic.running.database_url, "appointments", "appointments", ["I2", "I11", "appointments.11"]
    )
    return {each.name: (each.state, each.count) for each in found if each.state != "ok"}


async def test_the_highest_revision_counts_however_often_and_in_whatever_order_it_is_told(
    clinic: Clinic, permanence: Permanence
) -> None:
    doctor = await clinic.doctor(rpps=rpps(7))
    open_, closed, moved = "09:00-12:00 14:00-18:00", "10:00-12:00 14:00-18:00", "11:00-12:00 14:00-18:00"
    steps: list[tuple[type[RestWindowPublished], int, str, str]] = [
        (TOLD, 1, "10:00", closed),
        (TOLD, 1, "10:00", closed),
        (TOLD, 3, "11:00", moved),
        (TOLD, 2, "10:00", moved),
        (TAKEN_BACK, 2, "11:00", moved),
        (TAKEN_BACK, 3, "11:00", open_),
        (TOLD, 3, "11:00", open_),
        (TOLD, 4, "10:00", closed),
        (TAKEN_BACK, 5, "10:00", open_),
        (TAKEN_BACK, 5, "10:00", open_),
    ]
    for kind, revision, end, expected in steps:
        await permanence.says(kind, revision, end=end)
        assert await clinic.free(doctor) == expected, (kind.TYPE, revision)
        assert await findings(clinic) == {}
    other = new_id()
    await permanence.says(TAKEN_BACK, 2, window=other)
    await permanence.says(TOLD, 1, window=other)
    assert await clinic.free(doctor) == open_
    told = await clinic.w.connection.fetch(
        "SELECT payload::jsonb ->> 'active' AS active FROM kit.outbox WHERE type = 'appointments.absence_changed.v1' "
        "ORDER BY sequence"
    )
    assert [row["active"] for row in told] == ["true", "true", "false", "false", "true", "false"]


async def test_it_holds_in_every_centre_and_for_whoever_comes_later(clinic: Clinic, permanence: Permanence) -> None:
    elsewhere = await clinic.w.organisation("Autre")
    there = await clinic.w.practitioner(elsewhere, rpps=rpps(7))
    doctor = await clinic.doctor()
    await permanence.says(TOLD, 1)
    absences = "SELECT count(*)::int FROM absence WHERE practitioner_id = $1 AND kind = 'rest'"
    assert (await clinic.count(absences, there), await clinic.count(absences, doctor)) == (1, 0)

    await clinic.w.connection.execute("UPDATE practitioner SET rpps = $2 WHERE id = $1", doctor, rpps(7))
    assert await findings(clinic) == {"appointments.11": ("BROKEN", 1)}
    await apply_owed(permanence.database)
    await apply_owed(permanence.database)
    assert (await clinic.count(absences, there), await clinic.count(absences, doctor)) == (1, 1)
    assert await clinic.free(doctor) == "10:00-12:00 14:00-18:00"
    assert await findings(clinic) == {}

    # The duty goes to another number under the same id.
    await clinic.w.connection.execute("UPDATE practitioner SET rpps = $2 WHERE id = $1", clinic.bob, rpps(8))
    await permanence.says(TOLD, 2, who=8)
    assert (await clinic.count(absences, there), await clinic.count(absences, doctor)) == (0, 0)
    assert await clinic.free(clinic.bob) == "10:00-12:00 14:00-18:00"
    assert await findings(clinic) == {}


async def test_nothing_comes_into_a_rest_by_a_move_or_a_reopening(clinic: Clinic, permanence: Permanence) -> None:
    doctor = await clinic.doctor(rpps=rpps(7))
    within = await clinic.book("09:00", practitioner_id=doctor)
    other = await clinic.book("15:00", practitioner_id=doctor, patient_id=await clinic.w.patient(clinic.org))
    await permanence.says(TOLD, 1)
    moves = [await clinic.act(other, "move", {"start": clinic.at("09:20"), **more}, by=clinic.front)
             for more in ({}, {"overbook_reason": "fièvre"})]  # fmt: skip
    assert [(each.status_code, each.json()["code"]) for each in moves] == [(409, "SLOT_NOT_OPEN")] * 2
    assert (await clinic.act(within, "cancel", by=clinic.front)).status_code == 200
    again = await clinic.act(within, "reopen", by=clinic.front)
    assert (again.status_code, again.json()["code"]) == (409, "SLOT_NOT_OPEN")
    await permanence.says(TAKEN_BACK, 2)
    assert (await clinic.act(within, "reopen", by=clinic.front)).status_code == 200
    assert await findings(clinic) == {}


async def test_no_minute_of_an_overbooking_lies_in_a_rest(clinic: Clinic, permanence: Permanence) -> None:
    """Not even its end, after the window in which it begins."""
    doctor = await clinic.doctor(rpps=rpps(7))
    over: dict[str, Any] = {"practitioner_id": doctor, "overbook_reason": "fièvre"}
    await permanence.says(TOLD, 1, "12:00", "14:20")
    for hour in ("11:50", "14:10"):
        refused = await clinic.post("appointments", clinic.wish(hour, **over), by=clinic.front)
        assert (refused.status_code, refused.json()["code"]) == (409, "SLOT_NOT_OPEN")
    await clinic.book("14:20", by=clinic.front, **over)
    await permanence.says(TAKEN_BACK, 2, "12:00", "14:20")
    await clinic.book("11:50", by=clinic.front, patient_id=await clinic.w.patient(clinic.org), **over)


async def test_a_rest_told_anew_tells_nobody_that_a_visit_in_it_takes_place(
    clinic: Clinic, permanence: Permanence
) -> None:
    """Only who lies outside the new hours is kept; the others stay in their campaign, and hear of nothing else."""
    doctor = await clinic.doctor(rpps=rpps(7))
    boss = people.manager(clinic.org)
    visits = []
    for hour in ("09:00", "09:40"):
        who = await clinic.w.patient(clinic.org)
        await reach(clinic, ("mobile", f"+33639980{hour[3:]}2"), of=who)
        visits.append(await clinic.book(hour, practitioner_id=doctor, patient_id=who))
    await permanence.says(TOLD, 1)
    (made,) = (await clinic.get("campaigns", by=boss)).json()["items"]
    assert (await clinic.post(f"campaigns/{made['id']}/send", {}, by=boss)).status_code == 200
    await clinic.w.connection.execute("UPDATE message SET state = 'sent' WHERE kind = 'proposal'")
    await permanence.says(TOLD, 2, end="09:20")
    read = (await clinic.get(f"campaigns/{made['id']}", by=boss)).json()
    assert [item["state"] for item in read["items"]] == ["proposed", "kept"]
    conflicts = [(await clinic.get(f"appointments/{visit['id']}")).json()["conflict"] for visit in visits]
    assert conflicts == ["absence", None]
    told = "SELECT count(*) FROM message WHERE kind = 'confirmation' AND ref_id IS NOT NULL AND appointment_id = $1"
    assert [await clinic.count(told, UUID(str(visit["id"]))) for visit in visits] == [0, 1]
    assert await clinic.count("SELECT count(*) FROM campaign") == 1
    assert await findings(clinic) == {}


PLANTS = (
    "UPDATE appointment SET conflict = NULL",
    "DELETE FROM absence",
    "UPDATE absence SET during = tstzrange(lower(during), upper(during) + interval '1 hour')",
    "UPDATE rest_window SET withdrawn = true",
    "UPDATE absence SET kind = 'leave'",
)


async def test_what_is_planted_against_the_law_is_named(
    clinic: Clinic, permanence: Permanence, admin_of: Callable[[str], str]
) -> None:
    doctor = await clinic.doctor(rpps=rpps(7))
    booked = await clinic.book("09:00", practitioner_id=doctor)
    await permanence.says(TOLD, 1)
    drafts = await clinic.get("campaigns", by=people.manager(clinic.org))
    assert [each["cause"] for each in drafts.json()["items"]] == ["rest"]
    assert (await clinic.get(f"appointments/{booked['id']}")).json()["conflict"] == "absence"
    assert await findings(clinic) == {}
    connection = await asyncpg.connect(admin_of(clinic.running.database_url))
    keep = "CREATE TEMP TABLE a AS TABLE absence; CREATE TEMP TABLE w AS TABLE rest_window"
    back = (
        "DELETE FROM absence; INSERT INTO absence TABLE a; DELETE FROM rest_window; INSERT INTO rest_window TABLE w;"
        "UPDATE appointment SET conflict = 'absence'"
    )
    try:
        await connection.execute(keep)
        for plant in PLANTS:
            await connection.execute(plant)
            assert (await findings(clinic)).get("appointments.11") == ("BROKEN", 1), plant
            await connection.execute(back)
        assert await findings(clinic) == {}
    finally:
        await connection.close()
