"""What telephone systems tell, in whatever order; who may be on the line at all; one process that runs each of them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage import clock
from maillage.ids import new_id
from maillage.testing import soon
from telesecretariat.calls.overflow import close_late, look_at_all, tell_places
from telesecretariat.telephony import failing, outages
from telesecretariat.telephony.applying import settle_early
from telesecretariat.telephony.fake import FakeTelephony, in_place_of
from telesecretariat.telephony.observed import end_silent
from tests.harness.exchange import Exchange
from tests.harness.floor import ADAPTER, VAULT, Floor, broken


def said(command: tuple[str, dict[str, Any], UUID]) -> list[str]:
    """The fragments of an announcement, or its texts."""
    return [part.get("fragment") or part["text"] for part in command[1]["parts"]]


def caller(number: str) -> dict[str, Any]:
    """Who calls, as a fact says it: `from` is a word of Python's."""
    return {"from": number}


async def calls(floor: Floor) -> int:
    found: int = await floor.connection.fetchval("SELECT count(*) FROM call")
    return found


# --- who may be on the line -----------------------------------------------------------------------------------------


async def test_a_closed_line_says_so_and_hangs_up_after_its_last_word(exchange: Exchange, floor: Floor) -> None:
    await floor.connection.execute("UPDATE calendar SET weekly = '[]'")
    call = await exchange.arrives()
    assert await exchange.state(call) == "closed"
    answer, announce, hang_up = await exchange.commands(call)
    assert (answer[0], announce[0], announce[1]["final"], hang_up[:2]) == ("answer", "announce", True, ("hang_up", {}))
    assert said(announce)[0] == "danger_15"


async def test_a_barred_number_is_refused_and_still_hears_the_15(exchange: Exchange, floor: Floor) -> None:
    barred = "+33639980190"
    await floor.insert("known_number", {
        "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "kind": "barred",
        "number_hash": VAULT.hash(barred), "number_sealed": VAULT.seal(barred), "created_at": clock.now(),
    })  # fmt: skip
    call = await exchange.arrives(barred)
    assert await exchange.state(call) == "refused"
    assert said((await exchange.commands(call))[1]) == ["danger_15"]
    assert await exchange.state(await exchange.arrives("+33639980191")) == "waiting"


async def test_a_line_without_room_refuses_and_says_where_to_turn(exchange: Exchange, floor: Floor) -> None:
    await floor.connection.execute("UPDATE line SET max_waiting = 1")
    first, second = await exchange.arrives("+33639980101"), await exchange.arrives("+33639980102")
    assert [await exchange.state(first), await exchange.state(second)] == ["waiting", "refused"]
    assert await exchange.asked(second) == ["answer", "announce", "hang_up"]
    assert said((await exchange.commands(second))[1])[0] == "danger_15"


async def test_withheld_and_malformed_numbers_are_taken_and_unknown_lines_are_not(
    exchange: Exchange, floor: Floor
) -> None:
    for told in (None, "anonymous", "+33", "0" * 60):
        row = await floor.row("call", await exchange.arrives(told))
        assert (row["state"], row["number_sealed"], row["number_hash"]) == ("waiting", None, None)
    before = await calls(floor)
    await exchange.tells("call_arrived", "elsewhere", to="+33199009999")
    assert await calls(floor) == before
    assert await floor.connection.fetchval("SELECT state FROM telephony_fact WHERE provider_call_id = 'elsewhere'") == (
        "ignored"
    )


# --- facts in any order ---------------------------------------------------------------------------------------------


async def test_a_fact_told_twice_and_a_call_told_twice_happen_once(exchange: Exchange, floor: Floor) -> None:
    line = await floor.row("line", floor.line_id)
    arrival = caller("+33639980123") | {"to": line["number"]}
    for _ in range(2):
        await exchange.tells("call_arrived", "p1", id_="fact-1", **arrival)
    await asyncio.gather(*(exchange.tells("call_arrived", "p1", **arrival) for _ in range(4)))
    assert await calls(floor) == 1
    call = await exchange.call_of("p1")
    await asyncio.gather(*(exchange.tells("caller_hung_up", "p1", id_="fact-2") for _ in range(4)))
    assert await exchange.events(call) == ["arrived", "queued", "caller_hung_up"]


