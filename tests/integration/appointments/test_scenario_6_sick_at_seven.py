"""Scenario 6: a doctor is sick at 7:10, with 22 visits from 8:00. Nobody comes for nothing, and nobody is forgotten.

6 before 10:10 are called at once, in order; 16 get a proposal by SMS; at 9:30, 9 accepted, 3 chose another time, 4 are
to be called. At any instant 22 = moved + cancelled + kept + proposed + to call.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from appointments.campaigns.answering import give_up_waiting
from appointments.main import service
from appointments.messages.sender import send_due
from contracts.appointments import CallNeeded
from contracts.telesecretariat import TaskClosed
from maillage.bus import Bus
from maillage.consumers import Envelope
from maillage.database import Database
from maillage.doctor import check_invariants
from maillage.ids import new_id
from maillage.principal import Principal, system
from maillage.testing import Mailbox
from tests.harness import people
from tests.harness.appointments_world import rule
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import driven

pytestmark = pytest.mark.gated
Json = dict[str, Any]
MONDAY = date(2026, 11, 30)
EARLY = ["08:00", "08:20", "08:40", "09:00", "09:20", "09:40"]
LATER = ["10:20", "10:40", "11:00", "11:20", "11:40"] + [
    f"{hour}:{minutes}" for hour in (14, 15, 16) for minutes in ("00", "20", "40")
] + ["17:00", "17:20"]  # fmt: skip


def at(hour: str, day: date = MONDAY) -> datetime:
    """A local wall time."""
    return datetime.combine(day, time.fromisoformat(hour), PARIS)


@dataclass
class Story:
    """The clinic on that Monday: who is booked with doctor Ada, on which number."""

    clinic: Clinic
    database: Database
    mailbox: Mailbox
    visits: dict[str, Json] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    campaign: Json = field(default_factory=dict)
    called: list[Json] = field(default_factory=list)

    async def book_everybody(self) -> None:
        """22 people with a mobile phone, each with a visit of 20 minutes."""
        for number, hour in enumerate([*EARLY, *LATER]):
            who, phone = await self.clinic.w.patient(self.clinic.org), f"+336399806{number:02}"
            values = "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', $3)"
            await self.clinic.w.connection.execute(values, self.clinic.org, who, phone)
            self.visits[hour] = await self.clinic.book(hour, start=at(hour).isoformat(), patient_id=str(who))
            self.phones[hour] = phone

    async def states(self) -> Json:
        """The campaign's counts, whose sum is always 22."""
        read = (await self.clinic.get(f"campaigns/{self.campaign['id']}")).json()
        assert sum(read["counts"].values()) == read["size"] == 22
        counts: Json = read["counts"]
        return counts

    async def items(self, state: str) -> list[Json]:
        """The items in that state, in order of start."""
        found: list[Json] = (await self.clinic.get(f"campaigns/{self.campaign['id']}", state=state)).json()["items"]
        return found

    async def answers(self, hour: str, answer: str) -> Any:
        """The patient of that visit says yes or no, having proved the number."""
        path = f"appointments/{self.visits[hour]['id']}/proposal/{answer}"
        return await self.clinic.post(path, by=people.patient(self.phones[hour]))


async def test_a_doctor_is_sick_at_seven(clinic: Clinic, mailbox: Mailbox, admin_of: Callable[[str], str]) -> None:
    database = Database(clinic.running.settings)
    await database.open()
    try:
        async with driven(admin_of(clinic.running.database_url)) as clock:
            await clock.to(at("18:00", MONDAY - timedelta(days=3)))
            story = Story(clinic, database, mailbox)
            await build(clinic)
            await story.book_everybody()
            await at_ten_past_seven(story, clock.to)
            await the_first_calls(story, clock.to)
            await until_half_past_nine(story, clock.to)
            await whoever_is_called(story)
            judged = await check_invariants(clinic.running.database_url, "appointments", "appointments")
            assert [each for each in judged if each.state != "ok"] == []
    finally:
        await database.close()


async def build(clinic: Clinic) -> None:
    """Doctor Ada is there on Mondays; Bob every day."""
    await clinic.w.connection.execute("UPDATE visit_reason SET reminder_policy = 'none'")
    mondays = {"rrule": "FREQ=WEEKLY;BYDAY=MO"}
    clinic.ada = await clinic.doctor(rule("08:00", "12:00", **mondays), rule("14:00", "18:00", **mondays))


async def at_ten_past_seven(story: Story, to: Callable[[datetime], Any]) -> None:
    """The manager closes the day and sends the campaign: one act each."""
    await to(at("07:10"))
    manager = people.manager(story.clinic.org)
    day = {"start": at("07:10").isoformat(), "end": at("19:00").isoformat()}
    sick: Json = {"practitioner_id": str(story.clinic.ada), "kind": "sick", **day}
    absence = (await story.clinic.post("absences", sick, by=manager)).json()
    assert absence["conflicts"] == 22
    wish = {"cause": "absence", "cause_id": absence["id"], "deadline": at("09:30").isoformat(), "send": True}
    made = await story.clinic.post("campaigns", wish, by=manager)
    assert made.status_code == 201, made.text
    story.campaign = made.json()
    assert await story.states() == {
        "todo": 0, "proposed": 16, "to_call": 6, "moved": 0, "cancelled": 0, "kept": 0,
    }  # fmt: skip
    assert [item["start"] for item in await story.items("to_call")] == [at(hour).isoformat() for hour in EARLY]
    again = await story.clinic.post("campaigns", wish, by=manager)
    assert (again.status_code, again.json()["code"]) == (409, "NOTHING_TO_MOVE")
    assert again.json()["campaign_id"] == story.campaign["id"]


