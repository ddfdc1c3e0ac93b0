"""Desks and states of agents, through the API of the running service."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import asyncpg
import httpx

from maillage import clock
from maillage.database import Tx
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import soon
from telesecretariat.agents import queries
from telesecretariat.agents import service as agents
from telesecretariat.agents.sessions import fall_silent, watch
from telesecretariat.dispatch import offering
from tests.harness.exchange import Exchange
from tests.harness.floor import Floor, broken

DEVICE = {"kind": "phone", "address": "SIP/poste"}


async def ask(floor: Floor, caller: Principal, method: str, path: str, body: object = None) -> httpx.Response:
    async with floor.http(caller) as client:
        return await client.request(method, f"/v1{path}", json=body)


async def open_desk(floor: Floor, caller: Principal, **body: object) -> httpx.Response:
    given = {"desk_id": str(new_id()), "device": DEVICE} | body
    return await ask(floor, caller, "POST", "/agents/me/session", given)


async def state(floor: Floor, agent: UUID) -> tuple[str, str, str | None]:
    row = await floor.row("agent", agent)
    return row["presence"], row["work_state"], row["reason"]


async def becomes(floor: Floor, agent: UUID, *wanted: object) -> None:
    async def now() -> bool:
        return await state(floor, agent) == wanted

    await soon(now)


async def aged(floor: Floor, agent: UUID, seconds: float) -> None:
    """Her desk has given no sign of life for so long."""
    seen = clock.now() - timedelta(seconds=seconds)
    await floor.connection.execute("UPDATE agent SET seen_at = $2 WHERE id = $1", agent, seen)


async def intervals(floor: Floor, agent: UUID) -> list[asyncpg.Record]:
    return await floor.connection.fetch(
        "SELECT work_state, reason, lower(during) AS since, upper(during) AS until FROM agent_interval "
        "WHERE agent_id = $1 ORDER BY lower(during)",
        agent,
    )


async def test_the_first_session_makes_the_agent_and_a_second_desk_takes_over(floor: Floor) -> None:
    person = new_id()
    caller = floor.telesecretary(person)
    assert (await open_desk(floor, caller)).json()["code"] == "NO_LINE"
    await floor.assign(person)
    first, second = str(new_id()), str(new_id())
    opened = await open_desk(floor, caller, desk_id=first)
    assert opened.status_code == 200, opened.text
    agent = opened.json()["agent"]
    assert (agent["label"], agent["presence"], agent["work_state"]) == ("poste 1", "online", "not_ready")
    assert (await open_desk(floor, caller, desk_id=second)).json()["code"] == "DESK_ALREADY_OPEN"
    told = "SELECT count(*) FROM kit.outbox WHERE type LIKE '%agent_changed%' AND subject_id = $1"
    before = await floor.connection.fetchval(told, person)
    assert (await open_desk(floor, caller, desk_id=second, take_over=True)).status_code == 200
    assert await floor.connection.fetchval(told, person) == before + 1, "the first window is told"
    read_only = await ask(floor, caller, "PUT", "/agents/me/session", {"desk_id": first})
    assert (read_only.status_code, read_only.json()["code"]) == (409, "DESK_TAKEN_OVER")
    wish = await ask(floor, caller, "PUT", "/agents/me/state", {"work_state": "ready", "desk_id": first})
    assert wish.json()["code"] == "DESK_TAKEN_OVER"
    assert (await ask(floor, caller, "POST", "/calls/next", {"desk_id": first})).json()["code"] == "DESK_TAKEN_OVER"
    assert (await ask(floor, caller, "PUT", "/agents/me/session", {"desk_id": second})).status_code == 200


async def test_states_are_wished_for_and_kept_during_a_call(floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online")
    caller = floor.telesecretary(agent)
    unknown = await ask(floor, caller, "PUT", "/agents/me/state", {"work_state": "not_ready", "reason": "fishing"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "UNKNOWN_REASON")
    assert (await ask(floor, caller, "PUT", "/agents/me/state", {"work_state": "ready"})).json()[
        "work_state"
    ] == "ready"
    call = await floor.waiting(pick=True)
    assert (await ask(floor, caller, "POST", f"/calls/{call}/claim")).status_code == 200
    wish = await ask(floor, caller, "PUT", "/agents/me/state", {"work_state": "not_ready", "reason": "meal"})
    assert (wish.json()["work_state"], wish.json()["pending_state"]) == ("on_call", "not_ready")
    busy = await ask(floor, caller, "DELETE", "/agents/me/session")
    assert (busy.status_code, busy.json()["code"]) == (409, "AGENT_BUSY")
    returned = await ask(floor, floor.supervisor(), "POST", f"/calls/{call}/return", {"reason": "help"})
    assert (returned.status_code, returned.json()["state"]) == (200, "waiting")
    assert await state(floor, agent) == ("online", "not_ready", "meal")
    row = await floor.row("call", call)
    assert (row["returned"], row["head_start"]) == (1, [{"reason": "returned", "seconds": 1800}])
    assert row["priority_at"] == row["queued_at"] - timedelta(seconds=1800)
    assert (await ask(floor, caller, "DELETE", "/agents/me/session")).status_code == 204
    assert await state(floor, agent) == ("offline", "not_ready", "signed_out")
    spent = await intervals(floor, agent)
    assert [each["work_state"] for each in spent] == ["not_ready", "ready", "on_call", "not_ready"]
    assert all(one["until"] == other["since"] for one, other in pairwise(spent))


async def test_a_browser_that_dies_gives_its_call_back_with_its_history(floor: Floor) -> None:
    """Scenario 4: on hold, no sign of life for 26 s; the call is first again, another takes it, the first reads."""
    agent = await floor.agent("poste 1", presence="online", work_state="on_call")
    other = await floor.agent("poste 2", presence="online", work_state="not_ready")
    await floor.waiting(queued_s_ago=300, pick=True)
    held = await floor.waiting(queued_s_ago=90, state="held", agent_id=agent, pick=True)
    floor.work()
    await aged(floor, agent, 26)
    await becomes(floor, agent, "stale", "not_ready", "connection_lost")
    row = await floor.row("call", held)
    assert (row["state"], row["agent_id"], row["returned"]) == ("waiting", None, 1)
    await floor.connection.execute("UPDATE agent SET work_state = 'ready', idle_since = now() WHERE id = $1", other)
    taken = await ask(floor, floor.telesecretary(other), "POST", "/calls/next")
    assert taken.json()["id"] == str(held)
    back = await ask(
        floor, floor.telesecretary(agent), "PUT", "/agents/me/session", {"desk_id": str(await desk_of(floor, agent))}
    )
    assert (back.status_code, back.json()["agent"]["presence"]) == (200, "online")
    assert (await ask(floor, floor.telesecretary(agent), "GET", "/desk")).json()["calls"] == []


async def desk_of(floor: Floor, agent: UUID) -> UUID:
    desk: UUID = (await floor.row("agent", agent))["desk_id"]
    return desk


async def test_a_silent_desk_is_offered_nothing_comes_back_as_it_was_and_is_closed_after_a_minute(floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="ready")
    caller, desk = floor.telesecretary(agent), {"desk_id": str(await desk_of(floor, agent))}
    floor.work()
    await aged(floor, agent, 26)
    await becomes(floor, agent, "stale", "ready", None)
    call = await floor.waiting()
    assert (await ask(floor, caller, "POST", "/calls/next")).json()["code"] == "AGENT_OFFLINE"
    assert (await ask(floor, caller, "PUT", "/agents/me/session", desk)).json()["agent"]["work_state"] == "ready"

    async def offered() -> bool:
        return bool((await floor.row("call", call))["state"] == "offered")

    await soon(offered)
    await aged(floor, agent, 61)
    await becomes(floor, agent, "offline", "not_ready", "connection_lost")
    assert (await floor.row("call", call))["state"] == "waiting"
    assert (await ask(floor, caller, "PUT", "/agents/me/session", desk)).json()["code"] == "AGENT_OFFLINE"


async def test_after_an_outage_of_the_service_every_desk_has_its_time_anew(exchange: Exchange, floor: Floor) -> None:
    """Nobody could be heard for a minute and a half: nobody is taken off, until she is silent when she can be heard."""
    heard, silent = [await floor.agent(each, presence="online", work_state="ready") for each in ("poste 1", "poste 2")]
    stale = await floor.agent("poste 3", presence="stale", work_state="ready", desk_id=new_id())

    async def deaf(seconds: float) -> None:
        """So long since the last look, and since the last sign of life of each desk."""
        await floor.connection.execute(
            "UPDATE desk_watch SET looked_at = now() - $1::float8 * interval '1 second'", seconds
        )
        for each in (heard, silent, stale):
            await aged(floor, each, seconds)

    async def heard_for(seconds: float) -> None:
        """The watch has looked each second meanwhile."""
        await floor.connection.execute(
            "UPDATE desk_watch SET looked_at = now(), hears_since = now() - $1::float8 * interval '1 second'", seconds
        )

    await deaf(90)
    for _ in range(2):
        await watch(exchange.database)
    assert [(await state(floor, each))[0] for each in (heard, silent, stale)] == ["online", "online", "stale"]
    await heard_for(26)
    await aged(floor, heard, 3)
    await watch(exchange.database)
    assert [(await state(floor, each))[0] for each in (heard, silent, stale)] == ["online", "stale", "stale"]
    await heard_for(61)
    await watch(exchange.database)
    assert [(await state(floor, each))[0] for each in (heard, silent, stale)] == ["online", "offline", "offline"]


async def test_a_desk_that_cannot_be_settled_does_not_hold_up_the_others(exchange: Exchange, floor: Floor) -> None:
    agents = sorted([await floor.agent(f"poste {n}", presence="online", work_state="ready") for n in (1, 2, 3)])
    for each in agents:
        await aged(floor, each, 26)
    await broken(floor, "agent", agents[0])
    await watch(exchange.database)
    assert [(await state(floor, each))[0] for each in agents] == ["online", "stale", "stale"]


async def test_a_call_at_a_telephone_goes_on_without_the_desk(floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="on_call")
    call = await floor.waiting(state="talking", agent_id=agent)
    browser = await floor.agent("poste 2", presence="online", work_state="on_call", device_kind="browser")
    lost = await floor.waiting(state="talking", agent_id=browser, pick=True)
    caller = await floor.agent("poste 3", presence="online", work_state="on_call", device_kind="browser")
    made = await floor.call(state="talking", agent_id=caller, direction="outbound")
    floor.work()
    for each in (agent, browser, caller):
        await aged(floor, each, 61)
    await becomes(floor, agent, "offline", "on_call", None)
    await becomes(floor, browser, "offline", "not_ready", "connection_lost")
    await becomes(floor, caller, "offline", "not_ready", "connection_lost")
    states = [(await floor.row("call", each))["state"] for each in (call, lost, made)]
    assert states == ["talking", "waiting", "failed"]


async def test_a_supervisor_forces_and_assigns_with_a_reason_that_is_kept(floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="not_ready")
    boss, call = floor.supervisor(), await floor.waiting(pick=True)
    refused = await ask(floor, boss, "POST", f"/calls/{call}/assign", {"agent_id": str(agent)})
    assert (refused.status_code, refused.json()["code"]) == (409, "AGENT_NOT_CAPABLE")
    force = {"work_state": "ready", "reason": "rush"}
    assert (await ask(floor, floor.stranger(), "POST", f"/agents/{agent}/force-state", force)).status_code == 404
    assert (
        await ask(floor, floor.telesecretary(agent), "POST", f"/agents/{agent}/force-state", force)
    ).status_code == 403
    assert (await ask(floor, boss, "POST", f"/agents/{agent}/force-state", force)).json()["work_state"] == "ready"
    assigned = await ask(floor, boss, "POST", f"/calls/{call}/assign", {"agent_id": str(agent)})
    assert (assigned.json()["state"], assigned.json()["agent_id"]) == ("offered", str(agent))
    force = {"work_state": "not_ready", "reason": "training"}
    forced = await ask(floor, boss, "POST", f"/agents/{agent}/force-state", force)
    assert (forced.json()["work_state"], forced.json()["reason"]) == ("not_ready", "forced")
    assert (await floor.row("call", call))["state"] == "waiting"
    kept = await floor.connection.fetch("SELECT action, facts FROM kit.audit WHERE action = 'agent.force' ORDER BY at")
    assert ['"reason":"rush"' in kept[0]["facts"], '"reason":"training"' in kept[1]["facts"]] == [True, True]
    empty = await ask(floor, boss, "POST", f"/agents/{agent}/force-state", {"work_state": "ready"})
    assert empty.status_code == 422


async def test_who_was_put_on_pause_by_a_supervisor_cannot_end_it_herself(floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="ready")
    caller, boss = floor.telesecretary(agent), floor.supervisor()

    async def wishes(**wish: str) -> httpx.Response:
        return await ask(floor, caller, "PUT", "/agents/me/state", wish or {"work_state": "ready"})

    async def forced(**body: object) -> httpx.Response:
        return await ask(floor, boss, "POST", f"/agents/{agent}/force-state", {"reason": "training"} | body)

    until = (await forced(work_state="not_ready", minutes=20)).json()["forced_until"]
    refused = await wishes()
    assert (refused.status_code, refused.json()["code"]) == (409, "STATE_FORCED")
    assert datetime.fromisoformat(refused.json()["until"]) == datetime.fromisoformat(until)
    assert (await wishes(work_state="not_ready", reason="meal")).json()["code"] == "STATE_FORCED"
    assert (await ask(floor, caller, "DELETE", "/agents/me/session")).status_code == 204
    assert (await open_desk(floor, caller)).json()["agent"]["reason"] == "forced", "signing in again lifts nothing"
    assert (await wishes()).json()["code"] == "STATE_FORCED"
    assert (await forced(work_state="ready")).json()["forced_until"] is None
    assert await state(floor, agent) == ("online", "ready", None)

    # During a call it comes after it, whatever she wishes meanwhile; and its time ends it too.
    call = await floor.waiting(pick=True)
    assert (await ask(floor, caller, "POST", f"/calls/{call}/claim")).status_code == 200
    assert (await forced(work_state="not_ready")).json()["pending_state"] == "not_ready"
    assert (await wishes()).json()["code"] == "STATE_FORCED"
    await ask(floor, boss, "POST", f"/calls/{call}/return", {"reason": "help"})
    assert await state(floor, agent) == ("online", "not_ready", "forced")
    assert (await forced(work_state="not_ready", minutes=481)).status_code == 422
    await floor.connection.execute("UPDATE agent SET forced_until = now() WHERE id = $1", agent)
    assert (await wishes()).json()["work_state"] == "ready"


async def test_who_comes_back_while_her_call_is_to_be_written_up_writes_it_up_first(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call = await exchange.arrives()
    await exchange.talks(call, agent)
    await aged(floor, agent, 61)
    await exchange.database.run(exchange.who, fall_silent, agent)
    await exchange.says("caller_hung_up", call)
    assert await state(floor, agent) == ("offline", "not_ready", "connection_lost")
    assert await exchange.state(call) == "wrapping"
    caller = floor.telesecretary(agent)
    assert (await open_desk(floor, caller)).json()["agent"]["work_state"] == "wrap_up"
    written = {"act": "finish", "outcome": "information"}
    assert (await ask(floor, caller, "POST", f"/calls/{call}/wrap-up", written)).status_code == 200
    assert await state(floor, agent) == ("online", "not_ready", "signed_in")


async def test_a_call_offered_at_the_instant_she_leaves_goes_back_at_once(
    exchange: Exchange, floor: Floor, agent: UUID
) -> None:
    call, may_commit, marked = await floor.waiting(), asyncio.Event(), asyncio.Event()

    async def offered_slowly(tx: Tx) -> None:
        assert await offering.offer(tx, [(call, agent)]) == 1
        marked.set()
        await may_commit.wait()

    async def waits_for_her() -> bool:
        sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query = $1"
        return bool(await floor.connection.fetchval(sql, queries.LOCK))

    offering_it = asyncio.create_task(exchange.database.run(exchange.who, offered_slowly))
    await marked.wait()
    leaving = asyncio.create_task(exchange.database.run(exchange.who, agents.leave, agent, "suspended"))
    await soon(waits_for_her)
    may_commit.set()
    await asyncio.gather(offering_it, leaving)
    assert await state(floor, agent) == ("offline", "not_ready", "suspended")
    assert await exchange.state(call) == "waiting"
    assert await floor.connection.fetchval("SELECT state FROM offer") == "rescinded"
