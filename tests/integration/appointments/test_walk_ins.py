"""Who comes without an appointment: the next place of today, taken at the desk, and the queue."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest_asyncio

from maillage.ids import new_id
from tests.harness import people
from tests.harness.appointments_world import rule
from tests.harness.clinic import PARIS, Clinic, Json
from tests.harness.driven_clock import DrivenClock, driven

DAY = (2026, 11, 24)


def at(hour: int, minute: int = 0, day: int = DAY[2]) -> datetime:
    """A local time of the day of the test."""
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


@pytest_asyncio.fixture
async def time(clinic: Clinic, admin_of: Callable[[str], str]) -> AsyncIterator[DrivenClock]:
    """Tuesday, 10:02."""
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(at(10, 2))
        yield time


async def come(clinic: Clinic, patient: UUID | None = None, **fields: object) -> Json:
    """What the front desk is answered for somebody new, unless told otherwise; `code` on refusals."""
    who = patient or await clinic.w.patient(clinic.org)
    body: Json = {"patient_id": str(who), "reason_id": str(clinic.reason), "site_id": str(clinic.site), **fields}
    answer = await clinic.post("walk-ins", body, by=clinic.front)
    said: Json = answer.json()
    return said


def hour_of(said: Json) -> str:
    """Its local start."""
    return datetime.fromisoformat(str(said["start"])).strftime("%H:%M")


async def test_the_next_place_of_today_least_busy_first_then_full(clinic: Clinic, time: DrivenClock) -> None:
    cleo = await clinic.doctor(rule("10:00", "11:00", kind="walk_in"))
    dan = await clinic.doctor(rule("10:30", "11:00", kind="walk_in"))
    first = await come(clinic, clinic.pat)
    assert (first["status"], first["version"], first["walk_in"], first["rank"]) == ("arrived", 2, True, 1)
    assert (first["channel"], hour_of(first), first["practitioner_id"]) == ("desk", "10:05", str(cleo))
    history = (await clinic.get(f"appointments/{first['id']}/history")).json()["items"]
    assert [(line["version"], line["event"]) for line in history] == [(1, "book"), (2, "arrive")]
    told = await clinic.w.connection.fetch("SELECT type FROM kit.outbox WHERE subject_id = $1", UUID(str(first["id"])))
    assert sorted(row["type"].split(".")[1] for row in told) == ["appointment_arrived", "appointment_booked"]
    assert await clinic.count("SELECT count(*) FROM message") == 0

    second, third = await come(clinic), await come(clinic)
    # 10:30 for the one who sees nobody yet comes after 10:25, and before 10:45.
    assert [hour_of(second), hour_of(third)] == ["10:25", "10:30"]
    assert third["practitioner_id"] == str(dan)
    refused = await come(clinic, practitioner_id=str(dan))
    assert (refused["code"], refused["next_opening"]) == ("WALK_IN_FULL", at(10, 30, 25).isoformat())
    await clinic.act(second, "leave", by=clinic.front)
    assert hour_of(await come(clinic)) == "10:25"

    await time.to(at(12))
    assert (await come(clinic))["code"] == "NO_WALK_IN_TODAY"
    asked: dict[str, Any] = {"from": at(8, 0, 25).isoformat(), "to": at(8, 0, 26).isoformat()}
    slots = await clinic.get("slots", reason=str(clinic.reason), practitioner=str(cleo), **asked)
    assert slots.json()["items"] == []  # never offered
    wish = clinic.slot("10:00", patient_id=str(clinic.pat), practitioner_id=cleo, start=at(10, 0, 25).isoformat())
    assert (await clinic.post("appointments", wish)).json()["code"] == "SLOT_NOT_OPEN"


async def test_two_desks_at_once_give_different_places(clinic: Clinic, time: DrivenClock) -> None:
    await clinic.doctor(rule("10:00", "11:25", kind="walk_in"))
    crowd = [await clinic.w.patient(clinic.org) for _ in range(6)]
    said = await asyncio.gather(*(come(clinic, each) for each in crowd))
    taken = [each for each in said if "code" not in each]
    assert sorted(hour_of(each) for each in taken) == ["10:05", "10:25", "10:45", "11:05"]
    assert [each["code"] for each in said if "code" in each] == ["WALK_IN_FULL"] * 2
    busy = await come(clinic, UUID(str(taken[0]["patient_id"])))
    assert busy["code"] in ("WALK_IN_FULL", "PATIENT_BUSY")


async def test_the_queue_says_who_waits_in_which_order(clinic: Clinic, time: DrivenClock) -> None:
    await clinic.doctor(rule("10:00", "11:30", kind="walk_in"))
    one, two, three = [await come(clinic) for _ in range(3)]
    nurse = people.nurse(clinic.org, person=new_id())
    await clinic.act(one, "fulfil", by=nurse)
    await clinic.act(two, "leave", by=clinic.front)
    queue = (await clinic.get("walk-ins", site=str(clinic.site), by=clinic.front)).json()
    assert [(line["rank"], line["state"]) for line in queue["items"]] == [(1, "seen"), (2, "left"), (3, "waiting")]
    assert (queue["waiting"], queue["seen"], queue["left"]) == (1, 1, 1)
    assert queue["items"][2]["estimated_at"] == three["start"]
    assert queue["items"][0]["estimated_at"] is None
    page = (await clinic.get("walk-ins", site=str(clinic.site), limit=2)).json()
    rest = (await clinic.get("walk-ins", site=str(clinic.site), limit=2, cursor=page["next_cursor"])).json()
    assert [line["rank"] for line in rest["items"]] == [3]
    empty = await clinic.get("walk-ins", site=str(clinic.site), day=(at(0) + timedelta(days=1)).date().isoformat())
    assert empty.json()["items"] == []


async def test_who_may_take_in_and_who_may_look(clinic: Clinic, time: DrivenClock) -> None:
    await clinic.doctor(rule("10:00", "11:30", kind="walk_in"))
    body: Json = {"patient_id": str(clinic.pat), "reason_id": str(clinic.reason), "site_id": str(clinic.site)}
    for who, status in (
        (clinic.desk, 403),
        (people.manager(clinic.org), 403),
        (people.patient("+33639980551"), 403),
        (people.front_desk(new_id()), 404),
        (people.nurse(clinic.org, person=new_id()), 201),
    ):
        assert (await clinic.post("walk-ins", body, by=who)).status_code == status, who
    for who, status in ((people.patient("+33639980551"), 403), (people.front_desk(new_id()), 404), (clinic.desk, 200)):
        assert (await clinic.get("walk-ins", site=str(clinic.site), by=who)).status_code == status, who
    identity = {"birth_family_name": "Nouveau", "birth_given_names": "Camille", "birth_date": "1990-05-01"}
    both: Json = {**body, "identity": identity}
    assert (await clinic.post("walk-ins", both, by=clinic.front)).status_code == 422
    new = {name: value for name, value in both.items() if name != "patient_id"}
    first = await clinic.post("walk-ins", new, by=clinic.front, key="desk-1")
    again = await clinic.post("walk-ins", new, by=clinic.front, key="desk-1")
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert (await clinic.post("walk-ins", new, by=clinic.front)).json()["code"] == "DUPLICATE_SUSPECTED"
