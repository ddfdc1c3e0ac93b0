"""A colleague is consulted while the caller hears music; a transfer goes on, or ends, whoever hangs up first."""

from typing import Any
from uuid import UUID

import pytest

from maillage.doctor import check_invariants, invariants
from telesecretariat.agents.sessions import fall_silent
from telesecretariat.telephony.failing import failed
from telesecretariat.telephony.unconnected import settle_due
from tests.harness.exchange import Exchange
from tests.harness.floor import Floor

DOCTOR = {"to": "+33199000001", "mode": "cold"}


@pytest.fixture
async def colleague(floor: Floor) -> UUID:
    """Another who is ready."""
    return await floor.agent("poste 2", presence="online", work_state="ready")


async def consulting(exchange: Exchange, agent: UUID, colleague: UUID) -> UUID:
    """A call whose agent has a colleague rung."""
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    asked = await exchange.act(agent, call, "transfer", {"to": str(colleague), "mode": "warm"})
    assert (asked.status_code, asked.json()["state"]) == (200, "transferring"), asked.text
    assert (asked.json()["agent_id"], asked.json()["consulted_id"]) == (str(agent), str(colleague))
    return call


async def states(floor: Floor, *agents: UUID) -> list[tuple[str, str | None]]:
    rows = [await floor.row("agent", each) for each in agents]
    return [(row["work_state"], row["reason"]) for row in rows]


async def sound(exchange: Exchange) -> bool:
    """Whether all that must always hold of calls and agents does."""
    names = [each.name for each in invariants("telesecretariat")]
    findings = await check_invariants(exchange.floor.running.database_url, "telesecretariat", "telesecretariat", names)  # type: ignore[union-attr]
    return all(each.state == "ok" for each in findings)


async def new(exchange: Exchange, call: UUID, asked: int) -> list[tuple[str, dict[str, Any]]]:
    """What was asked since."""
    return [(kind, arguments) for kind, arguments, _ in (await exchange.commands(call))[asked:]]


async def test_a_colleague_speaks_with_the_agent_first_and_then_has_the_caller(
    exchange: Exchange, floor: Floor, agent: UUID, colleague: UUID
) -> None:
    call = await consulting(exchange, agent, colleague)
    hold, ring = await new(exchange, call, -2)
    assert (hold[0], ring[0], ring[1]["consult"], ring[1]["agent_id"]) == ("hold", "ring_agent", True, str(colleague))
    assert await states(floor, agent, colleague) == [("on_call", None), ("on_call", None)]
    assert (await exchange.act(agent, call, "hang-up")).json()["code"] == "CALL_NOT_TALKING"
    async with floor.http(floor.telesecretary(colleague)) as client:
        shown = (await client.get("/v1/desk")).json()["calls"]
        assert [(each["id"], each["consulted_id"]) for each in shown] == [(str(call), str(colleague))]
        assert (await client.post("/v1/calls/next")).json()["code"] == "AGENT_NOT_READY"

    assert await sound(exchange)
    leg = await exchange.leg(call)
    await exchange.says("leg_answered", call, leg=leg)
    asked = len(await exchange.commands(call))
    done = await exchange.act(agent, call, "hang-up")
    body = done.json()
    assert (body["state"], body["agent_id"], body["consulted_id"]) == ("talking", str(colleague), None), done.text
    resume, dropped = await new(exchange, call, asked)
    assert (resume[0], dropped[0]) == ("resume", "hang_up")
    assert dropped[1]["leg"].startswith("a-")
    assert dropped[1]["leg"] != leg
    assert await states(floor, agent, colleague) == [("ready", None), ("on_call", None)]
    # The first one's leg goes down: that is nothing any more. The colleague's is the call's.
    await exchange.says("ended", call, leg=dropped[1]["leg"], by="agent")
    assert await exchange.state(call) == "talking"
    assert (await exchange.act(agent, call, "hold")).json()["code"] == "NOT_YOUR_CALL"
    await exchange.says("ended", call, leg=leg, by="agent")
    assert await exchange.state(call) == "wrapping"
    assert await states(floor, agent, colleague) == [("ready", None), ("wrap_up", None)]
    assert (await floor.row("call", call))["returned"] == 0
    assert await sound(exchange)


