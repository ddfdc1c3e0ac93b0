"""Tasks and hand-overs, on the running service: what is left to do is seen, taken by one, and passed on."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.appointments import CallNeeded, CallSettled
from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import soon
from tests.harness.floor import Floor
from tests.harness.publishing import Publisher

Json = dict[str, Any]
NOTE = "Rappeler pour le résultat du dosage"


def follow_up(floor: Floor, **fields: object) -> Json:
    due_at = (clock.now() + timedelta(hours=2)).isoformat()
    return {
        "client_id": str(floor.client_id), "kind": "follow_up", "due_at": due_at, "patient_id": str(new_id()),
        "note": NOTE,
    } | fields  # fmt: skip


async def post(floor: Floor, caller: Principal, path: str, body: Json | None = None) -> Json:
    """An act; its answer or its refusal."""
    async with floor.http(caller) as client:
        answer: Json = (await client.post(f"/v1/{path}", json=body)).json()
        return answer


async def listed(floor: Floor, caller: Principal, path: str) -> list[Json]:
    async with floor.http(caller) as client:
        items: list[Json] = (await client.get(f"/v1/{path}")).json()["items"]
        return items


async def test_a_task_is_taken_by_one_and_the_other_learns_who(floor: Floor) -> None:
    first, second = await floor.agent("poste 1"), await floor.agent("poste 2")
    task = await post(floor, floor.telesecretary(first), "tasks", follow_up(floor))
    assert (task["state"], task["note"], task["late"]) == ("open", NOTE, False)
    takers = (first, second) * 4
    path = f"tasks/{task['id']}/take"
    answers = await asyncio.gather(*(post(floor, floor.telesecretary(taker), path) for taker in takers))
    owners = {answer["owner_id"] for answer in answers if "owner_id" in answer}
    assert len(owners) == 1
    winner = UUID(owners.pop())
    loser = second if winner == first else first
    refused = [answer for answer in answers if "code" in answer]
    assert len(refused) == 4
    label = "poste 1" if winner == first else "poste 2"
    assert {(answer["code"], answer["taken_by"]) for answer in refused} == {("TASK_TAKEN", label)}
    assert (await post(floor, floor.telesecretary(loser), f"tasks/{task['id']}/done", {}))["code"] == "TASK_TAKEN"
    over = await post(floor, floor.supervisor(), f"tasks/{task['id']}/take")
    assert over["owner_id"] not in (str(first), str(second))
    done = await post(floor, floor.supervisor(), f"tasks/{task['id']}/done", {"outcome": "reached"})
    assert (done["state"], done["outcome"]) == ("done", "reached")
    assert (await post(floor, floor.supervisor(), f"tasks/{task['id']}/cancel"))["code"] == "WRONG_STATE"
    assert await listed(floor, floor.telesecretary(first), "tasks") == []
    told = await floor.connection.fetch(
        "SELECT type, payload::json ->> 'state' AS state FROM kit.outbox ORDER BY sequence"
    )
    assert [tuple(each) for each in told] == [
        ("telesecretariat.task_opened.v1", "open"), ("telesecretariat.task_opened.v1", "taken"),
        ("telesecretariat.task_opened.v1", "taken"), ("telesecretariat.task_closed.v1", "done"),
    ]  # fmt: skip


async def test_a_task_is_of_its_client_alone_and_its_note_is_read_one_by_one(floor: Floor) -> None:
    agent = await floor.agent()
    desk = floor.telesecretary(agent)
    task = await post(floor, desk, "tasks", follow_up(floor))
    [item] = await listed(floor, desk, "tasks")
    assert "note" not in item
    async with floor.http(desk) as client:
        assert (await client.get(f"/v1/tasks/{task['id']}")).json()["note"] == NOTE
    elsewhere = floor.telesecretary(await floor.agent("poste 2", assigned=False))
    for caller in (floor.stranger(), elsewhere):
        assert await listed(floor, caller, "tasks") == []
        assert (await post(floor, caller, f"tasks/{task['id']}/take"))["code"] == "NOT_FOUND"
        assert (await post(floor, caller, "tasks", follow_up(floor)))["code"] == "NOT_FOUND"
    nobody = await post(floor, desk, "tasks", follow_up(floor, patient_id=None))
    assert (nobody["code"], nobody["errors"][0]["pointer"]) == ("INVALID", "/patient_id")
    late = await post(floor, desk, "tasks", follow_up(floor, due_at=(clock.now() - timedelta(hours=1)).isoformat()))
    assert [(item["id"], item["late"]) for item in await listed(floor, desk, "tasks")] == [
        (late["id"], True), (task["id"], False),
    ]  # fmt: skip
    row = await floor.row("task", UUID(task["id"]))
    assert NOTE.encode() not in row["note_sealed"]


def need(**fields: object) -> Json:
    return {
        "call_need_id": new_id(), "patient_id": new_id(), "cause": "campaign", "ref_id": new_id(),
        "due_at": clock.now() + timedelta(days=1), "priority": 1,
    } | fields  # fmt: skip


async def _heard_backwards(floor: Floor, publisher: Publisher, known: Json) -> None:
    """A need that was settled after it was told, and is heard of in the other order: it never opens."""
    first = publisher.count
    publisher.count = first + 1
    await publisher.send((CallSettled(**known), floor.centre))
    publisher.count = first
    await publisher.send((CallNeeded(**known), floor.centre))
    publisher.count = first + 2


async def test_a_need_of_appointments_is_a_task_of_the_same_id_until_it_is_settled(floor: Floor) -> None:
    agent = await floor.agent()
    desk = floor.telesecretary(agent)
    one, other = need(), need()
    publisher = Publisher(floor.running.settings)  # type: ignore[union-attr]
    await publisher.bus.open()
    try:
        await publisher.bus.ensure_stream()
        floor.work()
        await publisher.send((CallNeeded(**one), floor.centre))
        await _heard_backwards(floor, publisher, other)

        async def heard() -> bool:
            return bool(
                await floor.connection.fetchval("SELECT count(*) FROM kit.inbox WHERE type LIKE 'appointments.call%'")
                == 3
            )

        await soon(heard)
        [task] = await listed(floor, desk, "tasks")
        assert (task["id"], task["kind"], task["client_id"], task["patient_id"]) == (
            str(one["call_need_id"]), "call_patient", str(floor.client_id), str(one["patient_id"]),
        )  # fmt: skip
        await publisher.send((CallSettled(**one), floor.centre))

        async def cancelled() -> bool:
            return await listed(floor, desk, "tasks") == []

        await soon(cancelled)
        await publisher.send((CallNeeded(**one), floor.centre))

        async def again() -> bool:
            return [item["id"] for item in await listed(floor, desk, "tasks")] == [task["id"]]

        await soon(again)
    finally:
        await publisher.bus.close()
    missed = await post(floor, desk, f"tasks/{task['id']}/done", {"outcome": "not_reached"})
    assert (missed["state"], missed["outcome"]) == ("done", "not_reached")
    closed = await floor.connection.fetchval(
        "SELECT payload::json ->> 'outcome' FROM kit.outbox WHERE type = 'telesecretariat.task_closed.v1'"
        " ORDER BY sequence DESC LIMIT 1"
    )
    assert closed == "not_reached"


async def test_who_leaves_signs_what_is_left_and_another_takes_over(floor: Floor) -> None:
    leaving, coming, doctor = await floor.agent("poste 1"), await floor.agent("poste 2"), await floor.doctor()
    me, colleague = floor.telesecretary(leaving), floor.telesecretary(coming)
    task = await post(floor, me, "tasks", follow_up(floor))
    draft = await post(floor, me, "handovers", {"client_id": str(floor.client_id), "remarks": [NOTE]})
    assert [each["id"] for each in draft["items"]] == [task["id"]]
    assert (await post(floor, colleague, f"handovers/{draft['id']}/acknowledge"))["code"] == "HANDOVER_NOT_SIGNED"
    assert (await post(floor, colleague, f"handovers/{draft['id']}/sign"))["code"] == "HANDOVER_OF_OTHER"
    body = {"practitioner_id": str(doctor), "urgency": "same_day", "body": NOTE, "send": True}
    message = await post(floor, me, "messages", body)
    promise = {"line_id": str(floor.line_id), "number": "0639980177"}
    callback = await post(floor, me, "callbacks", promise)
    signed = await post(floor, me, f"handovers/{draft['id']}/sign")
    assert {(each["kind"], each["id"]) for each in signed["items"]} == {
        ("task", task["id"]), ("message", message["id"]), ("callback", callback["id"]),
    }  # fmt: skip
    assert (signed["state"], signed["remarks"]) == ("signed", [NOTE])
    await post(floor, me, f"tasks/{task['id']}/done", {})
    assert (await post(floor, me, f"handovers/{draft['id']}/acknowledge"))["code"] == "HANDOVER_OWN"
    taken = await post(floor, colleague, f"handovers/{draft['id']}/acknowledge")
    assert (taken["state"], taken["to_id"], len(taken["items"])) == ("acknowledged", str(coming), 3)
    assert (await post(floor, colleague, f"handovers/{draft['id']}/acknowledge"))["code"] == "WRONG_STATE"
    assert [each["state"] for each in await listed(floor, colleague, "handovers")] == ["acknowledged"]
    row = await floor.row("handover", UUID(draft["id"]))
    assert NOTE.encode() not in row["items_sealed"]


@pytest.mark.parametrize("path", ["handovers", "handovers?state=signed"])
async def test_hand_overs_of_another_client_are_not_seen(floor: Floor, path: str) -> None:
    agent = await floor.agent()
    draft = await post(floor, floor.telesecretary(agent), "handovers", {"client_id": str(floor.client_id)})
    elsewhere = floor.telesecretary(await floor.agent("poste 2", assigned=False))
    for caller in (floor.stranger(), elsewhere):
        assert await listed(floor, caller, path) == []
        assert (await post(floor, caller, f"handovers/{draft['id']}/sign"))["code"] == "NOT_FOUND"
        assert (await post(floor, caller, "handovers", {"client_id": str(floor.client_id)}))["code"] == "NOT_FOUND"
