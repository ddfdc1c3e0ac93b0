"""Callbacks, on the running service: who leaves the queue keeps his place, and is called or owed a call."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from telesecretariat.callbacks.service import expire, mend
from telesecretariat.telephony.applying import apply
from telesecretariat.telephony.port import Fact, FactKind
from tests.harness.floor import ADAPTER, VAULT, Floor

Json = dict[str, Any]
Tell = Callable[..., Awaitable[None]]
NUMBER = "+33639980177"
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
async def database(floor: Floor) -> AsyncIterator[Database]:
    opened = Database(floor.running.settings)  # type: ignore[union-attr]
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def tell(database: Database, floor: Floor) -> Tell:
    """The telephone system says something of a call, through the one door."""

    async def say(kind: FactKind, call_id: UUID, **details: object) -> None:
        call = await floor.row("call", call_id)
        fact = Fact(new_id().hex, kind, clock.now(), call["provider_call_id"], details)
        await database.run(system("telesecretariat"), apply, ADAPTER, fact)

    return say


async def leg(floor: Floor, call_id: UUID, kind: str) -> str:
    """The leg that the last command of this kind makes."""
    made = await floor.connection.fetchval(
        "SELECT id FROM telephony_command WHERE call_id = $1 AND kind = $2 ORDER BY seq DESC LIMIT 1", call_id, kind
    )
    return f"{'a' if kind == 'ring_agent' else 't'}-{made}"


async def ready(floor: Floor) -> UUID:
    """An agent who waits for calls."""
    return await floor.agent(presence="online", work_state="ready")


async def long_wait(floor: Floor, number: str | None = NUMBER, **fields: object) -> UUID:
    """Somebody whose wait is said to be six minutes."""
    return await floor.waiting(number, queued_s_ago=30, **{"estimate_s": 360, "callback_offered": True} | fields)


async def ask(floor: Floor, agent: UUID, **body: object) -> Json:
    """Asks for a callback; the answer or the refusal."""
    async with floor.http(floor.telesecretary(agent)) as client:
        answer: Json = (await client.post("/v1/callbacks", json=body)).json()
        return answer


async def next_call(floor: Floor, agent: UUID) -> Json:
    async with floor.http(floor.telesecretary(agent)) as client:
        answer = await client.post("/v1/calls/next")
        found: Json = answer.json() if answer.status_code == 200 else {}
        return found


async def test_pressing_one_keeps_the_place_and_a_second_press_changes_nothing(floor: Floor, tell: Tell) -> None:
    agent = await ready(floor)
    call_id = await long_wait(floor)
    later = await floor.waiting("+33639980178", queued_s_ago=10)
    before = await floor.row("call", call_id)
    for _ in range(2):
        await tell("digit", call_id, digit="1")
    assert (await floor.row("call", call_id))["state"] == "callback_requested"
    [callback] = await floor.connection.fetch("SELECT * FROM callback")
    waits = await floor.row("call", callback["live_call_id"])
    assert (waits["direction"], waits["state"], waits["provider_call_id"]) == ("callback", "waiting", None)
    assert (waits["priority_at"], waits["number_hash"]) == (before["priority_at"], before["number_hash"])
    kinds = await floor.connection.fetch("SELECT kind FROM telephony_command WHERE call_id = $1", call_id)
    assert "hang_up" in [row["kind"] for row in kinds]
    taken = await next_call(floor, agent)
    assert (taken["id"], taken["number"]) == (str(waits["id"]), NUMBER)
    assert (await floor.row("call", later))["state"] == "waiting"
    assert [row["kind"] for row in await floor.connection.fetch(
        "SELECT kind FROM telephony_command WHERE call_id = $1", waits["id"]
    )] == ["ring_agent"]  # fmt: skip


async def claimed(floor: Floor, tell: Tell, agent: UUID, waits: UUID) -> None:
    """Her turn: she is rung first and answers, then the number is dialled."""
    assert (await next_call(floor, agent))["id"] == str(waits)
    await tell("leg_answered", waits, leg=await leg(floor, waits, "ring_agent"))


async def test_who_answers_is_connected_and_the_promise_is_kept(floor: Floor, tell: Tell) -> None:
    agent = await ready(floor)
    callback = await ask(floor, agent, line_id=str(floor.line_id), number="06 39 98 01 77")
    assert (callback["origin"], callback["number"], callback["state"]) == ("agent", NUMBER, "open")
    waits = UUID(callback["live_call_id"])
    await claimed(floor, tell, agent, waits)
    assert (await floor.row("callback", UUID(callback["id"])))["state"] == "dialling"
    async with floor.http(floor.telesecretary(agent)) as client:
        refused = await client.post(f"/v1/callbacks/{callback['id']}/cancel")
        assert (refused.status_code, refused.json()["code"]) == (409, "WRONG_STATE")
    await tell("leg_answered", waits, leg=await leg(floor, waits, "dial_third"))
    await tell("connected", waits, leg=await leg(floor, waits, "ring_agent"))
    assert (await floor.row("call", waits))["state"] == "talking"
    kept = await floor.row("callback", UUID(callback["id"]))
    assert (kept["state"], kept["attempts"]) == ("done", 1)
    again = await ask(floor, agent, line_id=str(floor.line_id), number=NUMBER)
    assert again["state"] == "open"


async def test_once_reached_who_loses_his_agent_waits_for_another_or_hangs_up(floor: Floor, tell: Tell) -> None:
    agent = await ready(floor)
    waits = UUID((await ask(floor, agent, line_id=str(floor.line_id), number=NUMBER))["live_call_id"])
    await claimed(floor, tell, agent, waits)
    own = await leg(floor, waits, "dial_third")
    await tell("leg_answered", waits, leg=own)
    await tell("connected", waits, leg=await leg(floor, waits, "ring_agent"))
    for _ in range(2):
        await tell("leg_failed", waits, leg=await leg(floor, waits, "ring_agent"))
    back = await floor.row("call", waits)
    assert (back["state"], back["agent_id"], back["provider_call_id"]) == ("waiting", None, own)
    assert (await floor.row("agent", agent))["work_state"] == "not_ready"
    await tell("ended", waits, leg=own, by="caller")
    assert (await floor.row("call", waits))["state"] == "abandoned"


async def test_who_is_being_dialled_when_the_call_is_taken_back_is_put_down(floor: Floor, tell: Tell) -> None:
    agent = await ready(floor)
    waits = UUID((await ask(floor, agent, line_id=str(floor.line_id), number=NUMBER))["live_call_id"])
    await claimed(floor, tell, agent, waits)
    own = await leg(floor, waits, "dial_third")
    async with floor.http(floor.supervisor()) as client:
        assert (await client.post(f"/v1/calls/{waits}/return", json={"reason": "help"})).status_code == 200
    put_down = await floor.connection.fetch(
        "SELECT arguments_sealed FROM telephony_command WHERE call_id = $1 AND kind = 'hang_up'", waits
    )
    assert own in [json.loads(VAULT.open(row[0]) or "{}").get("leg") for row in put_down]
    assert (await floor.row("call", waits))["provider_call_id"] is None
    assert (await next_call(floor, agent))["id"] == str(waits)
    await tell("ended", waits, leg=own, by="system")
    assert (await floor.row("call", waits))["state"] == "connecting", "of an earlier try"


async def test_who_does_not_answer_is_tried_three_times_five_minutes_apart_then_owed_a_call(
    floor: Floor, tell: Tell
) -> None:
    agent = await ready(floor)
    callback = await ask(floor, agent, line_id=str(floor.line_id), number=NUMBER)
    waits, callback_id = UUID(callback["live_call_id"]), UUID(callback["id"])
    place = (await floor.row("call", waits))["priority_at"]
    for attempt, stands in enumerate([("open", "waiting"), ("open", "waiting"), ("missed", "failed")], 1):
        await claimed(floor, tell, agent, waits)
        await tell("leg_failed", waits, leg=await leg(floor, waits, "dial_third"), cause="no_answer")
        after, call = await floor.row("callback", callback_id), await floor.row("call", waits)
        assert (after["attempts"], after["state"], call["state"], call["priority_at"]) == (attempt, *stands, place)
        assert (await floor.row("agent", agent))["work_state"] == "ready"
        if attempt < 3:
            assert call["not_before"] - clock.now() > timedelta(minutes=4)
            assert await next_call(floor, agent) == {}
            await floor.connection.execute("UPDATE call SET not_before = $1", clock.now() - timedelta(seconds=1))
    async with floor.http(floor.telesecretary(agent)) as client:
        [task] = (await client.get("/v1/tasks")).json()["items"]
        owed = (await client.get(f"/v1/callbacks/{task['subject_id']}")).json()
    assert (task["kind"], owed["id"], owed["number"]) == ("callback_missed", callback["id"], NUMBER)


async def test_who_calls_in_and_is_served_is_not_called_back(floor: Floor, tell: Tell) -> None:
    promises = await floor.agent("poste 2")
    callback = await ask(floor, promises, line_id=str(floor.line_id), number=NUMBER)
    await floor.connection.execute("UPDATE call SET not_before = $1", clock.now() + timedelta(minutes=5))
    agent = await ready(floor)
    calls_in = await floor.waiting(NUMBER, queued_s_ago=1)
    assert (await next_call(floor, agent))["id"] == str(calls_in)
    await tell("leg_answered", calls_in, leg=await leg(floor, calls_in, "ring_agent"))
    await tell("connected", calls_in, leg=await leg(floor, calls_in, "ring_agent"))
    assert (await floor.row("callback", UUID(callback["id"])))["state"] == "cancelled"
    assert (await floor.row("call", UUID(callback["live_call_id"])))["state"] == "closed"


async def test_of_many_at_once_one_is_promised_and_the_others_learn_which(floor: Floor) -> None:
    agents = [await floor.agent(f"poste {n}") for n in range(8)]
    answers = await asyncio.gather(*(ask(floor, agent, line_id=str(floor.line_id), number=NUMBER) for agent in agents))
    [made] = [answer for answer in answers if "code" not in answer]
    assert [(each["code"], each["callback_id"]) for each in answers if "code" in each] == [
        ("CALLBACK_EXISTS", made["id"])
    ] * 7
    assert await floor.connection.fetchval("SELECT count(*) FROM call") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"estimate_s": 100, "callback_offered": False},
        {"estimate_s": None, "callback_offered": False},
        {"state": "talking"},
        {"direction": "outbound"},
    ],
)
async def test_no_callback_where_none_is_offered(floor: Floor, changes: Json) -> None:
    agent = await floor.agent()
    call_id = await long_wait(floor, **changes)
    assert (await ask(floor, agent, call_id=str(call_id)))["code"] == "CALLBACK_NOT_OFFERED"
    assert (await floor.row("call", call_id))["state"] == changes.get("state", "waiting")


async def test_a_line_that_promises_nothing_says_so(floor: Floor) -> None:
    agent = await floor.agent()
    await floor.connection.execute("UPDATE line SET callback_policy = $1", {"offered": False})
    call_id = await long_wait(floor)
    assert (await ask(floor, agent, call_id=str(call_id)))["code"] == "CALLBACK_NOT_OFFERED"
    await floor.connection.execute("UPDATE line SET callback_policy = '{}'")
    await floor.connection.execute("UPDATE calendar SET weekly = '[]'")
    for body in ({"call_id": str(call_id)}, {"line_id": str(floor.line_id), "number": NUMBER}):
        assert (await ask(floor, agent, **body))["code"] == "CALLBACK_NOT_OFFERED"


async def test_a_withheld_number_is_asked_for_and_foreign_ones_are_not_dialled(floor: Floor) -> None:
    agent = await floor.agent()
    call_id = await long_wait(floor, None)
    asked = await ask(floor, agent, call_id=str(call_id))
    assert (asked["code"], asked["errors"][0]["pointer"]) == ("INVALID", "/number")
    foreign = await ask(floor, agent, call_id=str(call_id), number="+442079460000")
    assert foreign["code"] == "NUMBER_NOT_ALLOWED"
    premium = await ask(floor, agent, line_id=str(floor.line_id), number="0899701234")
    assert premium["errors"][0]["code"] == "PHONE_INVALID"
    assert (await ask(floor, agent, call_id=str(call_id), number=NUMBER))["number"] == NUMBER
    assert (await ask(floor, agent))["code"] == "INVALID"


async def test_at_closing_who_was_not_called_is_owed_a_call_half_an_hour_after_the_next_opening(
    floor: Floor, database: Database
) -> None:
    agent = await floor.agent()
    callback = await ask(floor, agent, line_id=str(floor.line_id), number=NUMBER)
    await floor.connection.execute("UPDATE callback SET expires_at = $1", clock.now() - timedelta(seconds=1))
    tomorrow = (clock.now().astimezone(PARIS) + timedelta(days=1)).date()
    await floor.connection.execute(
        "UPDATE calendar SET weekly = '[]', exceptions = $1",
        [{"date": str(tomorrow), "ranges": [{"opens": "08:00", "closes": "20:00"}]}],
    )
    for _ in range(2):
        await expire(database)
    assert (await floor.row("callback", UUID(callback["id"])))["state"] == "expired"
    assert (await floor.row("call", UUID(callback["live_call_id"])))["state"] == "closed"
    [task] = await floor.connection.fetch("SELECT kind, subject_id, due_at FROM task")
    due = datetime.combine(tomorrow, datetime.min.time(), PARIS).replace(hour=8, minute=30)
    assert tuple(task) == ("callback_missed", UUID(callback["id"]), due)


async def test_a_call_that_its_telephone_system_lost_leaves_nobody_without_one(
    floor: Floor, tell: Tell, database: Database
) -> None:
    promises = await floor.agent("poste 2")
    lost = await ask(floor, promises, line_id=str(floor.line_id), number=NUMBER)
    back = await ask(floor, promises, line_id=str(floor.line_id), number="0639980178")
    await floor.connection.execute(
        "UPDATE call SET state = 'failed', ended_at = now() WHERE id = $1", UUID(lost["live_call_id"])
    )
    agent = await ready(floor)
    await claimed(floor, tell, agent, UUID(back["live_call_id"]))
    async with floor.http(floor.supervisor()) as client:
        taken = await client.post(f"/v1/calls/{back['live_call_id']}/return", json={"reason": "test"})
        assert taken.status_code == 200, taken.text
    for _ in range(2):
        await mend(database)
    found = [(await floor.row("callback", UUID(each["id"])))["state"] for each in (lost, back)]
    assert found == ["missed", "open"]
    assert await floor.connection.fetchval("SELECT count(*) FROM task WHERE kind = 'callback_missed'") == 1
    assert (await ask(floor, agent, line_id=str(floor.line_id), number=NUMBER))["state"] == "open"


async def test_a_callback_is_cancelled_once_and_seen_by_its_client_alone(floor: Floor) -> None:
    agent = await floor.agent()
    callback = await ask(floor, agent, line_id=str(floor.line_id), number=NUMBER)
    elsewhere = floor.telesecretary(await floor.agent("poste 2", assigned=False))
    for caller in (floor.stranger(), elsewhere):
        async with floor.http(caller) as client:
            assert (await client.get("/v1/callbacks")).json()["items"] == []
            assert (await client.get(f"/v1/callbacks/{callback['id']}")).status_code == 404
            assert (await client.post(f"/v1/callbacks/{callback['id']}/cancel")).status_code == 404
            body = {"line_id": str(floor.line_id), "number": NUMBER}
            assert (await client.post("/v1/callbacks", json=body)).status_code == 404
    async with floor.http(floor.telesecretary(agent)) as client:
        [item] = (await client.get("/v1/callbacks")).json()["items"]
        assert "number" not in item
        cancelled = await client.post(f"/v1/callbacks/{callback['id']}/cancel")
        assert cancelled.json()["state"] == "cancelled"
        assert (await client.post(f"/v1/callbacks/{callback['id']}/cancel")).json()["code"] == "WRONG_STATE"
    outcomes = await floor.connection.fetch(
        "SELECT payload::json ->> 'outcome' AS outcome FROM kit.outbox"
        " WHERE type = 'telesecretariat.callback_closed.v1'"
    )
    assert [row["outcome"] for row in outcomes] == ["cancelled"]
    audited = await floor.connection.fetch("SELECT action FROM kit.audit WHERE record = 'callback' ORDER BY at")
    assert [row["action"] for row in audited] == ["callback.open", "callback.cancel"]