async def test_the_agent_takes_her_caller_back_or_the_colleague_leaves(
    exchange: Exchange, floor: Floor, agent: UUID, colleague: UUID
) -> None:
    call = await consulting(exchange, agent, colleague)
    late = await exchange.leg(call)
    asked = len(await exchange.commands(call))
    assert (await exchange.act(agent, call, "resume")).json()["state"] == "talking"
    assert ("hang_up", {"leg": late}) in await new(exchange, call, asked)
    assert "resume" in [kind for kind, _ in await new(exchange, call, asked)]
    assert await states(floor, agent, colleague) == [("on_call", None), ("ready", None)]
    # She picks up all the same, too late: her telephone is put down, the conversation is not touched.
    await exchange.says("leg_answered", call, leg=late)
    assert (await exchange.commands(call))[-1][:2] == ("hang_up", {"leg": late})
    assert await exchange.state(call) == "talking"

    again = await exchange.act(agent, call, "transfer", {"to": str(colleague), "mode": "warm"})
    assert again.json()["state"] == "transferring"
    await exchange.says("leg_answered", call, leg=await exchange.leg(call))
    assert (await exchange.act(colleague, call, "hang-up")).json()["state"] == "talking"
    assert await states(floor, agent, colleague) == [("on_call", None), ("ready", None)]
    assert (await exchange.act(agent, call, "hang-up")).json()["state"] == "wrapping"
    own = {row["agent_id"] for row in await floor.connection.fetch("SELECT agent_id FROM call_event WHERE seq > 4")}
    assert own == {agent}


async def test_a_caller_who_hangs_up_meanwhile_leaves_one_call_to_write_up(
    exchange: Exchange, floor: Floor, agent: UUID, colleague: UUID
) -> None:
    call = await consulting(exchange, agent, colleague)
    await exchange.says("leg_answered", call, leg=await exchange.leg(call))
    await exchange.says("caller_hung_up", call)
    row = await floor.row("call", call)
    assert (row["state"], row["agent_id"], row["consulted_id"]) == ("wrapping", agent, None)
    assert await states(floor, agent, colleague) == [("wrap_up", None), ("ready", None)]
    assert ("hang_up", {"leg": await exchange.leg(call)}) in await new(exchange, call, -3)


@pytest.mark.parametrize("how", ["silent", "refused", "lost", "not_rung", "desk"])
async def test_a_colleague_who_is_not_there_leaves_the_caller_with_his_agent(
    exchange: Exchange, floor: Floor, agent: UUID, colleague: UUID, how: str
) -> None:
    call = await consulting(exchange, agent, colleague)
    leg, reason = await exchange.leg(call), "no_answer"
    if how == "silent":
        await exchange.ago(call, 21)
        await settle_due(exchange.database)
    elif how == "refused":
        await exchange.says("leg_failed", call, leg=leg, cause="rejected")
    elif how == "not_rung":
        await exchange.database.run(exchange.who, failed, UUID(leg[2:]), "failed", "no_device")
    elif how == "lost":
        await exchange.says("leg_answered", call, leg=leg)
        await exchange.says("leg_failed", call, leg=leg, cause="lost")
        reason = "connection_lost"
    else:
        await floor.connection.execute(
            "UPDATE agent SET seen_at = seen_at - interval '61 seconds' WHERE id = $1", colleague
        )
        await exchange.database.run(exchange.who, fall_silent, colleague)
        reason = "connection_lost"
    assert await exchange.state(call) == "talking"
    assert (await exchange.asked(call))[-1] == "resume"
    assert await states(floor, agent, colleague) == [("on_call", None), ("not_ready", reason)]