async def test_a_hang_up_that_overtakes_its_call_waits_for_it(exchange: Exchange, floor: Floor) -> None:
    await exchange.tells("caller_hung_up", "p1", at=clock.now() + timedelta(seconds=2))
    assert await calls(floor) == 0
    assert await floor.connection.fetchval("SELECT state FROM telephony_fact") == "early"
    await exchange.arrives(provider="p1")
    assert await exchange.state(await exchange.call_of("p1")) == "abandoned"
    assert {row["state"] for row in await floor.connection.fetch("SELECT state FROM telephony_fact")} == {"done"}


async def test_what_is_told_of_a_call_that_never_comes_is_ignored_or_seen_late(
    exchange: Exchange, floor: Floor
) -> None:
    observed = await floor.line(mode="observed")
    number = (await floor.row("line", observed))["number"]
    await exchange.tells("ended", "owned", to=(await floor.row("line", floor.line_id))["number"], by="caller")
    await exchange.tells("connected", "seen", to=number, **caller("+33639980155"))
    await settle_early(exchange.database)
    assert await calls(floor) == 0
    await floor.connection.execute("UPDATE telephony_fact SET received_at = received_at - interval '6 seconds'")
    await settle_early(exchange.database)
    assert await calls(floor) == 1
    late = await exchange.call_of("seen")
    assert await exchange.events(late) == ["seen_late", "queued", "connected"]
    told = await floor.connection.fetch("SELECT provider_call_id, state FROM telephony_fact")
    assert {tuple(row) for row in told} == {("owned", "ignored"), ("seen", "done")}


async def test_a_provider_whose_clock_is_two_hours_off_does_not_move_ours(exchange: Exchange, floor: Floor) -> None:
    told = clock.now() - timedelta(hours=2)
    call = await exchange.arrives(at=told)
    row = await floor.row("call", call)
    assert abs((row["queued_at"] - clock.now()).total_seconds()) < 60
    kept = await floor.connection.fetchval("SELECT provider_at FROM telephony_fact")
    assert kept == told


async def test_an_observed_line_is_followed_and_never_commanded(exchange: Exchange, floor: Floor) -> None:
    line = await floor.line(mode="observed")
    agent = await floor.agent("poste 7", presence="online", work_state="not_ready", device_address="207")
    call = await exchange.arrives(line_id=line)
    await exchange.says("connected", call, agent="207")
    row = await floor.row("call", call)
    assert (row["state"], row["agent_id"]) == ("talking", agent)
    refused = await exchange.act(agent, call, "hold")
    assert (refused.status_code, refused.json()["code"]) == (409, "LINE_OBSERVED_ONLY")
    await exchange.says("ended", call, by="caller", cause="normal")
    assert await exchange.state(call) == "wrapping"
    assert await exchange.commands(call) == []
    lost = await exchange.arrives(line_id=line)
    await exchange.says("caller_hung_up", lost)
    assert await exchange.state(lost) == "abandoned"


async def test_an_observed_call_whose_end_is_never_told_does_not_hold_its_agent_for_ever(
    exchange: Exchange, floor: Floor
) -> None:
    line = await floor.line(mode="observed")
    agent = await floor.agent("poste 7", presence="online", work_state="not_ready", device_address="207")
    call = await exchange.arrives(line_id=line)
    await exchange.says("connected", call, agent="207")
    await end_silent(exchange.database)
    assert await exchange.state(call) == "talking"
    await exchange.ago(call, 7_201)
    await end_silent(exchange.database)
    assert await exchange.state(call) == "failed"
    assert (await floor.row("agent", agent))["work_state"] == "ready"


async def test_a_telephone_that_goes_away_is_not_rung(exchange: Exchange, floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="ready")
    await exchange.tells("device_state", None, agent_id=str(agent), ready=False)
    assert (await floor.row("agent", agent))["device_ready"] is False
    await exchange.tells("device_state", None, agent_id=str(new_id()), ready=False)
    await exchange.tells("device_state", None, address=(await floor.row("agent", agent))["device_address"], ready=True)
    assert (await floor.row("agent", agent))["device_ready"] is True


