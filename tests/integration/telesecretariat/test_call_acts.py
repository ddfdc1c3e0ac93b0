"""What an agent does with a call besides talking: transfers, calls of her own, callbacks; and who may listen."""

from uuid import UUID

from maillage import clock
from maillage.ids import new_id
from telesecretariat.telephony.unconnected import settle_due
from tests.harness.exchange import Exchange
from tests.harness.floor import Floor

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
