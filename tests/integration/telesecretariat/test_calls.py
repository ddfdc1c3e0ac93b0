"""The life of a call, from its arrival to what came of it: every step by what the telephone tells and agents do."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from contracts.appointments import AppointmentBooked
from maillage import clock
from maillage.consumers import Envelope
from maillage.ids import new_id
from telesecretariat.calls.consumers import note_outcome
from telesecretariat.calls.wrapping import complete_due
from telesecretariat.telephony.unconnected import settle_due
from tests.harness.exchange import Exchange
from tests.harness.floor import VAULT, Floor

ABANDON = ["arrived", "waiting", "offered", "connecting"]


@pytest.fixture
async def exchange(floor: Floor) -> AsyncIterator[Exchange]:
    """Agents pick, so that nothing is offered while a test looks."""
    await floor.connection.execute("UPDATE line SET distribution = 'pick'")
    async with Exchange.of(floor) as made:
        yield made


@pytest.fixture
async def agent(floor: Floor) -> UUID:
    return await floor.agent("poste 1", presence="online", work_state="ready")


async def test_a_call_arrives_waits_is_answered_held_hung_up_and_written_up(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives("06 39 98 01 23")
    row = await floor.row("call", call)
    assert (row["state"], VAULT.open(row["number_sealed"])) == ("waiting", "+33639980123")
    await exchange.ago(call, 40)
    await exchange.talks(call, agent)
    await exchange.ago(call, 60)
    assert (await exchange.act(agent, call, "hold")).json()["state"] == "held"
    await exchange.ago(call, 20)
    assert (await exchange.act(agent, call, "resume")).json()["state"] == "talking"
    await exchange.ago(call, 30)
    assert (await exchange.act(agent, call, "hang-up")).json()["state"] == "wrapping"
    assert (await floor.row("agent", agent))["work_state"] == "wrap_up"
    await exchange.ago(call, 12)
    done = await exchange.act(agent, call, "wrap-up", {"act": "finish", "outcome": "information"})
    assert (done.status_code, done.json()["state"], done.json()["outcome"]) == (200, "completed", "information")

    row = await floor.row("call", call)
    assert 40 <= row["wait_s"] < 45
    assert 90 <= row["talk_s"] < 95
    assert 20 <= row["hold_s"] < 25
    assert 12 <= row["wrap_s"] < 17
    assert row["ended_by"] == "agent"
    assert await exchange.events(call) == [
        "arrived", "queued", "claimed", "connected", "held", "resumed", "hung_up", "finished",
    ]  # fmt: skip
    assert row["version"] == 8
    assert (await exchange.asked(call))[-7:] == [
        "hold_in_queue", "ring_agent", "connect", "hold", "resume", "hang_up", "hang_up",
    ]  # fmt: skip
    assert (await floor.row("agent", agent))["work_state"] == "ready"


@pytest.mark.parametrize("state", ABANDON)
async def test_who_hangs_up_before_an_agent_speaks_has_abandoned(
    exchange: Exchange, floor: Floor, agent: UUID, state: str
) -> None:
    call = await (exchange.arrives() if state != "arrived" else floor.call(state="arrived", queued_at=None))
    if state == "offered":
        await floor.connection.execute("UPDATE call SET state = 'offered', agent_id = $2 WHERE id = $1", call, agent)
        await floor.connection.execute("UPDATE agent SET work_state = 'offered' WHERE id = $1", agent)
        at = clock.now()
        await floor.insert("offer", {
            "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "call_id": call,
            "agent_id": agent, "opened_at": at, "expires_at": at + timedelta(seconds=15),
        })  # fmt: skip
    if state == "connecting":
        async with floor.http(floor.telesecretary(agent)) as client:
            await client.post(f"/v1/calls/{call}/claim")
    assert await exchange.state(call) == state
    await exchange.says("caller_hung_up", call)
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"], row["short"]) == ("abandoned", "caller", True)
    assert (await floor.row("agent", agent))["work_state"] == "ready"
    assert await floor.connection.fetchval("SELECT count(*) FROM offer WHERE state = 'open'") == 0
    if state == "connecting":
        assert ("hang_up", {"leg": await exchange.leg(call)}) in [(k, a) for k, a, _ in await exchange.commands(call)]


async def test_an_abandonment_is_short_within_five_seconds_and_counted_once(exchange: Exchange, floor: Floor) -> None:
    call = await exchange.arrives(provider="late")
    await exchange.ago(call, 6)
    await exchange.says("caller_hung_up", call)
    await exchange.says("caller_hung_up", call)
    await exchange.says("ended", call, by="caller", cause="normal")
    row = await floor.row("call", call)
    assert (row["state"], row["short"], row["version"]) == ("abandoned", False, 3)


async def test_a_caller_who_hangs_up_is_written_up_by_his_agent(exchange: Exchange, floor: Floor, agent: UUID) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await exchange.act(agent, call, "hold")
    await exchange.says("caller_hung_up", call)
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"]) == ("wrapping", "caller")
    assert (await exchange.commands(call))[-1][:2] == ("hang_up", {"leg": await exchange.leg(call)})


async def test_a_telephone_that_does_not_answer_gives_the_call_back_to_the_queue(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    before = (await floor.row("call", call))["priority_at"]
    async with floor.http(floor.telesecretary(agent)) as client:
        await client.post(f"/v1/calls/{call}/claim")
    await exchange.says("leg_failed", call, leg=await exchange.leg(call), cause="no_answer")
    row = await floor.row("call", call)
    assert (row["state"], row["agent_id"], row["returned"]) == ("waiting", None, 1)
    assert row["priority_at"] < before
    stands = await floor.row("agent", agent)
    assert (stands["work_state"], stands["reason"]) == ("not_ready", "no_answer")
    # The telephone that answers after all is put down, and bridged with nobody.
    asked = len(await exchange.commands(call))
    await exchange.says("leg_answered", call, leg=await exchange.leg(call))
    assert [kind for kind, _, _ in (await exchange.commands(call))[asked:]] == ["hang_up"]


async def test_twenty_seconds_without_a_word_from_the_telephone_are_no_answer_too(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    async with floor.http(floor.telesecretary(agent)) as client:
        await client.post(f"/v1/calls/{call}/claim")
    await settle_due(exchange.database)
    assert await exchange.state(call) == "connecting"
    await exchange.ago(call, 21)
    await settle_due(exchange.database)
    assert await exchange.state(call) == "waiting"
    assert (await floor.row("agent", agent))["reason"] == "no_answer"


async def test_an_agent_whose_line_is_lost_is_rung_again_then_the_caller_comes_first(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    first = await exchange.leg(call)
    await exchange.says("leg_failed", call, leg=first, cause="lost")
    row = await floor.row("call", call)
    assert (row["state"], row["agent_id"]) == ("connecting", agent)
    assert (await exchange.asked(call))[-2:] == ["hold_in_queue", "ring_agent"]
    second = await exchange.leg(call)
    await exchange.says("leg_answered", call, leg=second)
    await exchange.says("connected", call, leg=second)
    assert await exchange.state(call) == "talking"
    answered = (await floor.row("call", call))["answered_at"]
    assert answered == row["answered_at"]

    await exchange.says("leg_failed", call, leg=second, cause="lost")
    await exchange.says("leg_failed", call, leg=await exchange.leg(call), cause="no_answer")
    row = await floor.row("call", call)
    assert (row["state"], row["returned"], row["head_start"][-1]["reason"]) == ("waiting", 1, "returned")
    stands = await floor.row("agent", agent)
    assert (stands["work_state"], stands["reason"]) == ("not_ready", "connection_lost")
    # What the lost telephone says later is about nobody's call.
    await exchange.says("connected", call, leg=first)
    assert await exchange.state(call) == "waiting"


async def test_an_agent_who_puts_her_telephone_down_has_hung_up(exchange: Exchange, floor: Floor, agent: UUID) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await exchange.says("ended", call, leg=await exchange.leg(call), by="agent", cause="normal")
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"]) == ("wrapping", "agent")
    assert ("hang_up", {}) in [(kind, arguments) for kind, arguments, _ in await exchange.commands(call)]


async def test_acts_on_a_call_that_is_not_in_conversation_or_not_hers_are_refused(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    other = await floor.agent("poste 2", presence="online", work_state="ready")
    refused = await exchange.act(other, call, "hang-up")
    assert (refused.status_code, refused.json()["code"]) == (403, "NOT_YOUR_CALL")
    await exchange.act(agent, call, "hang-up")
    for verb, body in (("hold", None), ("resume", None), ("transfer", {"to": "+33199000001"})):
        refused = await exchange.act(agent, call, verb, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "CALL_NOT_TALKING")
    again = await exchange.act(agent, call, "hang-up")
    assert (again.status_code, again.json()["state"]) == (200, "wrapping")
    async with floor.http(floor.stranger("telesecretary")) as stranger:
        assert (await stranger.post(f"/v1/calls/{call}/hold")).status_code == 404


async def test_what_the_telephone_system_cannot_do_is_refused_before_it_is_asked(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    await floor.connection.execute("UPDATE telephony_adapter SET capabilities = '{ring_agent,connect,hang_up}'")
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    for verb, body in (("hold", None), ("transfer", {"to": "+33199000001", "mode": "cold"})):
        refused = await exchange.act(agent, call, verb, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "ADAPTER_CANNOT")


NEVER_DIALLED = ("15", "112", "+33892000001", "0892 00 00 01", "+44 20 7946 0000", "3646", "abc", "+3361")


async def test_short_premium_and_foreign_numbers_are_never_dialled(exchange: Exchange, agent: UUID) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    for to in NEVER_DIALLED:
        refused = await exchange.act(agent, call, "transfer", {"to": to})
        assert (refused.status_code, refused.json()["code"]) == (422, "NUMBER_NOT_ALLOWED"), to
    assert await exchange.state(call) == "talking"


async def test_a_cold_transfer_leaves_the_caller_with_the_other_or_comes_back(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    to_doctor = {"to": "01 99 00 00 01", "mode": "cold"}
    assert (await exchange.act(agent, call, "transfer", to_doctor)).json()["state"] == "transferring"
    assert (await exchange.commands(call))[-1][1] == {"to": "+33199000001", "warm": False}
    await exchange.says("leg_failed", call, leg=await exchange.leg(call, "transfer"), cause="busy")
    assert await exchange.state(call) == "talking"

    await exchange.act(agent, call, "transfer", to_doctor)
    await exchange.says("leg_answered", call, leg=await exchange.leg(call, "transfer"))
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"], row["transferred_to"]) == ("wrapping", "transfer", "number")
    # The agent's leg is put down, the caller's is not.
    assert (await exchange.commands(call))[-1][:2] == ("hang_up", {"leg": await exchange.leg(call)})
    await exchange.says("caller_hung_up", call)
    assert await exchange.state(call) == "wrapping"


async def test_a_warm_transfer_is_left_when_the_other_is_there_or_taken_back(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await exchange.act(agent, call, "transfer", {"to": "+33199000001"})
    kind, arguments, _ = (await exchange.commands(call))[-1]
    assert (kind, arguments) == ("dial_third", {"to": "+33199000001", "purpose": "consult"})
    early = await exchange.act(agent, call, "hang-up")
    assert early.json()["code"] == "CALL_NOT_TALKING"
    assert (await exchange.act(agent, call, "resume")).json()["state"] == "talking"
    assert (await exchange.commands(call))[-1][1] == {"leg": await exchange.leg(call, "dial_third")}

    await exchange.act(agent, call, "transfer", {"to": "+33199000001"})
    await exchange.says("leg_answered", call, leg=await exchange.leg(call, "dial_third"))
    left = await exchange.act(agent, call, "hang-up")
    assert (left.json()["state"], left.json()["ended_by"]) == ("wrapping", "transfer")
    assert (await floor.row("call", call))["transferred_to"] == "number"


async def test_nobody_at_the_other_end_of_a_transfer_for_thirty_seconds(exchange: Exchange, agent: UUID) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await exchange.act(agent, call, "transfer", {"to": "+33199000001"})
    await exchange.ago(call, 31)
    await settle_due(exchange.database)
    assert await exchange.state(call) == "talking"
    assert "transfer_failed" in await exchange.events(call)


async def test_a_caller_is_handed_to_a_colleague_who_is_rung(exchange: Exchange, floor: Floor, agent: UUID) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    absent = await floor.agent("poste 2")
    refused = await exchange.act(agent, call, "transfer", {"to": str(absent), "mode": "cold"})
    assert (refused.status_code, refused.json()["code"]) == (409, "AGENT_NOT_CAPABLE")
    colleague = await floor.agent("poste 3", presence="online", work_state="ready")
    handed = await exchange.act(agent, call, "transfer", {"to": str(colleague), "mode": "cold"})
    assert (handed.json()["state"], handed.json()["agent_id"]) == ("connecting", str(colleague))
    assert (await floor.row("agent", agent))["work_state"] == "ready"
    leg = await exchange.leg(call)
    await exchange.says("leg_answered", call, leg=leg)
    await exchange.says("connected", call, leg=leg)
    assert (await exchange.act(colleague, call, "hang-up")).json()["state"] == "wrapping"


async def test_a_call_wants_its_outcome_and_four_times_more_time_is_all(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    early = await exchange.act(agent, call, "wrap-up", {"act": "finish", "outcome": "information"})
    assert (early.status_code, early.json()["code"]) == (409, "CALL_NOT_WRAPPING")
    ends = (await exchange.act(agent, call, "hang-up")).json()["wrap_up_until"]
    for _ in range(4):
        later = await exchange.act(agent, call, "wrap-up", {"act": "extend"})
        assert later.json()["wrap_up_until"] > ends
        ends = later.json()["wrap_up_until"]
    refused = await exchange.act(agent, call, "wrap-up", {"act": "extend"})
    assert (refused.status_code, refused.json()["code"]) == (409, "WRAP_UP_LIMIT")
    for body, code in (({}, "OUTCOME_REQUIRED"), ({"outcome": "unclassified"}, "UNKNOWN_OUTCOME")):
        refused = await exchange.act(agent, call, "wrap-up", {"act": "finish"} | body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    first = await exchange.act(agent, call, "wrap-up", {"act": "finish", "outcome": "other"})
    again = await exchange.act(agent, call, "wrap-up", {"act": "finish", "outcome": "other"})
    assert (first.status_code, again.json()) == (200, first.json())


async def test_what_nobody_said_in_time_stays_unclassified(exchange: Exchange, floor: Floor, agent: UUID) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await exchange.act(agent, call, "hang-up")
    await complete_due(exchange.database)
    assert await exchange.state(call) == "wrapping"
    await exchange.ago(call, 31)
    await complete_due(exchange.database)
    row = await floor.row("call", call)
    assert (row["state"], row["outcome"], row["outcome_by"]) == ("completed", "unclassified", "system")
    assert (await floor.row("agent", agent))["work_state"] == "ready"


@pytest.mark.parametrize("when", ["before the end", "after time ran out"])
async def test_a_booking_made_during_the_call_is_its_outcome(
    exchange: Exchange, floor: Floor, agent: UUID, when: str
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await exchange.act(agent, call, "hang-up")
    if when == "after time ran out":
        await exchange.ago(call, 31)
        await complete_due(exchange.database)
    patient = new_id()
    at = clock.now() + timedelta(days=1)
    booked = AppointmentBooked(
        appointment_id=new_id(), version=1, patient_id=patient, practitioner_id=new_id(), rpps=None, site_id=new_id(),
        site_finess=None, start=at, end=at + timedelta(minutes=15), mode="on_site", unscheduled=False, status="booked",
        channel="phone", call_id=call, partner_id=None,
    )  # fmt: skip
    envelope = Envelope(new_id(), AppointmentBooked.TYPE, floor.centre, 1, clock.now())
    await exchange.database.run(exchange.who, note_outcome, booked, envelope)
    if when == "before the end":
        finished = await exchange.act(agent, call, "wrap-up", {"act": "finish"})
        assert finished.status_code == 200, finished.text
    row = await floor.row("call", call)
    assert (row["state"], row["outcome"], row["outcome_by"]) == ("completed", "booked", "booking")
    assert row["patient_id"] == patient


async def test_an_agent_calls_somebody_who_answers(exchange: Exchange, floor: Floor, agent: UUID) -> None:
    async with floor.http(floor.telesecretary(agent)) as client:
        body = {"line_id": str(floor.line_id), "to": "06 39 98 00 07"}
        placed = await client.post("/v1/calls", json=body)
        busy = await client.post("/v1/calls", json=body)
    assert (placed.status_code, placed.json()["state"]) == (201, "connecting"), placed.text
    assert (busy.status_code, busy.json()["code"]) == (409, "AGENT_NOT_READY")
    call = UUID(placed.json()["id"])
    await exchange.tells("leg_answered", None, leg=await exchange.leg(call))
    kind, arguments, id_ = (await exchange.commands(call))[-1]
    assert (kind, arguments) == ("dial_third", {"to": "+33639980007", "purpose": "callback"})
    assert (await floor.row("call", call))["provider_call_id"] == f"t-{id_}"
    await exchange.says("leg_answered", call, leg=f"t-{id_}")
    assert (await exchange.asked(call))[-1] == "connect"
    await exchange.says("connected", call, leg=await exchange.leg(call))
    assert await exchange.state(call) == "talking"
    assert (await exchange.act(agent, call, "hang-up")).json()["state"] == "wrapping"


async def test_an_agent_calls_somebody_who_does_not_answer(exchange: Exchange, floor: Floor, agent: UUID) -> None:
    async with floor.http(floor.telesecretary(agent)) as client:
        placed = await client.post("/v1/calls", json={"line_id": str(floor.line_id), "to": "+33639980007"})
        short = await client.post("/v1/calls", json={"line_id": str(floor.line_id), "to": "15"})
    assert short.json()["code"] == "NUMBER_NOT_ALLOWED"
    call = UUID(placed.json()["id"])
    await exchange.tells("leg_answered", None, leg=await exchange.leg(call))
    await exchange.says("leg_failed", call, leg=await exchange.leg(call, "dial_third"), cause="no_answer")
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"], row["answered_at"]) == ("wrapping", "system", None)
    done = await exchange.act(agent, call, "wrap-up", {"act": "finish", "outcome": "not_reached"})
    assert done.status_code == 200, done.text


async def test_a_callback_rings_the_agent_first_and_is_tried_again_when_nobody_answers(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await floor.connection.execute("UPDATE call SET callback_offered = true, estimate_s = 400 WHERE id = $1", call)
    await exchange.says("digit", call, digit="7")
    assert await exchange.state(call) == "waiting"
    await exchange.says("digit", call, digit="1")
    assert await exchange.state(call) == "callback_requested"
    waits = await floor.connection.fetchval("SELECT live_call_id FROM callback")
    async with floor.http(floor.telesecretary(agent)) as client:
        assert (await client.post("/v1/calls/next")).json()["id"] == str(waits)
    await exchange.tells("leg_answered", None, leg=await exchange.leg(waits))
    await exchange.says("leg_failed", waits, leg=await exchange.leg(waits, "dial_third"), cause="no_answer")
    row = await floor.row("call", waits)
    assert (row["state"], row["provider_call_id"]) == ("waiting", None)
    assert row["not_before"] > clock.now()
    assert (await floor.row("agent", agent))["work_state"] == "ready"

    await floor.connection.execute("UPDATE call SET not_before = NULL WHERE id = $1", waits)
    async with floor.http(floor.telesecretary(agent)) as client:
        assert (await client.post("/v1/calls/next")).status_code == 200
    await exchange.tells("leg_answered", None, leg=await exchange.leg(waits))
    await exchange.says("leg_answered", waits, leg=await exchange.leg(waits, "dial_third"))
    await exchange.says("connected", waits, leg=await exchange.leg(waits))
    assert await exchange.state(waits) == "talking"
    assert await floor.connection.fetchval("SELECT state FROM callback") == "done"


async def test_with_a_red_flag_open_nobody_leaves_and_the_agent_stays_with_the_15(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    flag = (await exchange.act(agent, call, "red-flag")).json()
    emergency = await exchange.leg(call, "dial_third")
    for verb, body in (("hold", None), ("hang-up", None), ("transfer", {"to": "+33199000001"})):
        refused = await exchange.act(agent, call, verb, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "RED_FLAG_OPEN"), verb
    await exchange.says("leg_answered", call, leg=emergency)
    # Her line is lost, then she puts her telephone down: she is rung again, and the caller never hears music.
    for kind, details in (("leg_failed", {"cause": "lost"}), ("ended", {"by": "agent"})):
        asked = len(await exchange.commands(call))
        await exchange.says(kind, call, leg=await exchange.leg(call), **details)  # type: ignore[arg-type]
        assert [each for each, _, _ in (await exchange.commands(call))[asked:]] == ["ring_agent"]
        assert await exchange.state(call) == "talking"
        await exchange.says("leg_answered", call, leg=await exchange.leg(call))
        assert (await exchange.asked(call))[-1] == "connect"
    await exchange.says("caller_hung_up", call)
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"]) == ("talking", "caller")
    async with floor.http(floor.telesecretary(agent)) as client:
        closed = await client.post(f"/v1/red-flags/{flag['id']}/close", json={"outcome": "line_lost_15_informed"})
    assert closed.status_code == 200, closed.text
    if await exchange.state(call) == "talking":
        await exchange.act(agent, call, "hang-up")
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"]) == ("wrapping", "caller")


async def test_a_supervisor_listens_only_where_it_was_declared_and_the_agent_sees_it(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    body = {"mode": "whisper", "purpose": "training", "device_address": "SIP/100"}
    async with floor.http(floor.supervisor(new_id())) as supervisor:
        refused = await supervisor.post(f"/v1/calls/{call}/monitoring", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "MONITORING_NOT_DECLARED")
        await floor.connection.execute("UPDATE client SET monitoring_declared = true")
        begun = await supervisor.post(f"/v1/calls/{call}/monitoring", json=body)
        again = await supervisor.post(f"/v1/calls/{call}/monitoring", json=body)
        assert (begun.status_code, again.json()) == (201, begun.json()), begun.text
        kind, arguments, _ = (await exchange.commands(call))[-1]
        assert (kind, arguments["mode"], arguments["agent_leg"]) == ("monitor", "whisper", await exchange.leg(call))
        recorded = await supervisor.post(f"/v1/calls/{call}/recording")
        assert (recorded.status_code, recorded.json()["code"]) == (422, "RECORDING_REFUSED")
        assert (await supervisor.delete(f"/v1/calls/{call}/monitoring")).status_code == 204
    assert (await exchange.events(call))[-2:] == ["monitoring_began", "monitoring_ended"]
    assert (await exchange.commands(call))[-1][1]["mode"] == "end"
    async with floor.http(floor.telesecretary(agent)) as client:
        assert (await client.post(f"/v1/calls/{call}/monitoring", json=body)).status_code == 403
    assert await floor.connection.fetchval("SELECT count(*) FROM kit.audit WHERE action = 'call.monitor'") == 1