async def test_no_number_is_kept_or_logged_in_clear(exchange: Exchange, floor: Floor, log_capture: Any) -> None:
    await exchange.tells("caller_hung_up", "p1", **caller("+33639980188"))
    await exchange.tells("call_arrived", "p2", to="+33199009999", **caller("+33639980188"))
    call = await exchange.arrives("+33639980188")
    await exchange.says("digit", call, digit="1")
    rows = await floor.connection.fetch(
        "SELECT to_jsonb(f)::text AS text FROM telephony_fact f UNION ALL SELECT to_jsonb(c)::text FROM call c"
        " UNION ALL SELECT to_jsonb(e)::text FROM call_event e UNION ALL SELECT payload FROM kit.outbox"
    )
    assert "639980188" not in "".join(row["text"] for row in rows) + log_capture.text


# --- too many, too long ---------------------------------------------------------------------------------------------


async def test_overflow_rules_are_applied_in_their_order_each_once(exchange: Exchange, floor: Floor) -> None:
    await floor.connection.execute("UPDATE line SET required_skills = '{english}', overflow_rules = $1", [
        {"when": "wait_s", "at_least": 30, "act": "widen_skills"},
        {"when": "wait_s", "at_least": 60, "act": "offer_callback"},
        {"when": "wait_s", "at_least": 120, "act": "transfer", "to": "+33199000002"},
    ])  # fmt: skip
    call = await exchange.arrives()
    await look_at_all(exchange.database)
    assert (await floor.row("call", call))["overflow_step"] == 0
    await exchange.ago(call, 31)
    for _ in range(2):
        await look_at_all(exchange.database)
    row = await floor.row("call", call)
    assert (row["overflow_step"], row["required_skills"], row["state"]) == (1, [], "waiting")
    await exchange.ago(call, 30)
    await look_at_all(exchange.database)
    assert (await floor.row("call", call))["callback_offered"]
    assert said((await exchange.commands(call))[-1]) == ["press_1"]
    await exchange.ago(call, 60)
    await look_at_all(exchange.database)
    row = await floor.row("call", call)
    assert (row["state"], row["ended_by"], row["wait_s"] >= 120) == ("overflowed", "transfer", True)
    assert (await exchange.commands(call))[-1][:2] == ("transfer", {"to": "+33199000002", "warm": False})
    # Nobody there either: he is not left in silence.
    await exchange.says("leg_failed", call, leg=await exchange.leg(call, "transfer"), cause="busy")
    assert (await exchange.asked(call))[-2:] == ["announce", "hang_up"]


async def test_too_many_at_once_overflow_at_their_arrival_and_hear_the_15(exchange: Exchange, floor: Floor) -> None:
    await floor.connection.execute(
        "UPDATE line SET overflow_rules = $1", [{"when": "waiting", "at_least": 2, "act": "close"}]
    )
    first, second = await exchange.arrives("+33639980101"), await exchange.arrives("+33639980102")
    assert [await exchange.state(first), await exchange.state(second)] == ["waiting", "overflowed"]
    assert (await exchange.asked(second))[-2:] == ["announce", "hang_up"]
    assert said((await exchange.commands(second))[-2])[0] == "danger_15"


async def test_who_still_waits_when_the_drain_is_over_is_told_and_let_go(exchange: Exchange, floor: Floor) -> None:
    call = await exchange.arrives()
    await close_late(exchange.database)
    assert await exchange.state(call) == "waiting"
    # It closed ten minutes ago, in a zone where it is about noon; he came before, and the drain of 15 min runs.
    zone = f"Etc/GMT{clock.now().hour - 12:+d}"
    closed = (clock.now() - timedelta(minutes=10)).astimezone(ZoneInfo(zone))
    hours = [{"weekday": day, "opens": "00:00", "closes": f"{closed:%H:%M}"} for day in range(7)]
    await floor.connection.execute("UPDATE line SET time_zone = $1", zone)
    await floor.connection.execute("UPDATE calendar SET weekly = $1", hours)
    await exchange.ago(call, 15 * 60)
    await close_late(exchange.database)
    assert await exchange.state(call) == "waiting"
    await floor.connection.execute("UPDATE calendar SET drain_minutes = 5")
    await close_late(exchange.database)
    assert await exchange.state(call) == "closed"
    assert (await exchange.asked(call))[-2:] == ["announce", "hang_up"]


