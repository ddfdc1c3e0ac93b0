"""Offers of the waiting list over HTTP: what is answered, by whom and when, and what else ends them."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import asyncpg

from appointments.waiting.service import expire_offer
from maillage.doctor import check_invariants
from maillage.ids import new_id
from maillage.principal import system
from tests.harness import people
from tests.harness.clinic import Clinic
from tests.harness.waiting_list import WaitingList, waiting_list

MOBILE, OTHER = "+33639980711", "+33639980712"
WORKER = system("appointments")


# --- answers ------------------------------------------------------------------------------------------------------


async def test_accepted_twice_from_two_devices_and_late(clinic: Clinic, queue: WaitingList) -> None:
    mine = people.patient(MOBILE)
    first, second = await queue.add(await queue.person(MOBILE)), await queue.add(await queue.person(OTHER))
    await queue.free()
    offer = await queue.offer(first)
    two = await asyncio.gather(*(queue.answer(offer, "accept", by=by) for by in (mine, people.patient(MOBILE))))
    again = await queue.answer(offer, "accept", by=clinic.desk)
    assert [answer.status_code for answer in (*two, again)] == [200, 200, 200]
    assert len({answer.json()["id"] for answer in (*two, again)}) == 1
    assert two[0].json()["channel"] == "online"
    assert await queue.state(offer) == "accepted taken"
    assert await clinic.count("SELECT count(*) FROM appointment WHERE status = 'booked'") == 1
    assert await clinic.count("SELECT count(*) FROM message WHERE kind = 'confirmation' AND state = 'planned'") == 1
    assert (await queue.answer(offer, "decline", by=mine)).json()["code"] == "OFFER_EXPIRED"
    assert (await queue.answer({"id": new_id()}, "accept", by=mine)).status_code == 404
    # The other one is late by a millisecond, before the worker has seen it.
    await queue.free("10:00")
    offer = await queue.offer(second)
    await queue.overdue(offer)
    late = await queue.answer(offer, "accept", by=people.patient(OTHER))
    assert (late.status_code, late.json()["code"]) == (410, "OFFER_EXPIRED")
    await queue.work()
    assert await queue.state(offer) == "expired open"


async def test_accepted_and_expired_in_the_same_instant_exactly_one_wins(clinic: Clinic, queue: WaitingList) -> None:
    """The worker ends the offer while its answer is on the way; whoever locks it first decides, the other sees it."""
    for hour in ("09:00", "09:40", "10:20", "11:00"):
        entry = await queue.add(await queue.person())
        await queue.free(hour)
        offer = await queue.offer(entry)
        ended = queue.database.run(WORKER, expire_offer, UUID(offer["id"]))
        answer, _ = await asyncio.gather(queue.answer(offer, "accept"), ended)
        assert await queue.state(offer) == {200: "accepted taken", 410: "void open"}[answer.status_code]
        held = await queue.take(clinic.moment(hour))
        assert held.status_code == {200: 409, 410: 201}[answer.status_code]
        await clinic.delete(f"waiting-entries/{entry['id']}")


async def test_two_times_given_back_at_once_and_one_who_waits(clinic: Clinic, queue: WaitingList) -> None:
    booked = [await clinic.book(hour, patient_id=await queue.person()) for hour in ("09:00", "10:00")]
    entry = await queue.add(await queue.person())
    answers = await asyncio.gather(*(clinic.act(each, "cancel") for each in booked))
    assert [answer.status_code for answer in answers] == [200, 200]
    offer = await queue.offer(entry)
    assert await clinic.count("SELECT count(*) FROM waiting_offer") == 1
    takes = [await queue.take(clinic.moment(hour)) for hour in ("09:00", "10:00")]
    assert sorted(answer.status_code for answer in takes) == [201, 409]
    assert (await queue.answer(offer, "accept")).status_code == 200


async def test_who_has_got_another_visit_meanwhile_does_not_keep_the_time(clinic: Clinic, queue: WaitingList) -> None:
    who = await queue.person()
    first, second = await queue.add(who), await queue.add(await queue.person())
    await queue.free()
    offer = await queue.offer(first)
    await clinic.book("09:10", patient_id=who, practitioner_id=clinic.bob)
    refused = await queue.answer(offer, "accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "PATIENT_BUSY")
    assert await queue.state(offer) == "void offered"
    assert await queue.offered(first, second) == [False, True]
    assert (await clinic.delete(f"waiting-entries/{second['id']}")).status_code == 204
    assert (await queue.entry(second))["state"] == "withdrawn"
    assert (await queue.take(clinic.moment("09:00"))).status_code == 201


# --- what else happens --------------------------------------------------------------------------------------------


async def test_an_absence_makes_the_offer_void_and_days_that_are_over_end_the_entry(
    clinic: Clinic, queue: WaitingList
) -> None:
    entry = await queue.add(await queue.person())
    await queue.free()
    offer = await queue.offer(entry)
    absence: dict[str, object] = {
        "practitioner_id": str(clinic.ada),
        "start": clinic.at("08:00"),
        "end": clinic.at("12:00"),
        "kind": "sick",
    }
    assert (await clinic.post("absences", absence, by=people.manager(clinic.org))).status_code == 201
    assert await queue.state(offer) == "void open"
    assert (await queue.entry(entry))["state"] == "waiting"
    assert (await queue.answer(offer, "accept")).json()["code"] == "OFFER_EXPIRED"
    await clinic.w.connection.execute("UPDATE waiting_entry SET from_date = $1, to_date = $1", clinic.day(-1))
    await queue.work()
    assert (await queue.entry(entry))["state"] == "expired"
    assert (await clinic.delete(f"waiting-entries/{entry['id']}")).json()["code"] == "WRONG_STATE"


async def test_the_linked_appointment_changes_by_hand(clinic: Clinic, queue: WaitingList) -> None:
    who = await queue.person()
    linked = await clinic.book("11:00", 10, patient_id=who)
    entry = await queue.add(who, linked_appointment_id=linked["id"])
    await queue.free("10:00", 12)  # later than what he has
    assert await queue.offered(entry) == [False]
    await queue.free("10:00", 3)
    offer = await queue.offer(entry)
    assert (await clinic.act(linked, "move", {"start": clinic.at("09:00", 2)})).status_code == 200
    assert await queue.state(offer) == "void open"
    moved = await queue.entry(entry)
    assert (moved["state"], moved["linked_appointment_id"]) == ("waiting", linked["id"])
    assert (await clinic.act(linked, "cancel")).status_code == 200
    assert (await queue.entry(entry))["linked_appointment_id"] is None


# --- invariants ---------------------------------------------------------------------------------------------------

PLANTS = (
    "UPDATE waiting_entry SET state = 'waiting' WHERE state = 'offered'",
    "DELETE FROM busy WHERE hold_id IS NOT NULL",
    "UPDATE freed_time SET state = 'open' WHERE state = 'offered'",
    "UPDATE waiting_offer SET appointment_id = NULL WHERE state = 'accepted'",
    """DROP INDEX one_live_offer;
       UPDATE waiting_offer SET state = 'sent', expires_at = kit_now() WHERE state = 'declined'""",
)


async def test_each_planted_break_of_an_offer_is_named(clinic: Clinic, admin_of: Callable[[str], str]) -> None:
    async with waiting_list(clinic) as queue:
        first, second, third = [await queue.add(await queue.person()) for _ in range(3)]
        await queue.free()
        await queue.answer(await queue.offer(first), "decline")
        await queue.answer(await queue.offer(second), "accept")
        await queue.free("10:00")
        assert await queue.offered(first, second, third) == [False, False, True]
    connection = await asyncpg.connect(admin_of(clinic.running.database_url))

    async def broken() -> int:
        (finding,) = await check_invariants(
            clinic.running.database_url, "appointments", "appointments", ["appointments.14"]
        )
        return finding.count

    assert await broken() == 0
    try:
        for number, statement in enumerate(PLANTS):
            before = await broken()
            await connection.execute(statement)
            assert await broken() > before, number
    finally:
        await connection.close()
