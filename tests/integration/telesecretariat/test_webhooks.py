"""Telephone systems that tell by signed requests: who may, what is refused, and calls of observed lines."""

import json
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
import pytest

from maillage import clock
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.floor import Floor
from tests.harness.telephone_system import ANOTHER_SECRET, SIX_MINUTES, TelephoneSystem, signed

CALLED, CALLER = "+33399000002", "+33639980102"


@pytest.fixture
async def system(floor: Floor) -> TelephoneSystem:
    """With one observed line."""
    made = await TelephoneSystem.registered(floor)
    await floor.line(number=CALLED, adapter_id=made.adapter_id, mode="observed")
    return made


def new_call(call_id: str = "c1", **more: Any) -> dict[str, Any]:
    return {"event": "newCall", "callId": call_id, "from": CALLER, "to": CALLED, "direction": "in"} | more


def about(event: str, call_id: str = "c1", **more: Any) -> dict[str, Any]:
    return {"event": event, "callId": call_id, "from": CALLER, "to": CALLED, "direction": "in"} | more


async def call_of(floor: Floor, call_id: str = "c1") -> asyncpg.Record | None:
    return await floor.connection.fetchrow("SELECT * FROM call WHERE provider_call_id = $1", call_id)


async def known(floor: Floor, call_id: str = "c1") -> asyncpg.Record:
    found = await call_of(floor, call_id)
    assert found is not None
    return found


async def happened(floor: Floor, call: UUID) -> list[str]:
    rows = await floor.connection.fetch("SELECT kind FROM call_event WHERE call_id = $1 ORDER BY seq", call)
    return [row["kind"] for row in rows]


async def test_the_desk_follows_a_call_from_ring_to_wrap_up(floor: Floor, system: TelephoneSystem) -> None:
    agent = await floor.agent("poste 12", presence="online", work_state="ready", device_address="212")
    assert (await system.tell(new_call())).status_code == 202
    call = await known(floor)
    assert (call["state"], call["observed"]) == ("waiting", True)
    assert (await system.tell(about("queueEnter", queue="accueil"))).status_code == 202
    assert (await system.tell(about("answer", user="Poste 12", answeringNumber="212"))).status_code == 202
    call = await known(floor)
    assert (call["state"], call["agent_id"]) == ("talking", agent)
    assert (await floor.row("agent", agent))["work_state"] == "on_call"
    assert (await system.tell(about("hangup", cause="normalClearing"))).status_code == 202
    call = await known(floor)
    assert (call["state"], call["ended_by"]) == ("wrapping", "caller")
    assert (await floor.row("agent", agent))["work_state"] == "wrap_up"
    assert await floor.connection.fetchval("SELECT count(*) FROM telephony_command") == 0, "nothing is asked of it"


async def test_a_delivery_that_comes_again_changes_nothing(floor: Floor, system: TelephoneSystem) -> None:
    events = [new_call(), about("hangup")]
    assert (await system.tell(*events, id_="d1")).json() == {"taken": 2}
    call = await known(floor)
    before = await happened(floor, call["id"])
    assert call["state"] == "abandoned"
    again = await system.tell(*events, id_="d1")
    assert (again.status_code, again.json()) == (202, {"taken": 2})
    assert await happened(floor, call["id"]) == before


async def test_who_does_not_hold_the_secret_hears_one_answer(floor: Floor, system: TelephoneSystem) -> None:
    body = json.dumps(new_call()).encode()
    good = signed(body, system.secret, "d1", clock.now())
    wrong = {
        "unsigned": {},
        "another secret": signed(body, ANOTHER_SECRET, "d1", clock.now()),
        "another body": signed(body + b" ", system.secret, "d1", clock.now()),
        "another id": good | {"webhook-id": "d2"},
        "no id": good | {"webhook-id": ""},
        "another time": good | {"webhook-timestamp": str(int(good["webhook-timestamp"]) + 1)},
        "no time": good | {"webhook-timestamp": "now"},
        "garbage": good | {"webhook-signature": "v1 v1,@@ v2,x v1,"},
    }
    for why, headers in wrong.items():
        answer = await system.send(body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "SIGNATURE_INVALID"), why
    for other in ("nobody-s", "line-of-tests"):
        system.adapter_id = other
        answer = await system.tell(new_call())
        assert (answer.status_code, answer.json()["code"]) == (401, "SIGNATURE_INVALID"), other
    assert await call_of(floor) is None


