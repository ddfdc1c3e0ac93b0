"""The life of a call, from its arrival to what came of it: every step by what the telephone tells and agents do."""

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