async def test_a_call_that_breaks_does_not_hold_up_the_others(exchange: Exchange, floor: Floor) -> None:
    first, second = await exchange.arrives("+33639980101"), await exchange.arrives("+33639980102")
    await floor.connection.execute(
        "UPDATE line SET overflow_rules = $1", [{"when": "wait_s", "at_least": 30, "act": "widen_skills"}]
    )
    for each in (first, second):
        await exchange.ago(each, 31)
    await broken(floor, "call", first)
    await look_at_all(exchange.database)
    assert [(await floor.row("call", each))["overflow_step"] for each in (first, second)] == [0, 1]
    await floor.connection.execute("UPDATE calendar SET weekly = '[]', drain_minutes = 0")
    await close_late(exchange.database)
    assert [await exchange.state(each) for each in (first, second)] == ["waiting", "closed"]


async def test_a_fact_that_breaks_does_not_hold_up_those_of_other_calls(exchange: Exchange, floor: Floor) -> None:
    for provider in ("p1", "p2", "p3"):
        await exchange.tells("caller_hung_up", provider)
    await floor.connection.execute(
        "UPDATE telephony_fact SET received_at = received_at - interval '6 seconds',"
        " body_sealed = CASE provider_call_id WHEN 'p2' THEN decode('00', 'hex') ELSE body_sealed END"
    )
    await settle_early(exchange.database)
    told = await floor.connection.fetch("SELECT provider_call_id, state FROM telephony_fact")
    assert {tuple(row) for row in told} == {("p1", "ignored"), ("p2", "early"), ("p3", "ignored")}


async def test_who_waits_hears_his_place_once_a_minute(exchange: Exchange, floor: Floor) -> None:
    first, second = await exchange.arrives("+33639980101"), await exchange.arrives("+33639980102")
    await tell_places(exchange.database)
    assert "announce" not in await exchange.asked(second)
    await exchange.ago(first, 70)
    await exchange.ago(second, 61)
    for _ in range(2):
        await tell_places(exchange.database)
    announced = [command for command in await exchange.commands(second) if command[0] == "announce"]
    assert [said(command)[0] for command in announced] == ["place_2"]


# --- one process that runs it ---------------------------------------------------------------------------------------


async def test_a_call_goes_through_a_telephone_system_that_a_worker_runs(exchange: Exchange, floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="ready")
    with in_place_of(ADAPTER, FakeTelephony()) as telephony:
        floor.running.work()  # type: ignore[union-attr]
        await soon(lambda: _true(telephony.running))
        number = (await floor.row("line", floor.line_id))["number"]
        await telephony.tell("call_arrived", "p1", to=number, **caller("+33639980123"))
        call = await exchange.call_of("p1")
        async with floor.http(floor.telesecretary(agent)) as client:
            assert (await client.post(f"/v1/calls/{call}/claim")).status_code == 200
            await soon(lambda: _is(exchange, call, "talking"))
            assert (await client.post(f"/v1/calls/{call}/hang-up")).status_code == 200
        await soon(lambda: _true([each.kind for each in telephony.asked][-2:] == ["hang_up", "hang_up"]))
        assert [each.kind for each in telephony.asked if each.kind != "announce"] == [
            "answer", "hold_in_queue", "ring_agent", "connect", "hang_up", "hang_up",
        ]  # fmt: skip
        await soon(lambda: _settled(floor))
        lease = (await floor.row("telephony_adapter", ADAPTER))["lease_until"]  # type: ignore[arg-type]
        assert lease is not None


async def test_a_worker_takes_over_from_one_that_died_and_finds_out_who_hung_up(
    exchange: Exchange, floor: Floor
) -> None:
    gone, stays = await exchange.arrives(provider="gone"), await exchange.arrives(provider="stays")
    # A process held the lease, had given a command and died before it heard of it.
    await floor.connection.execute(
        "UPDATE telephony_adapter SET lease_owner = $1, lease_until = clock_timestamp() + interval '1 second'", new_id()
    )
    await floor.connection.execute("UPDATE telephony_command SET state = 'sent'")
    telephony = FakeTelephony()
    telephony.held = {"stays"}
    with in_place_of(ADAPTER, telephony):
        floor.running.work()  # type: ignore[union-attr]
        await soon(lambda: _is(exchange, gone, "abandoned"))
        await soon(lambda: _settled(floor))
    assert (await exchange.events(gone))[-1] == "reconciled"
    assert await exchange.state(stays) == "waiting"
    again = [each.id for each in telephony.asked if each.call_id == stays]
    assert again == [id_ for _, _, id_ in await exchange.commands(stays)]