async def test_an_agent_who_puts_her_telephone_down_leaves_the_caller_to_the_colleague_who_rings(
    exchange: Exchange, floor: Floor, agent: UUID, colleague: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    mine = await exchange.leg(call)
    await exchange.act(agent, call, "transfer", {"to": str(colleague), "mode": "warm"})
    await exchange.says("ended", call, leg=mine, by="agent")
    row = await floor.row("call", call)
    assert (row["state"], row["agent_id"], row["connect_deadline"] is not None) == ("connecting", colleague, True)
    assert await states(floor, agent, colleague) == [("ready", None), ("on_call", None)]
    leg = await exchange.leg(call)
    await exchange.says("leg_answered", call, leg=leg)
    assert (await exchange.commands(call))[-1][:2] == ("connect", {"leg": leg})
    await exchange.says("connected", call, leg=leg)
    assert await exchange.state(call) == "talking"

    # Another time nobody answers: he is first in the queue.
    await exchange.says("caller_hung_up", call)
    await exchange.act(colleague, call, "wrap-up", {"act": "finish", "outcome": "information"})
    other = await exchange.arrives("+33639980124")
    await exchange.talks(other, agent)
    mine = await exchange.leg(other)
    await exchange.act(agent, other, "transfer", {"to": str(colleague), "mode": "warm"})
    await exchange.says("ended", other, leg=mine, by="agent")
    await exchange.ago(other, 21)
    await settle_due(exchange.database)
    row = await floor.row("call", other)
    assert (row["state"], row["returned"]) == ("waiting", 1)
    assert await states(floor, agent, colleague) == [("ready", None), ("not_ready", "no_answer")]


async def test_an_agent_whose_line_is_lost_is_rung_again_and_the_colleague_is_free(
    exchange: Exchange, floor: Floor, agent: UUID, colleague: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    mine = await exchange.leg(call)
    await exchange.act(agent, call, "transfer", {"to": str(colleague), "mode": "warm"})
    await exchange.says("leg_answered", call, leg=await exchange.leg(call))
    await exchange.says("leg_failed", call, leg=mine, cause="lost")
    assert await exchange.state(call) == "connecting"
    assert await states(floor, agent, colleague) == [("on_call", None), ("ready", None)]
    again = await exchange.leg(call)
    await exchange.says("leg_answered", call, leg=again)
    await exchange.says("connected", call, leg=again)
    row = await floor.row("call", call)
    assert (row["state"], row["agent_id"]) == ("talking", agent)


async def test_danger_ends_a_consultation_and_the_caller_is_heard_again(
    exchange: Exchange, floor: Floor, agent: UUID, colleague: UUID
) -> None:
    call = await consulting(exchange, agent, colleague)
    asked = len(await exchange.commands(call))
    assert (await exchange.act(agent, call, "red-flag")).status_code < 300
    assert [kind for kind, _ in await new(exchange, call, asked)] == ["hang_up", "resume", "dial_third"]
    assert await exchange.state(call) == "talking"
    assert await states(floor, agent, colleague) == [("on_call", None), ("ready", None)]


@pytest.mark.parametrize("how", ["button", "telephone", "lost"])
async def test_a_cold_transfer_goes_on_when_the_agent_has_gone(
    exchange: Exchange, floor: Floor, agent: UUID, how: str
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await exchange.act(agent, call, "transfer", DOCTOR)
    asked = len(await exchange.commands(call))
    if how == "button":
        assert (await exchange.act(agent, call, "hang-up")).json()["state"] == "transferring"
    kind, cause = ("leg_failed", {"cause": "lost"}) if how == "lost" else ("ended", {"by": "agent"})
    await exchange.says(kind, call, leg=await exchange.leg(call), **cause)  # type: ignore[arg-type]
    kinds = [each for each, _ in await new(exchange, call, asked)]
    assert kinds == (["hang_up", "hold_in_queue"] if how == "button" else ["hold_in_queue"])
    assert await exchange.state(call) == "transferring"
    await exchange.says("leg_answered", call, leg=await exchange.leg(call, "transfer"))
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"], row["transferred_to"]) == ("wrapping", "transfer", "number")
    assert "resume" in await exchange.asked(call)
    assert await states(floor, agent) == [("wrap_up", None)]


async def test_a_cold_transfer_that_nobody_takes_rings_the_agent_who_has_gone(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await exchange.act(agent, call, "transfer", DOCTOR)
    await exchange.says("ended", call, leg=await exchange.leg(call), by="agent")
    await exchange.says("leg_failed", call, leg=await exchange.leg(call, "transfer"), cause="busy")
    assert await exchange.state(call) == "connecting"
    leg = await exchange.leg(call)
    await exchange.says("leg_answered", call, leg=leg)
    await exchange.says("connected", call, leg=leg)
    assert await exchange.state(call) == "talking"
    assert {"agent_left", "transfer_failed"} <= set(await exchange.events(call))
