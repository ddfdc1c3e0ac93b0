"""Repeat callers, on the running service: nobody calls a fourth time and is left without anything once more."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from telesecretariat.messages.acknowledging import escalate_due
from telesecretariat.telephony.applying import apply
from telesecretariat.telephony.port import Fact
from tests.harness.floor import ADAPTER, VAULT, Floor

Json = dict[str, Any]
NUMBER = "+33639980166"
Arrive = Callable[[], Awaitable[asyncpg.Record]]
WORKER = system("telesecretariat")


@pytest.fixture
async def database(floor: Floor) -> AsyncIterator[Database]:
    opened = Database(floor.running.settings)  # type: ignore[union-attr]
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def arrive(database: Database, floor: Floor) -> Arrive:
    """The number calls; the call as it then waits."""

    async def ring() -> asyncpg.Record:
        line, provider_id = await floor.row("line", floor.line_id), new_id().hex
        told = {"from": NUMBER, "to": line["number"]}
        await database.run(WORKER, apply, ADAPTER, Fact(new_id().hex, "call_arrived", clock.now(), provider_id, told))
        row = await floor.connection.fetchrow("SELECT * FROM call WHERE provider_call_id = $1", provider_id)
        assert row is not None
        return row

    return ring


def ago(**length: float) -> datetime:
    """An instant in the middle of an hour, so that minutes more or less stay in it."""
    then = clock.now().astimezone(UTC) - timedelta(**length)
    return then.replace(minute=30, second=0, microsecond=0)


async def earlier(floor: Floor, at: datetime, **fields: object) -> UUID:
    """A call of the past."""
    known = {"arrived_at": at, "queued_at": at, "priority_at": at, "state_since": at, "ended_at": at}
    return await floor.call(NUMBER, **{"state": "completed", "outcome": "message"} | known | fields)


async def message_of(floor: Floor, call_id: UUID, **fields: object) -> None:
    """A message written in that call."""
    at = clock.now()
    row: dict[str, object] = {
        "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "call_id": call_id,
        "practitioner_id": new_id(), "number_hash": VAULT.hash(NUMBER), "urgency": "routine", "author_id": new_id(),
        "body_sealed": VAULT.seal("Rappeler"), "state": "acknowledged", "action": "will_call_back", "sent_at": at,
        "due_at": at + timedelta(days=1), "created_at": at,
    }  # fmt: skip
    await floor.insert("message", row | fields)


async def callback_of(floor: Floor, call_id: UUID, state: str) -> None:
    at = clock.now()
    await floor.insert("callback", {
        "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "line_id": floor.line_id,
        "origin": "agent", "number_sealed": VAULT.seal(NUMBER), "number_hash": VAULT.hash(NUMBER), "call_id": call_id,
        "state": state, "priority_at": at, "not_before": at, "expires_at": at + timedelta(days=1), "created_at": at,
    })  # fmt: skip


async def abandoned_in_one_hour(floor: Floor) -> None:
    for minutes in (0, 5, 10):
        await earlier(floor, ago(days=2) + timedelta(minutes=minutes), state="abandoned", outcome=None)


async def abandoned_in_three_hours(floor: Floor) -> None:
    for hours in (1, 2, 3):
        await earlier(floor, ago(days=2, hours=hours), state="abandoned", outcome=None)


async def never_queued(floor: Floor) -> None:
    for hours in (1, 2, 3):
        await earlier(floor, ago(hours=hours), state="abandoned", outcome=None, queued_at=None)


async def unclassified(floor: Floor) -> None:
    for minutes in (0, 1, 2):
        await earlier(floor, ago(days=1) + timedelta(minutes=minutes), outcome="unclassified")


async def messages_open(floor: Floor) -> None:
    for days in (14, 10, 3):
        await message_of(floor, await earlier(floor, ago(days=days)))


async def messages_closed(floor: Floor) -> None:
    for days in (14, 10, 3):
        await message_of(floor, await earlier(floor, ago(days=days)), state="closed")


async def callbacks_not_reached(floor: Floor) -> None:
    for state in ("missed", "expired", "open"):
        await callback_of(floor, await earlier(floor, ago(days=1)), state)


async def callbacks_made(floor: Floor) -> None:
    for state in ("done", "done", "cancelled"):
        await callback_of(floor, await earlier(floor, ago(days=1)), state)


async def too_long_ago(floor: Floor) -> None:
    for days in (16, 17, 18):
        await message_of(floor, await earlier(floor, ago(days=days)))


async def of_another_centre(floor: Floor) -> None:
    for days in (1, 2, 3):
        await message_of(floor, await earlier(floor, ago(days=days), organisation_id=new_id()))


async def a_message_past_its_deadline(floor: Floor) -> None:
    call_id = await earlier(floor, ago(days=20))
    await message_of(floor, call_id, state="read", action=None, level=1)


@pytest.mark.parametrize(
    ("past", "counted"),
    [
        (abandoned_in_one_hour, 1),
        (abandoned_in_three_hours, 3),
        (never_queued, 0),
        (unclassified, 3),
        (messages_open, 3),
        (messages_closed, 0),
        (callbacks_not_reached, 3),
        (callbacks_made, 0),
        (too_long_ago, 0),
        (of_another_centre, 0),
        (a_message_past_its_deadline, 3),
    ],
)
async def test_what_counts_as_left_without_an_answer(
    floor: Floor, arrive: Arrive, past: Callable[[Floor], Awaitable[None]], counted: int
) -> None:
    await past(floor)
    call = await arrive()
    assert call["repeat_caller"] == counted
    earned = [each for each in call["head_start"] if each["reason"] == "repeat_caller"]
    assert earned == ([{"reason": "repeat_caller", "seconds": 300}] if counted >= 3 else [])


async def finish(floor: Floor, agent: UUID, call_id: UUID, outcome: str = "information") -> Json:
    async with floor.http(floor.telesecretary(agent)) as desk:
        answer = await desk.post(f"/v1/calls/{call_id}/wrap-up", json={"act": "finish", "outcome": outcome})
        said: Json = answer.json()
        return said


async def wrapping(floor: Floor, agent: UUID, **fields: object) -> UUID:
    """The agent writes up a call of the number."""
    call_id = await floor.talking(agent, NUMBER)
    known = {"state": "wrapping", "wrap_up_until": clock.now() + timedelta(minutes=5)} | fields
    names = ", ".join(f"{name} = ${n}" for n, name in enumerate(known, 2))
    await floor.connection.execute(f"UPDATE call SET {names} WHERE id = $1", call_id, *known.values())
    await floor.connection.execute("UPDATE agent SET work_state = 'wrap_up' WHERE id = $1", agent)
    return call_id


async def test_the_fourth_call_in_fifteen_days_ends_with_an_urgent_message_that_is_told_on(
    floor: Floor, arrive: Arrive, database: Database
) -> None:
    """Scenario 6: messages of 14, 10 and 3 days ago still open."""
    await messages_open(floor)
    call = await arrive()
    assert (call["queued_at"] - call["priority_at"], call["repeat_caller"]) == (timedelta(seconds=300), 3)
    agent, doctor = await floor.agent(), await floor.doctor()
    call_id = await wrapping(floor, agent)
    refused = await finish(floor, agent, call_id)
    assert (refused["status"], refused["code"]) == (409, "REPEAT_CALLER_UNRESOLVED")
    assert all(
        word in refused["detail"] for word in ("rendez-vous", "message urgent", "transfert", "15", "superviseur")
    )
    async with floor.http(floor.telesecretary(agent)) as desk:
        body = {"practitioner_id": str(doctor), "call_id": str(call_id), "body": "Rappeler", "send": True}
        routine = await desk.post("/v1/messages", json=body | {"urgency": "routine"})
        assert routine.status_code == 201
        assert (await finish(floor, agent, call_id))["code"] == "REPEAT_CALLER_UNRESOLVED"
        draft = (await desk.post("/v1/messages", json=body | {"urgency": "urgent", "send": False})).json()
        assert (await finish(floor, agent, call_id))["code"] == "REPEAT_CALLER_UNRESOLVED"
        assert (await desk.post(f"/v1/messages/{draft['id']}/send")).status_code == 200
    assert (await finish(floor, agent, call_id))["state"] == "completed"
    message_id = UUID(draft["id"])
    for minutes in (7, 15, 25):
        row = await floor.row("message", message_id)
        assert row["due_at"] - row["sent_at"] == timedelta(minutes=minutes)
        await floor.connection.execute(
            "UPDATE message SET due_at = due_at - interval '1 hour', sent_at = sent_at - interval '1 hour'"
            " WHERE id = $1 AND due_at > $2", message_id, clock.now(),
        )  # fmt: skip
        await database.run(WORKER, escalate_due)
    assert (await floor.row("message", message_id))["level"] == 3


async def booked(floor: Floor, call_id: UUID) -> None:
    await floor.insert("call_appointment", {
        "appointment_id": new_id(), "organisation_id": floor.centre, "call_id": call_id, "patient_id": new_id(),
        "status": "booked", "starts_at": clock.now(), "event_id": new_id(), "version": 1,
    })  # fmt: skip


async def passed_to_the_15(floor: Floor, call_id: UUID) -> None:
    await floor.insert("red_flag", {
        "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "call_id": call_id,
        "agent_id": new_id(), "state": "closed", "outcome": "handed_to_15", "opened_at": clock.now(),
    })  # fmt: skip


async def transferred(floor: Floor, call_id: UUID) -> None:
    await floor.connection.execute("UPDATE call SET transferred_to = 'number' WHERE id = $1", call_id)


async def supervisor_told(floor: Floor, call_id: UUID) -> None:
    await floor.connection.execute("UPDATE call SET supervisor_told = true WHERE id = $1", call_id)


@pytest.mark.parametrize("enough", [booked, passed_to_the_15, transferred, supervisor_told])
async def test_each_of_these_ends_a_repeat_callers_call(
    floor: Floor, enough: Callable[[Floor, UUID], Awaitable[None]]
) -> None:
    await messages_open(floor)
    agent = await floor.agent()
    call_id = await wrapping(floor, agent)
    assert (await finish(floor, agent, call_id))["code"] == "REPEAT_CALLER_UNRESOLVED"
    await enough(floor, call_id)
    assert (await finish(floor, agent, call_id))["state"] == "completed"


async def test_a_patient_who_calls_from_other_numbers_is_known_once_linked(floor: Floor) -> None:
    patient, agent = new_id(), await floor.agent()
    for days, number in ((14, "+33639980161"), (10, "+33639980162"), (3, "+33639980163")):
        call_id = await floor.call(number, state="completed", outcome="unclassified", arrived_at=ago(days=days))
        await floor.connection.execute("UPDATE call SET patient_id = $2 WHERE id = $1", call_id, patient)
    call_id = await wrapping(floor, agent)
    async with floor.http(floor.telesecretary(agent)) as desk:
        linked = await desk.patch(f"/v1/calls/{call_id}", json={"patient_id": str(patient)})
        assert linked.status_code == 200, linked.text
    assert (await floor.row("call", call_id))["repeat_caller"] == 3
    assert (await finish(floor, agent, call_id))["code"] == "REPEAT_CALLER_UNRESOLVED"
