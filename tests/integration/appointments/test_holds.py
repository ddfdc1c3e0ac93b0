"""Holds over HTTP on a real base: a time kept for one person, until its deadline by the base's clock and no longer."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from appointments.holds import service as holds
from appointments.times.errors import SlotTaken
from maillage.database import Database
from maillage.principal import Principal
from maillage.testing import soon
from tests.harness import people
from tests.harness.clinic import Clinic, Json

IDENTITY = {"birth_family_name": "Durand", "birth_given_names": "Lou", "birth_date": "1990-05-06"}


async def hold(clinic: Clinic, hour: str, by: Principal, **fields: Any) -> Json:
    answer = await clinic.post("holds", clinic.slot(hour, **fields), by=by)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def expire(clinic: Clinic, held: Json, seconds: int = 1) -> None:
    """Plants a deadline that has passed, as if time had gone by."""
    ago = "kit_now() - make_interval(secs => $2)"
    await clinic.w.connection.execute(
        f"UPDATE hold SET expires_at = {ago} WHERE id = $1", UUID(str(held["id"])), seconds
    )
    await clinic.w.connection.execute(
        f"UPDATE busy SET expires_at = {ago} WHERE hold_id = $1", UUID(str(held["id"])), seconds
    )


async def run(clinic: Clinic, by: Principal, use_case: object, *args: object, **kwargs: object) -> object:
    """One use case in one transaction, as the pages and the worker run them."""
    database = Database(clinic.running.settings)
    await database.open()
    try:
        return await database.run(by, use_case, *args, **kwargs)  # type: ignore[arg-type]
    finally:
        await database.close()


async def test_a_held_time_is_nobody_elses_and_stays_its_visitors_after_the_code(clinic: Clinic) -> None:
    visitor = people.visitor("ticket-1")
    held = await hold(clinic, "09:20", visitor)
    assert (held["state"], held["extensions_left"]) == ("held", 10)
    assert await clinic.free(clinic.ada) == "09:00-09:20 09:40-12:00 14:00-18:00"
    taken = await clinic.post("appointments", clinic.wish("09:20"))
    assert (taken.status_code, taken.json()["code"]) == (409, "SLOT_TAKEN")
    lou = people.patient("+33639980001", visitor_id="ticket-1")
    booked = await clinic.post("appointments", {"hold_id": held["id"], "identity": IDENTITY}, by=lou)
    assert (booked.status_code, booked.json()["start"]) == (201, clinic.at("09:20"))
    assert await clinic.count("SELECT count(*) FROM busy WHERE hold_id IS NULL AND expires_at IS NULL") == 1


async def test_a_hold_of_somebody_else_does_not_exist(clinic: Clinic) -> None:
    held = await hold(clinic, "09:20", people.visitor())
    thief = people.patient("+33639980002")
    answers = [
        await clinic.get(f"holds/{held['id']}", by=thief),
        await clinic.post(f"holds/{held['id']}/extend", by=thief),
        await clinic.delete(f"holds/{held['id']}", by=thief),
        await clinic.post("appointments", {"hold_id": held["id"], "identity": IDENTITY}, by=thief),
    ]
    assert [a.status_code for a in answers] == [404] * 4


async def test_a_hold_is_extended_ten_times_ten_minutes(clinic: Clinic) -> None:
    held = await hold(clinic, "09:20", clinic.desk)
    for _ in range(10):
        answer = await clinic.post(f"holds/{held['id']}/extend")
        assert answer.status_code == 200
    row = await clinic.w.connection.fetchrow(
        """SELECT h.expires_at - h.created_at AS life, b.expires_at = h.expires_at AS same
           FROM hold h JOIN busy b ON b.hold_id = h.id"""
    )
    assert row is not None
    assert (row["life"].total_seconds(), row["same"]) == (6600, True)
    spent = await clinic.post(f"holds/{held['id']}/extend")
    assert (spent.status_code, spent.json()["code"]) == (409, "EXTENSIONS_SPENT")


async def test_past_its_deadline_a_hold_is_gone_for_its_owner_and_free_for_others_without_any_worker(
    clinic: Clinic,
) -> None:
    held = await hold(clinic, "09:20", clinic.desk)
    await expire(clinic, held)
    late = [
        await clinic.post(f"holds/{held['id']}/extend"),
        await clinic.post("appointments", {"hold_id": held["id"], "patient_id": str(clinic.pat)}),
    ]
    assert [(a.status_code, a.json()["code"]) for a in late] == [(410, "HOLD_EXPIRED")] * 2
    other = await clinic.book("09:30", by=clinic.front)
    assert other["start"] == clinic.at("09:30")
    assert await clinic.free(clinic.ada) == "09:00-09:30 09:50-12:00 14:00-18:00"
    assert (await clinic.get(f"holds/{held['id']}")).json()["state"] == "lapsed"


async def test_the_worker_gives_the_time_of_dead_holds_back_and_says_so(clinic: Clinic) -> None:
    held = await hold(clinic, "09:20", clinic.desk)
    alive = await hold(clinic, "10:00", clinic.front)
    await expire(clinic, held)
    before = await clinic.count("SELECT count(*) FROM kit.outbox WHERE type = 'appointments.availability_changed.v1'")
    clinic.running.work()

    async def given_back() -> bool:
        return await clinic.free(clinic.ada) == "09:00-10:00 10:20-12:00 14:00-18:00"

    assert await soon(given_back)
    assert (await clinic.get(f"holds/{alive['id']}", by=clinic.front)).json()["state"] == "held"
    assert await clinic.count("SELECT count(*) FROM busy") == 1
    after = await clinic.count("SELECT count(*) FROM kit.outbox WHERE type = 'appointments.availability_changed.v1'")
    assert after == before + 1


async def test_a_hold_confirmed_twice_names_the_appointment(clinic: Clinic) -> None:
    held = await hold(clinic, "09:20", clinic.desk)
    body: Json = {"hold_id": held["id"], "patient_id": str(clinic.pat)}
    first = await clinic.post("appointments", body, key="a")
    again = await clinic.post("appointments", body, key="a")
    other = await clinic.post("appointments", body, key="b")
    assert (first.status_code, again.content) == (201, first.content)
    assert (other.status_code, other.json()["code"]) == (409, "HOLD_USED")
    assert other.json()["appointment_id"] == first.json()["id"]
    assert (await clinic.delete(f"holds/{held['id']}")).json()["code"] == "HOLD_USED"


async def test_given_back_a_time_is_free_at_once_and_giving_it_back_again_is_nothing(clinic: Clinic) -> None:
    held = await hold(clinic, "09:20", clinic.desk)
    assert [(await clinic.delete(f"holds/{held['id']}")).status_code for _ in range(2)] == [204, 204]
    assert await clinic.free(clinic.ada) == "09:00-12:00 14:00-18:00"
    used = await clinic.post("appointments", {"hold_id": held["id"], "patient_id": str(clinic.pat)})
    assert (used.status_code, used.json()["code"]) == (410, "HOLD_EXPIRED")


async def test_a_visitor_keeps_one_time_and_his_words_go_along(clinic: Clinic) -> None:
    visitor = people.visitor()
    first = await hold(clinic, "09:00", visitor)
    await run(clinic, visitor, holds.remember, UUID(str(first["id"])), {"birth_family_name": "Durand"})
    lost = await clinic.post("holds", clinic.slot("08:00"), by=visitor)
    assert lost.json()["code"] == "SLOT_NOT_OPEN"
    assert await clinic.free(clinic.ada) == "09:20-12:00 14:00-18:00"
    second = await hold(clinic, "10:00", visitor)
    assert await clinic.free(clinic.ada) == "09:00-10:00 10:20-12:00 14:00-18:00"
    assert await run(clinic, visitor, holds.words, UUID(str(second["id"]))) == {"birth_family_name": "Durand"}
    assert (await clinic.get(f"holds/{first['id']}", by=visitor)).json()["state"] == "released"
    both = [await hold(clinic, "11:00", clinic.desk), await hold(clinic, "11:20", clinic.desk)]
    assert [each["state"] for each in both] == ["held", "held"]


async def test_a_lapsed_hold_takes_its_time_again_if_it_is_still_free(clinic: Clinic) -> None:
    visitor, other = people.visitor(), people.visitor()
    held = await hold(clinic, "09:20", visitor)
    await expire(clinic, held)
    await run(clinic, people.system("appointments"), holds.lapse)
    assert await clinic.free(clinic.ada) == "09:00-12:00 14:00-18:00"
    await run(clinic, visitor, holds.renew, UUID(str(held["id"])))
    assert await clinic.free(clinic.ada) == "09:00-09:20 09:40-12:00 14:00-18:00"
    await expire(clinic, held)
    await hold(clinic, "09:20", other)
    answer = await clinic.post(
        "appointments", {"hold_id": held["id"], "identity": IDENTITY}, by=people.patient("+33639980001")
    )
    assert answer.status_code == 404
    with pytest.raises(SlotTaken):
        await run(clinic, visitor, holds.renew, UUID(str(held["id"])))


async def test_words_of_a_lapsed_hold_are_wiped_after_half_an_hour(clinic: Clinic) -> None:
    visitor = people.visitor()
    held = await hold(clinic, "09:20", visitor)
    await run(clinic, visitor, holds.remember, UUID(str(held["id"])), {"birth_family_name": "Durand"}, identified=True)
    await expire(clinic, held)
    await run(clinic, people.system("appointments"), holds.lapse)
    await run(clinic, people.system("appointments"), holds.forget)
    assert await clinic.count("SELECT count(*) FROM hold WHERE identity <> '{}'") == 1
    await clinic.w.connection.execute("UPDATE hold SET closed_at = kit_now() - interval '31 minutes'")
    await run(clinic, people.system("appointments"), holds.forget)
    assert await clinic.count("SELECT count(*) FROM hold WHERE identity <> '{}'") == 0


async def test_an_online_hold_and_a_phone_booking_never_both_get_a_time(clinic: Clinic) -> None:
    patients = [await clinic.w.patient(clinic.org) for _ in range(12)]

    async def pair(place: int) -> tuple[int, int]:
        hour = f"{9 + place // 6:02}:{place % 6 * 10:02}"
        wish = clinic.wish(hour, patient_id=patients[place])
        visit = clinic.post("holds", clinic.slot(hour), by=people.visitor())
        held, booked = await asyncio.gather(visit, clinic.post("appointments", wish))
        return held.status_code, booked.status_code

    answers = [await pair(place) for place in range(0, 12, 2)]
    assert set(answers) <= {(201, 409), (409, 201)}
    assert await clinic.count("SELECT count(*) FROM busy") == 6