async def test_what_was_sent_long_ago_or_later_is_not_taken(floor: Floor, system: TelephoneSystem) -> None:
    for at in (clock.now() - SIX_MINUTES, clock.now() + SIX_MINUTES):
        answer = await system.tell(new_call(), at=at)
        assert (answer.status_code, answer.json()["code"]) == (401, "EVENT_TOO_OLD")
        forged = await system.tell(new_call(), at=at, secret=ANOTHER_SECRET)
        assert forged.json()["code"] == "SIGNATURE_INVALID", "only who holds the secret is told about his clock"
    assert await call_of(floor) is None


async def test_both_secrets_count_while_one_replaces_the_other(floor: Floor, system: TelephoneSystem) -> None:
    async with floor.http(
        floor.manager(),
    ) as client:
        rotated = await client.post(f"/v1/telephony/adapters/{system.adapter_id}/secret")
        body = rotated.json()
        assert rotated.status_code == 200
        assert body["secret"] != system.secret
        assert body["previous_until"] is not None
        assert rotated.headers["cache-control"] == "no-store"
    assert (await system.tell(new_call("c1"))).status_code == 202
    assert (await system.tell(new_call("c2"), secret=body["secret"])).status_code == 202
    async with floor.http(floor.manager()) as client:
        third = (await client.post(f"/v1/telephony/adapters/{system.adapter_id}/secret")).json()["secret"]
    assert (await system.tell(new_call("c3"))).status_code == 401, "of three, the oldest does not count"
    assert (await system.tell(new_call("c3"), secret=third)).status_code == 202
    kept = await floor.connection.fetchval(
        "SELECT secrets_sealed FROM telephony_adapter WHERE id = $1", system.adapter_id
    )
    assert third.encode() not in kept
    facts = await floor.connection.fetch("SELECT facts::text AS told FROM kit.audit")
    assert not any(third in row["told"] for row in facts)


async def test_a_listed_network_needs_no_signature_and_no_other_is_listed(floor: Floor) -> None:
    system = await TelephoneSystem.registered(floor, "trusted", unsigned_networks=["192.0.2.0/24"])
    await floor.line(number=CALLED, adapter_id="trusted", mode="observed")
    assert (await system.send(json.dumps(new_call()).encode(), headers={})).status_code == 401, "from another address"
    async with floor.http(floor.manager()) as client:
        for wide in ("0.0.0.0/0", "::/0", "not a network"):
            body = {"settings": {"unsigned_networks": [wide]}}
            assert (await client.patch("/v1/telephony/adapters/trusted", json=body)).status_code == 422
        body = {"settings": {"unsigned_networks": ["127.0.0.1/32"]}}
        assert (await client.patch("/v1/telephony/adapters/trusted", json=body)).status_code == 200
    raw = json.dumps(new_call()).encode()
    assert (await system.send(raw, headers={})).status_code == 202
    assert (await system.send(raw, headers={})).status_code == 202
    assert await floor.connection.fetchval("SELECT count(*) FROM call") == 1
    assert (await system.send(raw, secret=ANOTHER_SECRET)).status_code == 401, "a wrong signature is worse than none"


