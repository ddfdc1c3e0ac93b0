"""Danger of life: one act opens and dials, the caller is kept, an outcome alone ends it. No real 15 in any test."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from maillage.testing import soon
from telesecretariat.calls.wrapping import complete_due
from telesecretariat.main import service
from telesecretariat.red_flags.service import dial_due
from telesecretariat.telephony.fake import FakeTelephony, in_place_of
from tests.harness.exchange import Exchange
from tests.harness.floor import ADAPTER, SETTINGS, VAULT, Floor

SIGNS = [
    {"code": "chest_pain", "label": "Douleur dans la poitrine", "questions": ["Depuis quand ?"]},
    {"code": "stroke", "label": "Paralysie soudaine", "questions": []},
]
Tell = Callable[..., Awaitable[None]]


@pytest.fixture
async def exchange(floor: Floor) -> AsyncIterator[Exchange]:
    async with Exchange.of(floor) as speaking:
        yield speaking


@pytest.fixture
def tell(exchange: Exchange) -> Tell:
    """The telephone system says something of a call, through the one door."""
    return exchange.says


@pytest.fixture
def database(exchange: Exchange) -> Database:
    """The base of the running service, for its timed work."""
    return exchange.database


async def commands(floor: Floor, call_id: UUID) -> list[tuple[str, dict[str, Any], str]]:
    """What the telephone system was asked since the agent was rung: kind, arguments, leg of that command."""
    rows = await floor.connection.fetch(
        "SELECT id, kind, arguments_sealed FROM telephony_command WHERE call_id = $1 AND kind <> 'ring_agent'"
        " ORDER BY seq",
        call_id,
    )
    return [(row["kind"], json.loads(VAULT.open(row["arguments_sealed"]) or "{}"), f"t-{row['id']}") for row in rows]


async def kinds(floor: Floor, call_id: UUID) -> list[str]:
    rows = await floor.connection.fetch("SELECT kind FROM call_event WHERE call_id = $1 ORDER BY seq", call_id)
    return [row["kind"] for row in rows]


async def only_codes_were_told(floor: Floor) -> None:
    """Events and audit say that it happened, in codes; no address, no number."""
    told = await floor.connection.fetch(
        "SELECT type, payload FROM kit.outbox WHERE type LIKE '%red_flag%' ORDER BY sequence"
    )
    assert [row["type"].split(".")[1] for row in told] == ["red_flag_opened", "red_flag_closed"]
    assert not any("rue" in row["payload"] or "33639" in row["payload"] for row in told)
    audited = await floor.connection.fetch("SELECT action, facts::text FROM kit.audit ORDER BY at, id")
    assert {"red_flag.open", "red_flag.write", "red_flag.hand_over", "red_flag.close"} <= {
        row["action"] for row in audited
    }
    assert not any("rue" in row["facts"] or "33639" in row["facts"] for row in audited)


async def signed_set(floor: Floor) -> UUID:
    """A list of signs in force."""
    person = new_id()
    await floor.doctor(person)
    async with floor.http(floor.practitioner(person)) as doctor:
        body = {"client_id": str(floor.client_id), "items": SIGNS}
        drafted = (await doctor.post("/v1/red-flag-sets", json=body)).json()
        published = await doctor.post(f"/v1/red-flag-sets/{drafted['id']}/publish")
        assert published.status_code == 200, published.text
        assert published.json()["state"] == "published"
    return UUID(drafted["id"])


async def test_chest_pain_is_passed_on_and_nothing_else_ends_the_call(floor: Floor, tell: Tell) -> None:
    await signed_set(floor)
    agent = await floor.agent()
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(agent)) as desk:
        opened = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()
        assert (opened["state"], opened["attempts"], opened["by_hand"]) == ("dialling", 1, False)
        assert opened["on_line"] is True
        assert (opened["number"], [item["code"] for item in opened["items"]]) == (
            "+33639980123",
            ["chest_pain", "stroke"],
        )
        again = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()
        assert again == opened
        [(kind, arguments, leg)] = await commands(floor, call_id)
        assert (kind, arguments) == ("dial_third", {"to": "simulated-regulator", "purpose": "emergency"})

        red_flag = f"/v1/red-flags/{opened['id']}"
        noted = await desk.patch(
            red_flag,
            json={
                "code": "chest_pain",
                "address": "12 rue des Essais",
                "answers": [{"question": "Depuis quand ?", "answer": "une heure"}],
            },
            headers={"If-Match": f'"{opened["version"]}"'},
        )
        assert noted.status_code == 200, noted.text
        assert (await desk.post(red_flag + "/hand-over")).json()["code"] == "WRONG_STATE"

        await tell("leg_answered", call_id, leg=leg)
        together = (await desk.get(red_flag)).json()
        assert (together["state"], together["address"]) == ("three_way", "12 rue des Essais")
        assert together["answers"] == [{"question": "Depuis quand ?", "answer": "une heure"}]
        handed = (await desk.post(red_flag + "/hand-over")).json()
        assert handed["state"] == "handed_over"
        assert (await floor.row("call", call_id))["state"] == "wrapping"
        asked = await commands(floor, call_id)
        hung_up = [arguments["leg"] for kind, arguments, _ in asked if kind == "hang_up"]
        assert len(hung_up) == 1
        assert hung_up[0].startswith("a-"), "caller and regulator go on"
        assert not {"hold", "hold_in_queue", "announce"} & {kind for kind, _, _ in asked}, "no music, no silence"

        assert (await desk.post(red_flag + "/close", json={})).json()["code"] == "OUTCOME_REQUIRED"
        closed = (await desk.post(red_flag + "/close", json={"outcome": "handed_to_15"})).json()
        assert (closed["state"], closed["outcome"]) == ("closed", "handed_to_15")
        assert (await desk.post(red_flag + "/close", json={"outcome": "handed_to_15"})).json() == closed
        other = await desk.post(red_flag + "/close", json={"outcome": "caller_already_with_15"})
        assert other.json()["code"] == "WRONG_STATE"
    assert await kinds(floor, call_id) == [
        "arrived",
        "red_flag_opened",
        "red_flag_noted",
        "red_flag_three_way",
        "red_flag_handed_over",
        "red_flag_closed",
    ]
    await only_codes_were_told(floor)


async def test_when_the_caller_drops_the_agent_stays_with_the_15(floor: Floor, tell: Tell) -> None:
    agent = await floor.agent()
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(agent)) as desk:
        opened = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()
        await tell("caller_hung_up", call_id)
        assert (await floor.row("call", call_id))["state"] == "talking"
        assert [kind for kind, _, _ in await commands(floor, call_id)] == ["dial_third"], "the 15 still rings"
        [(_, _, leg)] = await commands(floor, call_id)
        await tell("leg_answered", call_id, leg=leg)
        assert (await desk.get(f"/v1/red-flags/{opened['id']}")).json()["number"] == "+33639980123"
        closed = await desk.post(f"/v1/red-flags/{opened['id']}/close", json={"outcome": "line_lost_15_informed"})
        assert closed.json()["outcome"] == "line_lost_15_informed"
    asked = [(kind, arguments.get("leg")) for kind, arguments, _ in await commands(floor, call_id)]
    assert ("hang_up", leg) in asked
    assert (await floor.row("call", call_id))["state"] == "wrapping", "nobody is on the line any more"


async def test_nobody_answers_then_the_next_target_rings(floor: Floor, tell: Tell, database: Database) -> None:
    agent = await floor.agent()
    await floor.connection.execute(
        "UPDATE line SET emergency_targets = '{+33199009999,15}' WHERE id = $1", floor.line_id
    )
    call_id = await floor.talking(agent)
    worker = system("telesecretariat")
    async with floor.http(floor.telesecretary(agent)) as desk:
        opened = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()
        await database.run(worker, dial_due)
        assert len(await commands(floor, call_id)) == 1, "it still rings"
        await _passed(floor, opened["id"])
        await database.run(worker, dial_due)
        first, hang_up, second = await commands(floor, call_id)
        assert (hang_up[0], hang_up[1]) == ("hang_up", {"leg": first[2]})
        assert second[0] == "dial_third"

        await tell("leg_failed", call_id, leg=second[2], cause="busy")
        await database.run(worker, dial_due)
        assert len(await commands(floor, call_id)) == 3, "all have refused: a pause before the next round"
        await _passed(floor, opened["id"])
        await database.run(worker, dial_due)
        third = (await commands(floor, call_id))[-1]
        assert third[0] == "dial_third"

        await tell("leg_answered", call_id, leg=first[2])
        seen = (await desk.get(f"/v1/red-flags/{opened['id']}")).json()
        assert (seen["state"], seen["attempts"]) == ("three_way", 3), "who answers late is there all the same"
        assert (await commands(floor, call_id))[-1][:2] == ("hang_up", {"leg": third[2]})

        await tell("ended", call_id, leg=first[2], by="system")
        lost = (await desk.get(f"/v1/red-flags/{opened['id']}")).json()
        assert (lost["state"], lost["on_line"]) == ("three_way", False), "the regulator is gone: the agent sees it"
        dialled = await desk.post(f"/v1/red-flags/{opened['id']}/dial")
        assert (dialled.json()["state"], dialled.json()["attempts"]) == ("dialling", 4)
        assert (await desk.post(f"/v1/red-flags/{opened['id']}/dial")).json()["code"] == "WRONG_STATE"
    for kind, arguments, _ in await commands(floor, call_id):
        if kind == "dial_third":
            assert arguments["to"] == "simulated-regulator"


async def _passed(floor: Floor, red_flag_id: str) -> None:
    """Its deadline lies in the past."""
    await floor.connection.execute(
        "UPDATE red_flag SET dial_deadline = $2 WHERE id = $1", UUID(red_flag_id), clock.now() - timedelta(seconds=1)
    )


async def test_a_refusal_failing_at_once_goes_to_the_next_target(floor: Floor, tell: Tell) -> None:
    agent = await floor.agent()
    await floor.connection.execute("UPDATE line SET emergency_targets = '{15,112}' WHERE id = $1", floor.line_id)
    call_id = await floor.talking(agent, state="held")
    async with floor.http(floor.telesecretary(agent)) as desk:
        await desk.post(f"/v1/calls/{call_id}/red-flag")
        resumed, dialled = await commands(floor, call_id)
        assert (resumed[0], (await floor.row("call", call_id))["state"]) == ("resume", "talking"), "off hold first"
        await tell("leg_failed", call_id, leg=dialled[2], cause="refused")
    assert [kind for kind, _, _ in await commands(floor, call_id)] == ["resume", "dial_third", "dial_third"]


async def test_who_refuses_the_15_is_quoted_and_the_practitioner_is_told(floor: Floor) -> None:
    agent, person = await floor.agent(), new_id()
    call_id = await floor.talking(agent, practitioner_id=await floor.doctor(person))
    async with floor.http(floor.telesecretary(agent)) as desk:
        opened = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()
        path = f"/v1/red-flags/{opened['id']}/close"
        assert (await desk.post(path, json={"outcome": "caller_refused"})).json()["code"] == "EXACT_WORDS_REQUIRED"
        assert (await desk.post(path, json={"outcome": "false_alarm"})).status_code == 422
        closed = await desk.post(path, json={"outcome": "caller_refused", "exact_words": "Je ne veux pas"})
        assert closed.json()["exact_words"] == "Je ne veux pas"
    told = await floor.connection.fetchval("SELECT payload FROM kit.outbox WHERE type LIKE '%red_flag_closed%'")
    assert json.loads(told)["recipient_id"] == str(person)
    assert "veux" not in told


async def test_another_desk_may_not_and_another_firm_sees_nothing(floor: Floor) -> None:
    agent, other = await floor.agent(), await floor.agent("poste 2")
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(other)) as desk:
        assert (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()["code"] == "NOT_YOUR_CALL"
    async with floor.http(floor.supervisor()) as watch:
        opened = (await watch.post(f"/v1/calls/{call_id}/red-flag")).json()
        listed = (await watch.get("/v1/red-flags")).json()["items"]
        assert [item["id"] for item in listed] == [opened["id"]]
    async with floor.http(floor.stranger()) as stranger:
        assert (await stranger.post(f"/v1/calls/{call_id}/red-flag")).status_code == 404
        assert (await stranger.get(f"/v1/red-flags/{opened['id']}")).status_code == 404
        closing = await stranger.post(f"/v1/red-flags/{opened['id']}/close", json={"outcome": "handed_to_15"})
        assert closing.status_code == 404
        assert (await stranger.get("/v1/red-flags")).json()["items"] == []
    waiting = await floor.waiting()
    async with floor.http(floor.supervisor()) as watch:
        assert (await watch.post(f"/v1/calls/{waiting}/red-flag")).json()["code"] == "CALL_NOT_TALKING"


async def test_where_nothing_can_dial_the_agent_is_told_to(floor: Floor) -> None:
    """A real telephone system never gets the fiction, and without leave nothing real either."""
    agent = await floor.agent()
    await floor.connection.execute("UPDATE telephony_adapter SET kind = 'ari' WHERE id = $1", ADAPTER)
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(agent)) as desk:
        opened = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()
        assert (opened["state"], opened["by_hand"], opened["attempts"]) == ("opened", True, 0)
        assert await commands(floor, call_id) == []
        closed = await desk.post(f"/v1/red-flags/{opened['id']}/close", json={"outcome": "handed_to_15"})
        assert closed.status_code == 200


async def test_where_leave_is_given_a_real_telephone_dials_and_a_simulated_one_never(
    running_service: Any, admin_of: Callable[[str], str]
) -> None:
    running = running_service(service, **SETTINGS, emergency_calls=True)
    async with await Floor.on(admin_of(running.database_url), running) as floor:
        agent = await floor.agent()
        call_id = await floor.talking(agent)
        async with floor.http(floor.telesecretary(agent)) as desk:
            opened = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()
            assert [arguments["to"] for _, arguments, _ in await commands(floor, call_id)] == ["simulated-regulator"]
            await desk.post(f"/v1/red-flags/{opened['id']}/close", json={"outcome": "caller_already_with_15"})
            await floor.connection.execute("UPDATE telephony_adapter SET kind = 'ari' WHERE id = $1", ADAPTER)
            await desk.post(f"/v1/calls/{call_id}/red-flag")
        assert (await commands(floor, call_id))[-1][1]["to"] == "15"


async def test_a_list_of_signs_is_signed_by_a_doctor_and_followed_by_the_next(floor: Floor) -> None:
    first = await signed_set(floor)
    nurse = new_id()
    await floor.doctor(nurse, profession="nurse")
    body = {"client_id": str(floor.client_id), "items": SIGNS[:1]}
    async with floor.http(floor.manager()) as manager:
        second = (await manager.post("/v1/red-flag-sets", json=body)).json()
        assert second["number"] == 2
        refused = await manager.post(f"/v1/red-flag-sets/{second['id']}/publish")
        assert (refused.status_code, refused.json()["code"]) == (403, "NOT_VALIDATOR")
    async with floor.http(floor.practitioner(nurse)) as somebody:
        assert (await somebody.post(f"/v1/red-flag-sets/{second['id']}/publish")).json()["code"] == "NOT_VALIDATOR"
    person = new_id()
    practitioner = await floor.doctor(person)
    async with floor.http(floor.practitioner(person)) as doctor:
        published = (await doctor.post(f"/v1/red-flag-sets/{second['id']}/publish")).json()
        assert published["validated_by"] == str(practitioner)
        twice = await doctor.post(f"/v1/red-flag-sets/{second['id']}/publish")
        assert twice.json()["code"] == "VERSION_PUBLISHED"
        past = body | {"valid_until": "2020-01-01T00:00:00Z"}
        assert (await doctor.post("/v1/red-flag-sets", json=past)).json()["code"] == "TIME_INVALID"
        listed = (await doctor.get("/v1/red-flag-sets")).json()["items"]
    before = next(item for item in listed if item["id"] == str(first))
    assert before["valid_until"] == published["valid_from"]
    async with floor.http(floor.stranger("manager")) as stranger:
        assert (await stranger.post("/v1/red-flag-sets", json=body)).status_code == 404
        assert (await stranger.get("/v1/red-flag-sets")).json()["items"] == []


async def test_an_open_red_flag_keeps_the_agent_on_the_call(floor: Floor, tell: Tell, database: Database) -> None:
    agent = await floor.agent()
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(agent)) as desk:
        opened = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()
        for act, body in (("hang-up", None), ("hold", None), ("transfer", {"to": "+33199000000", "mode": "cold"})):
            refused = await desk.post(f"/v1/calls/{call_id}/{act}", json=body)
            problem = refused.json()
            assert (refused.status_code, problem["code"]) == (409, "RED_FLAG_OPEN"), act
            assert problem["red_flag_id"] == opened["id"]
        [(_, _, leg)] = await commands(floor, call_id)
        await tell("leg_answered", call_id, leg=leg)
        await desk.post(f"/v1/red-flags/{opened['id']}/hand-over")
        finish = {"act": "finish", "outcome": "emergency"}
        refused = await desk.post(f"/v1/calls/{call_id}/wrap-up", json=finish)
        assert refused.json()["code"] == "RED_FLAG_OPEN"
        await floor.connection.execute(
            "UPDATE call SET wrap_up_until = $2 WHERE id = $1", call_id, clock.now() - timedelta(minutes=1)
        )
        await complete_due(database)
        assert (await floor.row("call", call_id))["state"] == "wrapping", "nor does time close it"
        await desk.post(f"/v1/red-flags/{opened['id']}/close", json={"outcome": "handed_to_15"})
        done = await desk.post(f"/v1/calls/{call_id}/wrap-up", json=finish)
        assert (done.status_code, done.json()["state"]) == (200, "completed")


async def test_out_of_a_transfer_the_caller_is_taken_back_first(floor: Floor) -> None:
    agent = await floor.agent()
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(agent)) as desk:
        moved = await desk.post(f"/v1/calls/{call_id}/transfer", json={"to": "+33199000000", "mode": "warm"})
        assert moved.json()["state"] == "transferring"
        opened = await desk.post(f"/v1/calls/{call_id}/red-flag")
        assert opened.json()["state"] == "dialling"
    consult, dropped, dialled = await commands(floor, call_id)
    assert dropped[:2] == ("hang_up", {"leg": consult[2]})
    assert dialled[1]["purpose"] == "emergency"
    assert (await floor.row("call", call_id))["state"] == "talking"


async def test_pressed_by_many_at_once_it_is_opened_and_dialled_once(floor: Floor) -> None:
    agent = await floor.agent()
    call_id = await floor.talking(agent)
    async with floor.http(floor.telesecretary(agent)) as desk, floor.http(floor.supervisor()) as watch:
        presses = await asyncio.gather(*(who.post(f"/v1/calls/{call_id}/red-flag") for who in (desk, watch) * 4))
    assert {answer.status_code for answer in presses} == {200}
    assert len({answer.json()["id"] for answer in presses}) == 1
    assert len(await commands(floor, call_id)) == 1


async def test_the_key_rings_the_regulator_through_a_telephone_system_that_a_worker_runs(floor: Floor) -> None:
    agent = await floor.agent()
    call_id = await floor.talking(agent)
    provider = (await floor.row("call", call_id))["provider_call_id"]
    telephony = FakeTelephony()
    telephony.held = {provider}
    with in_place_of(ADAPTER, telephony):
        floor.running.work()  # type: ignore[union-attr]
        async with floor.http(floor.telesecretary(agent)) as desk:
            opened = (await desk.post(f"/v1/calls/{call_id}/red-flag")).json()

            async def together() -> bool:
                return bool((await desk.get(f"/v1/red-flags/{opened['id']}")).json()["state"] == "three_way")

            await soon(together)
            await desk.post(f"/v1/red-flags/{opened['id']}/hand-over")

            async def left() -> bool:
                return telephony.asked[-1].kind == "hang_up"

            await soon(left)
    dialled, hung_up = telephony.asked
    assert (dialled.kind, dialled.arguments["to"]) == ("dial_third", "simulated-regulator")
    assert str(hung_up.arguments["leg"]).startswith("a-")
    assert provider in telephony.held, "the caller never moves"
