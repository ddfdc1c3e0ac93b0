"""Scenario 7: a freed time goes down the waiting list, one person at a time, and the time given up for it goes on.

Nobody else could take Thursday 9:00 meanwhile; no SMS after 20:00.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest

from maillage.doctor import check_invariants
from maillage.testing import Mailbox
from tests.harness import people
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import DrivenClock, driven
from tests.harness.waiting_list import Json, WaitingList, waiting_list

pytestmark = pytest.mark.gated
MONDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 26)
THURSDAY_9, DECEMBER_9 = datetime(2026, 11, 26, 9, tzinfo=PARIS), datetime(2026, 12, 3, 9, tzinfo=PARIS)
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
        story = await Story(clinic, queue, clock, mailbox).begin()
        await story.first_is_asked()
        await story.second_is_asked_and_refuses()
        await story.third_accepts_and_frees_his_own()
        await story.fourth_is_silent()
        await the_evening(clinic, queue, clock, mailbox)
    findings = await check_invariants(clinic.running.database_url, "appointments", "appointments", INVARIANTS)
    assert [(f.name, f.first) for f in findings if f.state != "ok"] == []


@dataclass
class Story:
    """Monday from 10:00 to 18:20."""

    clinic: Clinic
    queue: WaitingList
    clock: DrivenClock
    mailbox: Mailbox
    entries: list[Json] = field(default_factory=list)

    async def begin(self) -> "Story":
        """Thursday 9:00 is booked; the third of four who wait has a later appointment, of 3 December."""
        one, two, three, four = [await self.queue.person(phone) for phone in (FIRST, SECOND, THIRD, FOURTH)]
        self.booked = (await self.queue.take(THURSDAY_9, self.clinic.pat)).json()
        self.later = (await self.queue.take(DECEMBER_9, three)).json()
        self.other = await self.queue.person()
        this_week = {"to_date": THURSDAY.isoformat()}
        self.entries = [
            await self.queue.add(one, **this_week),
            await self.queue.add(two, **this_week),
            await self.queue.add(three, linked_appointment_id=self.later["id"]),
            await self.queue.add(four, from_date="2026-12-01"),
        ]
        assert [entry["rank"] for entry in self.entries] == [1, 2, 3, 2]
        return self

    async def nobody_else_has(self, start: datetime) -> None:
        """Somebody tries to have the time on the phone, at the desk, and to hold it online."""
        clinic = self.clinic
        tries = [await self.queue.take(start, self.other, by) for by in (clinic.desk, clinic.front)]
        tries.append(await clinic.post("holds", clinic.slot("09:00", start=start.isoformat()), by=people.visitor()))
        assert [answer.json()["code"] for answer in tries] == ["SLOT_TAKEN"] * 3

    async def asked(self) -> list[bool]:
        """Who is being asked."""
        return await self.queue.offered(*self.entries)

    def asked_by_sms(self) -> list[str]:
        """To whom offers went, in order."""
        return [message.to for message in reversed(self.mailbox.messages) if "/rdv/o/" in message.body]

    async def first_is_asked(self) -> None:
        """10:00. Thursday 9:00 is given back; its start is over 48 h away: four hours to answer."""
        await self.clock.to(at(MONDAY, "10:00"))
        assert (await self.clinic.act(self.booked, "cancel")).status_code == 200
        await self.nobody_else_has(THURSDAY_9)
        offer = await self.queue.offer(self.entries[0])
        assert offer["start"] == THURSDAY_9.isoformat()
        assert close(offer["expires_at"], at(MONDAY, "14:00"))
        await self.queue.work()
        assert self.asked_by_sms() == [FIRST]

    async def second_is_asked_and_refuses(self) -> None:
        """14:00. The first was silent; the second is asked, and refuses at 14:05."""
        missed = await self.queue.offer(self.entries[0])
        await self.clock.to(at(MONDAY, "13:59"))
        await self.queue.work()
        assert await self.asked() == [True, False, False, False]
        await self.clock.to(at(MONDAY, "14:00") + timedelta(seconds=30))
        await self.queue.work()
        assert await self.asked() == [False, True, False, False]
        await self.nobody_else_has(THURSDAY_9)
        late = await self.queue.answer(missed, "accept", by=people.patient(FIRST))
        assert (late.status_code, late.json()["code"]) == (410, "OFFER_EXPIRED")
        await self.clock.to(at(MONDAY, "14:05"))
        offer = await self.queue.offer(self.entries[1])
        assert (await self.queue.answer(offer, "decline", by=people.patient(SECOND))).status_code == 204
        await self.nobody_else_has(THURSDAY_9)
        await self.queue.work()

    async def third_accepts_and_frees_his_own(self) -> None:
        """14:20. His visit of 3 December moves, and its time goes to the fourth in the same act."""
        await self.clock.to(at(MONDAY, "14:20"))
        offer = await self.queue.offer(self.entries[2])
        accepted = await self.queue.answer(offer, "accept", by=people.patient(THIRD))
        assert accepted.status_code == 200, accepted.text
        assert (accepted.json()["id"], accepted.json()["start"]) == (self.later["id"], THURSDAY_9.isoformat())
        assert accepted.json()["messages"] == ["sms"]
        assert (await self.queue.entry(self.entries[2]))["state"] == "booked"
        await self.nobody_else_has(THURSDAY_9)
        in_turn = await self.queue.offer(self.entries[3])
        assert in_turn["start"] == DECEMBER_9.isoformat()
        assert close(in_turn["expires_at"], at(MONDAY, "18:20"))
        await self.nobody_else_has(DECEMBER_9)
        await self.queue.work()
        assert self.asked_by_sms() == [FIRST, SECOND, THIRD, FOURTH]

    async def fourth_is_silent(self) -> None:
        """18:20. Nobody else waits for December: everybody may have the time."""
        await self.clock.to(at(MONDAY, "18:21"))
        await self.queue.work()
        assert await self.asked() == [False] * 4
        assert (await self.queue.take(DECEMBER_9, self.other)).status_code == 201


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