async def test_what_cannot_be_read_is_told_where_and_nothing_of_it_is_taken(
    floor: Floor, system: TelephoneSystem
) -> None:
    wrong: list[tuple[bytes, int, str, str]] = [
        (b'{"event": "explode", "callId": "c1"}', 422, "UNKNOWN_EVENT", "/event"),
        (b'{"event": ["newCall"], "callId": "c1"}', 422, "UNKNOWN_EVENT", "/event"),
        (b'[{"event": "newCall", "callId": "c1"}, {"event": "x"}]', 422, "UNKNOWN_EVENT", "/1/event"),
        (b'{"event": "newCall"}', 422, "INVALID", "/callId"),
        (b'{"event": "hangup", "callId": "a\\u0000b"}', 422, "INVALID", "/callId"),
        (b'{"event": "hangup", "callId": "c1", "at": "yesterday"}', 422, "INVALID", "/at"),
        (b"[]", 422, "INVALID", ""),
        (b'"newCall"', 422, "INVALID", ""),
        (b'{"event": "newCall", "event": "hangup"}', 400, "UNREADABLE", ""),
        (b"{", 400, "UNREADABLE", ""),
    ]
    for body, status, code, pointer in wrong:
        answer = await system.send(body)
        told = answer.json()
        assert (answer.status_code, told["code"]) == (status, code), body
        assert [each["pointer"] for each in told.get("errors", [])] == ([pointer] if pointer else []), body
    hundred_and_one = [new_call(f"c{number}") for number in range(101)]
    assert (await system.tell(*hundred_and_one)).json()["code"] == "INVALID"
    large = json.dumps(new_call(queue="x" * 262_144)).encode()
    assert (await system.send(large)).status_code == 413
    assert (await system.send(b"<call/>", content_type="application/xml")).status_code == 415
    assert await floor.connection.fetchval("SELECT count(*) FROM call") == 0