async def test_an_outage_keeps_the_order_of_those_who_wait_and_is_shown(exchange: Exchange, floor: Floor) -> None:
    waiting = [await exchange.arrives(f"+3363998010{n}", f"p{n}") for n in range(4)]
    order = [(await floor.row("call", each))["priority_at"] for each in waiting]
    telephony = FakeTelephony()
    telephony.held = {"p0", "p2", "p3"}
    with in_place_of(ADAPTER, telephony):
        await exchange.database.run(exchange.who, outages.down, ADAPTER)
        floor.running.work()  # type: ignore[union-attr]
        await soon(lambda: _is(exchange, waiting[1], "abandoned"))
        await soon(lambda: _up(floor))
    left = [n for n, each in enumerate(waiting) if await exchange.state(each) == "waiting"]
    assert left == [0, 2, 3]
    assert [(await floor.row("call", each))["priority_at"] for each in waiting] == order
    async with floor.http(floor.supervisor(new_id())) as client:
        shown = (await client.get("/v1/telephony/adapters")).json()["items"][0]
    assert (shown["state"], shown["outages"][0]["calls_reconciled"]) == ("up", 1)
    assert shown["outages"][0]["ended_at"] > shown["outages"][0]["began_at"]
    events = await floor.connection.fetch("SELECT type FROM kit.outbox WHERE type LIKE 'telesecretariat.adapter%'")
    assert [row["type"] for row in events] == ["telesecretariat.adapter_down.v1", "telesecretariat.adapter_up.v1"]
    async with floor.http(floor.telesecretary(await floor.agent())) as client:
        assert (await client.get("/v1/telephony/adapters")).status_code == 403


async def test_a_live_call_that_its_system_has_not_known_for_a_minute_has_failed(
    exchange: Exchange, floor: Floor
) -> None:
    lost, found = await exchange.arrives(provider="lost"), await exchange.arrives(provider="found")
    telephony = FakeTelephony()
    await outages.compare(exchange.database, ADAPTER, telephony)
    assert [await exchange.state(lost), await exchange.state(found)] == ["waiting", "waiting"]
    telephony.held = {"found"}
    await floor.connection.execute("UPDATE call SET missing_since = missing_since - interval '61 seconds'")
    await outages.compare(exchange.database, ADAPTER, telephony)
    assert [await exchange.state(lost), await exchange.state(found)] == ["failed", "waiting"]
    assert (await floor.row("call", found))["missing_since"] is None


async def test_a_command_that_fails_or_runs_out_never_leaves_its_call_waiting(exchange: Exchange, floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="ready")
    refused = await exchange.arrives("+33639980101")
    with in_place_of(ADAPTER, FakeTelephony(refuses=frozenset({"ring_agent"}))) as telephony:
        floor.running.work()  # type: ignore[union-attr]
        await soon(lambda: _true(telephony.running))
        async with floor.http(floor.telesecretary(agent)) as client:
            assert (await client.post(f"/v1/calls/{refused}/claim")).status_code == 200
        await soon(lambda: _returned(floor, refused))
    assert (await floor.row("agent", agent))["reason"] == "no_answer"


async def test_a_command_that_nobody_does_expires(exchange: Exchange, floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="ready")
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await floor.connection.execute("UPDATE telephony_command SET state = 'done'")
    await exchange.act(agent, call, "hold")
    await floor.connection.execute("UPDATE telephony_command SET expires_at = expires_at - interval '40 seconds'")
    await failing.expire(exchange.database)
    assert await exchange.state(call) == "talking"
    assert (await exchange.events(call))[-1] == "hold_failed"
    states = await floor.connection.fetch("SELECT kind, state FROM telephony_command ORDER BY seq DESC LIMIT 1")
    assert [tuple(row) for row in states] == [("hold", "expired")]


async def _true(value: bool) -> bool:
    return value


async def _is(exchange: Exchange, call: UUID, state: str) -> bool:
    return await exchange.state(call) == state


async def _returned(floor: Floor, call: UUID) -> bool:
    row = await floor.row("call", call)
    return bool(row["state"] == "waiting" and row["returned"] == 1)


async def _settled(floor: Floor) -> bool:
    return not await floor.connection.fetchval(
        "SELECT count(*) FROM telephony_command WHERE state IN ('pending', 'sent')"
    )


async def _up(floor: Floor) -> bool:
    return bool(await floor.connection.fetchval("SELECT state = 'up' FROM telephony_adapter"))
