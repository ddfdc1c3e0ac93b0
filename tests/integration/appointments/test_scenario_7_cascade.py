"""Scenario 7: a freed time goes down the waiting list, one person at a time, and the time given up for it goes on.

Nobody else could take Thursday 9:00 meanwhile; no SMS after 20:00.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from maillage.doctor import check_invariants
from maillage.testing import Mailbox
from tests.harness import people
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import DrivenClock, driven
from tests.harness.waiting_list import WaitingList, waiting_list

MONDAY, THURSDAY, NEXT_THURSDAY = date(2026, 11, 23), date(2026, 11, 26), date(2026, 12, 3)
FIRST, SECOND, THIRD, FOURTH, FIFTH = (f"+3363998070{n}" for n in range(1, 6))
INVARIANTS = ("I1", "I2", "I6", "I7", "I11", "appointments.2", "appointments.7", "appointments.14")


def at(day: date, hour: str) -> datetime:
    """A local wall time."""
    return datetime.combine(day, time.fromisoformat(hour), PARIS)


def close(answer_by: str, expected: datetime) -> bool:
    """The same instant, but for the moment that the steps before it took."""
    return abs(datetime.fromisoformat(answer_by) - expected) < timedelta(minutes=1)


async def test_a_freed_time_goes_from_one_who_waits_to_the_next(
    clinic: Clinic, mailbox: Mailbox, admin_of: Callable[[str], str]
) -> None:
    async with driven(admin_of(clinic.running.database_url)) as clock, waiting_list(clinic) as queue:
        await clock.to(at(MONDAY, "08:30"))
        await clinic.build()  # a centre whose agendas begin on that Monday
        await the_cascade(clinic, queue, clock, mailbox)
        await the_evening(clinic, queue, clock, mailbox)
    findings = await check_invariants(clinic.running.database_url, "appointments", "appointments", INVARIANTS)
    assert [(f.name, f.first) for f in findings if f.state != "ok"] == []


async def the_cascade(clinic: Clinic, queue: WaitingList, clock: DrivenClock, mailbox: Mailbox) -> None:
    """From Monday 10:00 to 18:20."""
    thursday, next_thursday = at(THURSDAY, "09:00"), at(NEXT_THURSDAY, "09:00")
    one, two, three, four = [await queue.person(phone) for phone in (FIRST, SECOND, THIRD, FOURTH)]
    booked = (await queue.take(thursday, clinic.pat)).json()
    later = (await queue.take(next_thursday, three)).json()
    this_week = {"to_date": THURSDAY.isoformat()}
    first, second = await queue.add(one, **this_week), await queue.add(two, **this_week)
    third = await queue.add(three, linked_appointment_id=later["id"])
    fourth = await queue.add(four, from_date="2026-12-01")
    assert [entry["rank"] for entry in (first, second, third, fourth)] == [1, 2, 3, 2]
    other = await queue.person()

    async def nobody_else_has(start: datetime) -> bool:
        """Somebody tries to have the time on the phone, at the desk, and to hold it online."""
        tries = [await queue.take(start, other, by) for by in (clinic.desk, clinic.front)]
        tries.append(await clinic.post("holds", clinic.slot("09:00", start=start.isoformat()), by=people.visitor()))
        return [answer.json()["code"] for answer in tries] == ["SLOT_TAKEN"] * 3

    # Monday 10:00. Thursday 9:00 is given back, and the first is asked; the start is over 48 h away: four hours.
    await clock.to(at(MONDAY, "10:00"))
    assert (await clinic.act(booked, "cancel")).status_code == 200
    assert await nobody_else_has(thursday)
    asked = await queue.offer(first)
    assert asked["start"] == thursday.isoformat()
    assert close(asked["expires_at"], at(MONDAY, "14:00"))
    await queue.work()
    assert [message.to for message in mailbox.messages if "/rdv/o/" in message.body] == [FIRST]

    # 14:00. The first was silent; the second is asked, and refuses at 14:05.
    await clock.to(at(MONDAY, "13:59"))
    await queue.work()
    assert await queue.offered(first, second, third) == [True, False, False]
    await clock.to(at(MONDAY, "14:00") + timedelta(seconds=30))
    await queue.work()
    assert await queue.offered(first, second, third) == [False, True, False]
    assert await nobody_else_has(thursday)
    late = await queue.answer(asked, "accept", by=people.patient(FIRST))
    assert (late.status_code, late.json()["code"]) == (410, "OFFER_EXPIRED")
    await clock.to(at(MONDAY, "14:05"))
    refused = await queue.answer(await queue.offer(second), "decline", by=people.patient(SECOND))
    assert refused.status_code == 204
    assert await nobody_else_has(thursday)
    await queue.work()

    # 14:20. The third accepts; his visit of 3 December moves, and its time goes to the fourth in the same act.
    await clock.to(at(MONDAY, "14:20"))
    accepted = await queue.answer(await queue.offer(third), "accept", by=people.patient(THIRD))
    assert accepted.status_code == 200, accepted.text
    assert (accepted.json()["id"], accepted.json()["start"]) == (later["id"], thursday.isoformat())
    assert accepted.json()["messages"] == ["sms"]
    assert (await queue.entry(third))["state"] == "booked"
    assert await nobody_else_has(thursday)
    in_turn = await queue.offer(fourth)
    assert in_turn["start"] == next_thursday.isoformat()
    assert close(in_turn["expires_at"], at(MONDAY, "18:20"))
    assert await nobody_else_has(next_thursday)
    await queue.work()
    asked_by_sms = [message.to for message in reversed(mailbox.messages) if "/rdv/o/" in message.body]
    assert asked_by_sms == [FIRST, SECOND, THIRD, FOURTH]

    # 18:20. The fourth was silent and nobody else waits for December: everybody may have 3 December.
    await clock.to(at(MONDAY, "18:21"))
    await queue.work()
    assert await queue.offered(fourth) == [False]
    assert (await queue.take(next_thursday, other)).status_code == 201


async def the_evening(clinic: Clinic, queue: WaitingList, clock: DrivenClock, mailbox: Mailbox) -> None:
    """At 20:30 another time of Thursday is given back: no SMS leaves, and no clock runs against anybody before 8:00."""
    five = await queue.person(FIFTH)
    given = (await queue.take(at(THURSDAY, "10:00"))).json()
    fifth = await queue.add(five, from_date=THURSDAY.isoformat(), to_date=THURSDAY.isoformat())
    await queue.work()
    before = len(mailbox.messages)
    await clock.to(at(MONDAY, "20:30"))
    assert (await clinic.act(given, "cancel")).status_code == 200
    await queue.work()
    assert len(mailbox.messages) == before
    assert close((await queue.offer(fifth))["expires_at"], at(date(2026, 11, 24), "12:00"))
    await clock.to(at(date(2026, 11, 24), "08:00") + timedelta(seconds=5))
    await queue.work()
    assert [message.to for message in mailbox.messages[: len(mailbox.messages) - before]] == [FIFTH]