async def test_a_form_and_numbers_that_are_none(floor: Floor, system: TelephoneSystem) -> None:
    form = urlencode({"event": "newCall", "callId": "c1", "from": "anonymous", "to": "03 99 00 00 02", "user[]": "A"})
    sent = await system.send(form.encode(), content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 202
    call = await known(floor)
    assert (call["state"], call["number_hash"]) == ("waiting", None)
    assert (await system.tell(new_call("c2", **{"from": 33639980102}))).status_code == 202
    assert (await known(floor, "c2"))["number_hash"] is not None


async def test_the_providers_clock_is_kept_and_ours_decides(floor: Floor, system: TelephoneSystem) -> None:
    behind = clock.now() - timedelta(hours=2)
    assert (await system.tell(new_call(at=behind.isoformat()))).status_code == 202
    call = await known(floor)
    assert clock.now() - call["arrived_at"] < timedelta(minutes=1)
    kept = await floor.connection.fetchval("SELECT provider_at FROM telephony_fact WHERE kind = 'call_arrived'")
    assert kept == behind


async def test_events_that_overtake_one_another_end_where_they_should(floor: Floor, system: TelephoneSystem) -> None:
    """The end first: five seconds later it is one answered call, in whichever order the others came. Of a call of which
    only the end is told: it is made, seen late."""
    first = await floor.agent("poste 12", presence="online", work_state="ready", device_address="212")
    second = await floor.agent("poste 13", presence="online", work_state="ready", device_address="213")
    for event in (
        about("hangup", "a"), about("answer", "a", answeringNumber="212"), new_call("a"),
        about("hangup", "b"), new_call("b"), about("answer", "b", answeringNumber="213"),
        about("hangup", "late"),
    ):  # fmt: skip
        assert (await system.tell(event)).status_code == 202
    assert (await call_of(floor, "late")) is None
    floor.running.work()  # type: ignore[union-attr]  # the fixture runs it
    for call_id, agent in (("a", first), ("b", second)):
        call = await soon(partial(in_state, floor, call_id, "wrapping"), seconds=20)
        assert call is not None
        assert (call["agent_id"], call["answered_at"] is not None) == (agent, True)
    late = await soon(partial(in_state, floor, "late", "abandoned"), seconds=20)
    assert late is not None
    assert (await happened(floor, late["id"]))[0] == "seen_late"


async def in_state(floor: Floor, call_id: str, state: str) -> asyncpg.Record | None:
    call = await call_of(floor, call_id)
    return call if call is not None and call["state"] == state else None


async def test_a_bot_hands_over_what_it_had_learned(floor: Floor, system: TelephoneSystem) -> None:
    await floor.insert("catalogue_entry", {
        "id": new_id(), "organisation_id": floor.centre, "kind": "motive", "code": "renewal", "label_fr": "Ordonnance",
        "label_en": "Prescription", "created_at": clock.now(),
    })  # fmt: skip
    event = about("botHandover", motive="renewal", red_flag=True, transcript_ref="bot-7f3a")
    assert (await system.tell(event, id_="d1")).status_code == 202
    assert (await system.tell(event, id_="d1")).status_code == 202
    call = await known(floor)
    assert (call["handled_by"], call["motive"]) == ("human", "renewal")
    assert call["head_start"] == [{"reason": "red_flag", "seconds": 600}]
    assert call["queued_at"] - call["priority_at"] == timedelta(seconds=600)
    assert (await happened(floor, call["id"])).count("bot_handover") == 1
    unknown = about("botHandover", "c2", motive="never_heard_of")
    assert (await system.tell(unknown)).status_code == 202
    assert (await known(floor, "c2"))["motive"] is None


async def test_a_telephone_that_cannot_be_rung_is_known(floor: Floor, system: TelephoneSystem) -> None:
    agent = await floor.agent("poste 12", device_address="212")
    assert (await system.tell({"event": "agentState", "user": "poste 12", "state": "offline"})).status_code == 202
    assert (await floor.row("agent", agent))["device_ready"] is False
    assert (await system.tell({"event": "agentState", "user": "212", "state": "ready"})).status_code == 202
    assert (await floor.row("agent", agent))["device_ready"] is True


async def test_calls_that_agents_make_and_lines_that_are_not_ours_change_nothing(
    floor: Floor, system: TelephoneSystem
) -> None:
    for event in (
        new_call("out", direction="out"),
        about("answer", "out", direction="out"),
        new_call("elsewhere", to="+33399000099"),
        about("queueLeave", "gone"),
    ):
        assert (await system.tell(event)).status_code == 202
    assert await floor.connection.fetchval("SELECT count(*) FROM call") == 0


async def test_registering_is_for_who_sets_a_centre_up(floor: Floor) -> None:
    body = {"id": "standard-2", "kind": "webhook"}
    async with floor.http(floor.telesecretary(await floor.agent())) as client:
        assert (await client.post("/v1/telephony/adapters", json=body)).status_code == 403
    async with floor.http(floor.manager()) as client:
        made = await client.post("/v1/telephony/adapters", json=body)
        assert (made.status_code, made.json()["signed"]) == (201, False)
        assert (await client.post("/v1/telephony/adapters", json=body)).json()["code"] == "ADAPTER_EXISTS"
        wrong = body | {"id": "x", "settings": {"trunk": "PJSIP/{number}@t"}}
        refused = await client.post("/v1/telephony/adapters", json=wrong)
        assert (refused.json()["code"], refused.json()["errors"][0]["pointer"]) == (
            "SETTING_REFUSED",
            "/settings/trunk",
        )
        ari = {"id": "asterisk-1", "kind": "ari", "settings": {"trunk": "PJSIP/{number}@t"}}
        assert (await client.post("/v1/telephony/adapters", json=ari)).status_code == 201
        assert (await client.post("/v1/telephony/adapters/asterisk-1/secret")).json()["code"] == "ADAPTER_UNSIGNED"
        stale = await client.patch(
            "/v1/telephony/adapters/standard-2", json={"settings": {}}, headers={"If-Match": '"9"'}
        )
        assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
        bad = ari | {"id": "a2", "settings": {"trunk": "PJSIP/{number}@{host}"}}
        assert (await client.post("/v1/telephony/adapters", json=bad)).status_code == 422
        shown = {each["id"]: each["setup"] for each in (await client.get("/v1/telephony/adapters")).json()["items"]}
        assert shown["asterisk-1"]["settings"]["trunk"] == "PJSIP/{number}@t"
        assert (shown["standard-2"]["signed"], shown["standard-2"]["version"]) == (False, 1)
    async with floor.http(floor.supervisor(new_id())) as client:
        assert {each["setup"] for each in (await client.get("/v1/telephony/adapters")).json()["items"]} == {None}
    async with floor.http(floor.stranger("manager")) as client:
        assert (await client.post("/v1/telephony/adapters/standard-2/secret")).status_code == 404
        assert (await client.patch("/v1/telephony/adapters/standard-2", json={"settings": {}})).status_code == 404
