"""Messages to practitioners, on the running service, a real base and a real mail server: nobody's is left to itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from maillage import clock
from maillage.children import free_port
from maillage.database import Database
from maillage.ids import new_id
from maillage.messages.fake_provider import FakeProvider, Mood
from maillage.principal import Principal, system
from maillage.testing import Logs, Mailbox, _Server, soon
from telesecretariat.messages.acknowledging import close_settled, escalate_due
from telesecretariat.messages.notifying import send_due
from tests.harness.floor import Floor
from tests.harness.people import professional

Json = dict[str, Any]
DOCTOR, BACKUP, CHIEF = "+33639980201", "+33639980202", "+33639980203"
SECRET = "Fille de 3 ans, 39,5 depuis hier, rappeler la mère"
WORKER = system("telesecretariat")


@asynccontextmanager
async def base(floor: Floor, **settings: object) -> AsyncIterator[Database]:
    """The worker's database, with other settings than the service's where given."""
    database = Database(floor.running.settings.model_copy(update=settings))  # type: ignore[union-attr]
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def send(floor: Floor, **settings: object) -> None:
    """One round of the worker that sends."""
    async with base(floor, **settings) as database:
        await send_due(database)


async def past_deadline(floor: Floor, message_id: str) -> None:
    """Its deadline passes, and the worker looks."""
    await floor.connection.execute(
        "UPDATE message SET due_at = due_at - (due_at - $2) - interval '1 second' WHERE id = $1",
        UUID(message_id), clock.now(),
    )  # fmt: skip
    async with base(floor) as database:
        await database.run(WORKER, escalate_due)


async def write(floor: Floor, agent: UUID, doctor: UUID, **fields: object) -> Json:
    """An urgent message, sent."""
    body = {"practitioner_id": str(doctor), "urgency": "urgent", "body": SECRET, "send": True} | fields
    async with floor.http(floor.telesecretary(agent)) as desk:
        answer = await desk.post("/v1/messages", json=body)
        assert answer.status_code == 201, answer.text
        written: Json = answer.json()
        return written


async def act(floor: Floor, caller: Principal, message_id: str, what: str, **body: object) -> Json:
    """An act on a message; its answer or its refusal."""
    async with floor.http(caller) as client:
        answer: Json = (await client.post(f"/v1/messages/{message_id}/{what}", json=body)).json()
        return answer


async def inbox(floor: Floor, caller: Principal) -> list[Json]:
    async with floor.http(caller) as client:
        items: list[Json] = (await client.get("/v1/messages")).json()["items"]
        return items


async def points(floor: Floor, doctor: UUID, person: UUID, *items: Json) -> None:
    """How the doctor is told, as he says himself."""
    async with floor.http(floor.practitioner(person)) as client:
        answer = await client.put(f"/v1/practitioners/{doctor}/contact-points", json={"items": items})
        assert answer.status_code == 200, answer.text


def way(address: str, role: str = "self", **fields: object) -> Json:
    return {"role": role, "channel": "sms", "address": address} | fields


async def tasks(floor: Floor, message_id: str) -> Sequence[asyncpg.Record]:
    return await floor.connection.fetch(
        "SELECT kind, state FROM task WHERE subject_id = $1 ORDER BY created_at, id", UUID(message_id)
    )


async def notifications(floor: Floor) -> list[str]:
    rows = await floor.connection.fetch("SELECT level || ' ' || state AS line FROM notification ORDER BY level, id")
    return [row["line"] for row in rows]


async def test_an_urgent_message_is_told_read_answered_and_closed_when_the_patient_knows(
    floor: Floor, mailbox: Mailbox, log_capture: Logs
) -> None:
    agent, person = await floor.agent(), new_id()
    doctor = await floor.doctor(person)
    await points(floor, doctor, person, way("06 39 98 02 01"), way("Doctor@example.org", channel="email", place=2))
    floor.work()
    message = await write(floor, agent, doctor, wants_callback=True)
    received = await asyncio.to_thread(mailbox.wait, DOCTOR)
    assert received.body.strip() == "Un message urgent vous attend dans Maillage."
    me = floor.practitioner(person)

    async def delivered() -> bool:
        return [(item["id"], item["state"]) for item in await inbox(floor, me)] == [(message["id"], "delivered")]

    await soon(delivered)
    async with floor.http(me) as client:
        read = (await client.get(f"/v1/messages/{message['id']}")).json()
    assert (read["body"], read["state"]) == (SECRET, "read")
    answered = await act(floor, me, message["id"], "acknowledge", action="give_advice", answer="Qu'elle boive.")
    assert (answered["state"], answered["action"], answered["acknowledged_by"]) == (
        "acknowledged",
        "give_advice",
        str(person),
    )
    assert (await act(floor, me, message["id"], "close"))["code"] == "CALLBACK_OWED"
    async with floor.http(floor.telesecretary(agent)) as desk:
        [task] = (await desk.get("/v1/tasks")).json()["items"]
        assert (task["kind"], task["subject_id"]) == ("call_patient", message["id"])
        done = await desk.post(f"/v1/tasks/{task['id']}/done", json={"outcome": "reached"})
        assert done.status_code == 200

    async def closed() -> bool:
        return bool((await floor.row("message", UUID(message["id"])))["state"] == "closed")

    await soon(closed)
    async with floor.http(floor.telesecretary(agent)) as desk:
        whole = (await desk.get(f"/v1/messages/{message['id']}")).json()
    steps = [step["kind"] for step in whole["steps"]]
    assert steps == ["written", "sent", "delivered", "read", "acknowledged", "closed"]
    assert whole["answer"] == "Qu'elle boive."
    assert len(mailbox.messages) == 1
    assert SECRET not in log_capture.text
    assert DOCTOR not in log_capture.text
    row = await floor.row("message", UUID(message["id"]))
    assert SECRET.encode() not in row["body_sealed"]


async def test_who_does_not_answer_is_phoned_then_his_backup_and_the_supervisor_are_told(
    floor: Floor, mailbox: Mailbox
) -> None:
    agent, person, other = await floor.agent(), new_id(), new_id()
    doctor, backup = await floor.doctor(person), await floor.doctor(other)
    await points(
        floor, doctor, person, way(DOCTOR), way(BACKUP, "backup", backup_practitioner_id=str(backup), language="en")
    )
    async with floor.http(floor.supervisor()) as client:
        put = await client.put(
            f"/v1/clients/{floor.client_id}/contact-points", json={"items": [{"channel": "sms", "address": CHIEF}]}
        )
        assert put.status_code == 200, put.text
    message = await write(floor, agent, doctor)
    row = await floor.row("message", UUID(message["id"]))
    assert row["due_at"] - row["sent_at"] == timedelta(minutes=7)
    await send(floor)
    assert await inbox(floor, floor.practitioner(other)) == []

    await past_deadline(floor, message["id"])
    assert [tuple(task) for task in await tasks(floor, message["id"])] == [("call_practitioner", "open")]
    assert await notifications(floor) == ["0 sent"]

    await past_deadline(floor, message["id"])
    await send(floor)
    assert mailbox.messages[0].to == BACKUP
    assert mailbox.messages[0].body.strip() == "An urgent message is waiting for you in Maillage."
    [his] = await inbox(floor, floor.practitioner(other))
    assert (his["id"], his["level"], his["overdue"]) == (message["id"], 2, True)

    for _ in range(2):
        await past_deadline(floor, message["id"])
        await send(floor)
    assert [each.to for each in mailbox.messages] == [CHIEF, CHIEF, BACKUP, DOCTOR]
    assert (await floor.row("message", UUID(message["id"])))["due_at"] > clock.now()
    answered = await act(floor, floor.practitioner(other), message["id"], "acknowledge", action="call_patient")
    assert answered["level"] == 4
    found = sorted(tuple(task) for task in await tasks(floor, message["id"]))
    assert found == [("call_patient", "open"), ("call_practitioner", "cancelled")]
    await past_deadline(floor, message["id"])
    assert (await floor.row("message", UUID(message["id"])))["level"] == 4
    told = await floor.connection.fetch(
        "SELECT payload::json ->> 'level' AS level, payload::json ->> 'recipient_id' AS whom FROM kit.outbox"
        " WHERE type = 'telesecretariat.message_escalated.v1' ORDER BY sequence"
    )
    assert [tuple(each) for each in told] == [
        ("1", str(person)), ("2", str(other)), ("3", str(other)), ("4", str(other)),
    ]  # fmt: skip


async def test_of_a_doctor_who_is_away_the_backup_is_told_first(floor: Floor) -> None:
    agent, person, other = await floor.agent(), new_id(), new_id()
    doctor, backup = await floor.doctor(person), await floor.doctor(other)
    await points(floor, doctor, person, way(DOCTOR), way(BACKUP, "backup", backup_practitioner_id=str(backup)))
    now = clock.now()
    await floor.insert("absence_ref", {
        "absence_id": new_id(), "organisation_id": floor.centre, "practitioner_id": doctor, "state": "active",
        "during": asyncpg.Range(now - timedelta(days=1), now + timedelta(days=1)), "version": 1,
    })  # fmt: skip
    message = await write(floor, agent, doctor)
    [his] = await inbox(floor, floor.practitioner(other))
    assert (his["id"], his["backup_id"], his["level"]) == (message["id"], str(backup), 0)
    told = await floor.connection.fetchval(
        "SELECT role FROM notification n JOIN contact_point c ON c.id = n.contact_point_id"
    )
    assert told == "backup"


async def test_outside_his_hours_nobody_is_written_to_and_the_next_way_is_taken_when_one_fails(
    floor: Floor, mailbox: Mailbox
) -> None:
    agent, person = await floor.agent(), new_id()
    doctor = await floor.doctor(person)
    another_day = {"weekday": (clock.now().weekday() + 3) % 7, "opens": "00:00", "closes": "24:00"}
    await points(floor, doctor, person, way(BACKUP, hours=[another_day]), way(DOCTOR, place=2), way(CHIEF, place=3))
    await write(floor, agent, doctor)
    fake, port = FakeProvider("refuse"), free_port()
    server = _Server(fake.app, port)
    server.start()
    try:
        async with base(floor, sms_url=f"http://127.0.0.1:{port}/send", sms_token="of-test") as database:
            await send_due(database)
    finally:
        server.stop()
    assert await notifications(floor) == ["0 failed", "0 failed"]
    assert mailbox.messages == []


@pytest.mark.parametrize(("mood", "state"), [("break", "unknown"), ("busy", "due")])
async def test_what_may_have_left_is_never_sent_twice(floor: Floor, mailbox: Mailbox, mood: Mood, state: str) -> None:
    agent, person = await floor.agent(), new_id()
    doctor = await floor.doctor(person)
    await points(floor, doctor, person, way(DOCTOR))
    await write(floor, agent, doctor)
    fake, port = FakeProvider(mood), free_port()
    server = _Server(fake.app, port)
    server.start()
    try:
        await send(floor, sms_url=f"http://127.0.0.1:{port}/send", sms_token="of-test")
    finally:
        server.stop()
    assert await notifications(floor) == [f"0 {state}"]
    await floor.connection.execute("UPDATE notification SET due_at = $1", clock.now() - timedelta(seconds=1))
    await send(floor)
    assert len(mailbox.messages) == (0 if state == "unknown" else 1)


async def test_what_a_crash_left_is_unknown_and_what_was_acknowledged_meanwhile_is_not_sent(
    floor: Floor, mailbox: Mailbox
) -> None:
    agent, person = await floor.agent(), new_id()
    doctor = await floor.doctor(person)
    await points(floor, doctor, person, way(DOCTOR))
    await write(floor, agent, doctor)
    await floor.connection.execute(
        "UPDATE notification SET state = 'sending', claimed_at = $1", clock.now() - timedelta(hours=1)
    )
    second = await write(floor, agent, doctor)
    answered = await act(floor, floor.telesecretary(agent), second["id"], "acknowledge", action="no_action")
    assert answered["state"] == "acknowledged"
    await send(floor)
    assert sorted(await notifications(floor)) == ["0 cancelled", "0 unknown"]
    assert mailbox.messages == []
    async with base(floor) as database:
        await database.run(WORKER, close_settled)
    assert (await floor.row("message", UUID(second["id"])))["state"] == "closed"


async def test_danger_of_life_is_no_message(floor: Floor) -> None:
    agent, doctor = await floor.agent(), await floor.doctor()
    await floor.catalogue("motive", "result", "chest_pain")
    await floor.connection.execute(
        "UPDATE catalogue_entry SET facts = $1 WHERE code = 'chest_pain'", {"red_flag": True}
    )
    body = {"practitioner_id": str(doctor), "urgency": "urgent", "body": SECRET}
    call = await floor.call(state="talking", motive="chest_pain")
    async with floor.http(floor.telesecretary(agent)) as desk:
        for wrong, pointer in (
            ({"urgency": "vital"}, "/urgency"),
            ({"motive": "chest_pain"}, "/motive"),
            ({"call_id": str(call)}, "/motive"),
        ):
            refused = await desk.post("/v1/messages", json=body | wrong)
            assert refused.status_code == 422
            assert (refused.json()["code"], refused.json()["errors"][0]["pointer"]) == ("USE_RED_FLAG", pointer)
        assert (await desk.post("/v1/messages", json=body | {"motive": "result"})).status_code == 201
        unknown = await desk.post("/v1/messages", json=body | {"practitioner_id": str(new_id())})
        assert (unknown.status_code, unknown.json()["code"]) == (422, "PRACTITIONER_UNKNOWN")
        singing = await desk.post("/v1/messages", json=body | {"motive": "singing"})
        assert (singing.status_code, singing.json()["code"]) == (422, "UNKNOWN_MOTIVE")
        unclean = await desk.post("/v1/messages", json=body | {"body": "a\u0000b"})
        assert (unclean.status_code, unclean.json()["errors"][0]["pointer"]) == (422, "/body")
        large = await desk.post("/v1/messages", json=body | {"body": "x" * 1_000_000})
        assert large.status_code == 413
    assert await floor.connection.fetchval("SELECT count(*) FROM message") == 1


async def test_a_message_is_closed_only_once_somebody_has_acted(floor: Floor) -> None:
    agent, person = await floor.agent(), new_id()
    doctor = await floor.doctor(person)
    desk = floor.telesecretary(agent)
    draft = await write(floor, agent, doctor, send=False, urgency="same_day", wants_callback=True)
    assert (draft["state"], draft["due_at"]) == ("draft", None)
    assert (await act(floor, desk, draft["id"], "acknowledge", action="no_action"))["code"] == "WRONG_STATE"
    assert (await act(floor, desk, draft["id"], "send"))["state"] == "sent"
    assert (await act(floor, desk, draft["id"], "send"))["code"] == "WRONG_STATE"
    assert (await act(floor, desk, draft["id"], "close"))["code"] == "NOT_ACKNOWLEDGED"
    assert (await act(floor, desk, draft["id"], "read"))["code"] == "NOT_ALLOWED"
    assert (await act(floor, floor.practitioner(person), draft["id"], "read"))["state"] == "read"
    assert (await act(floor, desk, draft["id"], "acknowledge", action="sing"))["code"] == "INVALID"
    assert (await act(floor, desk, draft["id"], "acknowledge", action="will_call_back"))["state"] == "acknowledged"
    async with base(floor) as database:
        await database.run(WORKER, close_settled)
    assert (await act(floor, desk, draft["id"], "close"))["code"] == "CALLBACK_OWED"
    closed = await act(floor, desk, draft["id"], "close", callback_done=True)
    assert (closed["state"], closed["callback_done"]) == ("closed", True)
    assert (await act(floor, desk, draft["id"], "close"))["code"] == "WRONG_STATE"


async def test_a_message_is_seen_by_whom_it_is_for_and_who_answers_for_its_client(floor: Floor) -> None:
    agent, person, other = await floor.agent(), new_id(), new_id()
    doctor = await floor.doctor(person)
    await floor.doctor(other)
    message = await write(floor, agent, doctor)
    stranger, unassigned = floor.stranger(), floor.telesecretary(await floor.agent("poste 2", assigned=False))
    nurse = professional("nurse", floor.centre, service="telesecretariat")
    desk = professional("front_desk", floor.centre, service="telesecretariat")
    for caller in (stranger, unassigned, nurse, floor.practitioner(other)):
        assert await inbox(floor, caller) == []
        for what in ("read", "acknowledge", "close", "send"):
            answer = await act(
                floor, caller, message["id"], what, **{"action": "no_action"} if what == "acknowledge" else {}
            )
            assert answer["code"] == "NOT_FOUND", (caller.role, what)
    assert [item["id"] for item in await inbox(floor, desk)] == [message["id"]]
    async with floor.http(nurse) as client:
        body = {"practitioner_id": str(doctor), "urgency": "routine", "body": SECRET}
        assert (await client.post("/v1/messages", json=body)).json()["code"] == "NOT_ALLOWED"
    audited = await floor.connection.fetch(
        "SELECT action FROM kit.audit WHERE record_id = $1 ORDER BY at", UUID(message["id"])
    )
    assert [row["action"] for row in audited] == ["message.write", "message.send"]


async def test_the_list_is_due_first_and_goes_on_by_cursor(floor: Floor) -> None:
    agent, doctor = await floor.agent(), await floor.doctor()
    written = [await write(floor, agent, doctor, urgency=urgency) for urgency in ("routine", "same_day", "urgent")]
    found: list[str] = []
    async with floor.http(floor.telesecretary(agent)) as desk:
        cursor: str | None = ""
        while cursor is not None:
            page = (await desk.get("/v1/messages", params={"limit": 2, "cursor": cursor})).json()
            found += [item["id"] for item in page["items"]]
            assert "body" not in page["items"][0]
            cursor = page["next_cursor"]
    assert found[0] == written[2]["id"]
    assert sorted(found) == sorted(each["id"] for each in written)


async def test_contact_points_are_ones_own_or_the_managers(floor: Floor) -> None:
    person = new_id()
    doctor = await floor.doctor(person)
    path = f"/v1/practitioners/{doctor}/contact-points"
    async with floor.http(floor.manager()) as manager:
        put = await manager.put(path, json={"items": [way("0639980201")]})
        assert put.json()["items"][0]["address"] == DOCTOR
        for wrong, code in (
            (way("not a mail", channel="email"), "ADDRESS_INVALID"),
            (way("12"), "PHONE_INVALID"),
            (way(DOCTOR, hours=[{"weekday": 1, "opens": "12:00", "closes": "08:00"}]), "TIME_INVALID"),
        ):
            refused = (await manager.put(path, json={"items": [wrong]})).json()
            assert refused["errors"][0]["code"] == code
        unknown = way(BACKUP, "backup", backup_practitioner_id=str(new_id()))
        assert (await manager.put(path, json={"items": [unknown]})).status_code == 404
    async with floor.http(floor.practitioner(person)) as me:
        assert [each["address"] for each in (await me.get(path)).json()["items"]] == [DOCTOR]
        assert (await me.put(path, json={"items": []})).json() == {"items": []}
    for caller in (floor.telesecretary(await floor.agent()), floor.practitioner(new_id())):
        async with floor.http(caller) as client:
            assert (await client.get(path)).json()["code"] == "NOT_ALLOWED"
    async with floor.http(floor.stranger("manager")) as client:
        assert (await client.get(path)).status_code == 404
        supervisors = f"/v1/clients/{floor.client_id}/contact-points"
        assert (await client.put(supervisors, json={"items": []})).status_code == 404