async def the_first_calls(story: Story, to: Callable[[datetime], Any]) -> None:
    """Before eight, three are reached: one takes the time kept for him, one cancels, one is seen by a colleague."""
    await to(at("07:40"))
    story.called = await story.items("to_call")
    first, second, third = story.called[:3]
    assert (await resolved(story, first, outcome="moved")).status_code == 200
    assert (await resolved(story, second, outcome="cancelled")).status_code == 200
    assert (await resolved(story, third, outcome="kept")).status_code == 200
    fourth = story.called[3]
    await closed(story, fourth, "not_reached")
    again = (await story.items("to_call"))[0]
    assert (again["id"], again["call_need_id"] != fourth["call_need_id"]) == (fourth["id"], True)
    await closed(story, fourth, "not_reached")  # heard twice
    assert (await story.items("to_call"))[0]["call_need_id"] == again["call_need_id"]
    assert (await story.states())["to_call"] == 3


async def until_half_past_nine(story: Story, to: Callable[[datetime], Any]) -> None:
    """9 accept, 3 choose another time; at 9:30 the others go to the telephone."""
    await to(at("08:01"))
    await send_due(story.database)
    told = {message.to for message in story.mailbox.messages if "ne peut avoir lieu" in message.body}
    assert told == {story.phones[hour] for hour in LATER}
    for hour in LATER[:9]:
        accepted = await story.answers(hour, "accept")
        assert accepted.status_code == 200, accepted.text
        assert accepted.json()["id"] == story.visits[hour]["id"]
        assert await story.states()
    for hour, other in zip(LATER[9:12], ("09:00", "09:20", "09:40"), strict=True):
        tomorrow: Json = {
            "start": at(other, MONDAY + timedelta(days=1)).isoformat(),
            "practitioner_id": str(story.clinic.bob),
        }
        chose = await story.clinic.act(story.visits[hour], "move", tomorrow, by=people.patient(story.phones[hour]))
        assert chose.status_code == 200, chose.text
        assert await story.states()
    await to(at("09:29"))
    await give_up_waiting(story.database)
    assert (await story.states())["proposed"] == 4
    await to(at("09:31"))
    await give_up_waiting(story.database)
    counts = await story.states()
    assert (counts["moved"], counts["to_call"], counts["proposed"]) == (13, 7, 0)
    late = await story.answers(LATER[12], "accept")
    assert (late.status_code, late.json()["code"]) == (410, "PROPOSAL_EXPIRED")


async def whoever_is_called(story: Story) -> None:
    """The telesecretaries had a task for each, the nearest visit first; when they are through, nothing is left."""
    four = (await story.items("to_call"))[3:]
    needed = await on_the_bus(story, 11)
    once = [need for need in needed if str(need.ref_id) != story.called[3]["id"]]
    in_order = [item["id"] for item in [*story.called, *four] if item is not story.called[3]]
    assert [str(need.ref_id) for need in sorted(once, key=lambda need: need.due_at)] == in_order
    assert [need.priority for need in needed[:6]] == [9] * 6
    for item in four:
        assert (await resolved(story, item, outcome="cancelled")).status_code == 200
    for item in await story.items("to_call"):  # who came in spite of all is told at the desk
        answer = await story.clinic.post(
            f"campaigns/items/{item['id']}/resolve", {"outcome": "cancelled"}, by=story.clinic.front
        )
        assert answer.status_code == 200, answer.text
    assert await story.states() == {"todo": 0, "proposed": 0, "to_call": 0, "moved": 13, "cancelled": 8, "kept": 1}
    assert (await story.clinic.get(f"campaigns/{story.campaign['id']}")).json()["state"] == "closed"


async def resolved(story: Story, item: Json, by: Principal | None = None, **outcome: Any) -> Any:
    """A telesecretary says what she agreed with the patient."""
    return await story.clinic.post(f"campaigns/items/{item['id']}/resolve", outcome, by=by)


async def on_the_bus(story: Story, count: int) -> list[CallNeeded]:
    """What the telesecretariat hears, in its order."""
    bus = Bus(story.clinic.running.settings.nats_url, story.clinic.running.settings.territory, "telesecretariat")
    await bus.open()
    try:
        await bus.ensure_stream()
        subscription = await bus.subscribe("telesecretariat", [CallNeeded.TYPE], 30)
        story.clinic.running.work()
        heard: list[CallNeeded] = []
        while len(heard) < count:
            for message in await subscription.fetch(64):
                heard.append(CallNeeded.model_validate_json(message.data))
                await message.ack()
        return heard
    finally:
        await bus.close()


async def closed(story: Story, item: Json, outcome: str) -> None:
    """The event of a task that a telesecretary closed."""
    event = TaskClosed(
        id=UUID(item["call_need_id"]),
        client_id=None,
        kind="call_patient",
        state="done",
        outcome=outcome,
        due_at=at("10:00"),
        version=3,
    )
    envelope = Envelope(new_id(), TaskClosed.TYPE, story.clinic.org, 1, datetime.now(UTC))
    for consumer in service.consumers:
        if consumer.type == TaskClosed.TYPE:
            await story.database.run(
                system("appointments"), consumer.handle, event.model_dump_json().encode(), envelope
            )
