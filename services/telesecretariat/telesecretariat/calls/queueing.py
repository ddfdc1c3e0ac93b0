"""How a call comes into the queue and back into it.

Lock order: the call, then agents. What an agent becomes is her own noun's business (`agents.becoming`).
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

import asyncpg

from maillage.database import Tx
from telesecretariat.agents.becoming import release
from telesecretariat.calls import ending
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.domain import HeadStart, estimated_wait_s, priority_at
from telesecretariat.calls.rows import WITH_AGENT, Call
from telesecretariat.dispatch import offers, queries
from telesecretariat.lines import domain as hours
from telesecretariat.lines.parameters import HeadStarts
from telesecretariat.lines.service import Line
from telesecretariat.red_flags import service as red_flags
from telesecretariat.repeats import service as repeats
from telesecretariat.telephony import legs, transfers
from telesecretariat.telephony.asking import ask

REDIAL_WITHIN: Final = timedelta(minutes=10)
RED_FLAG_WITHIN: Final = timedelta(hours=24)
HANDLED_WITHIN: Final = timedelta(minutes=30)


async def enqueue(tx: Tx, call: Call, line: Line) -> Call:
    """An arrived call waits, with its head starts; `refused` (state) when the line has no room left.

    The caller of this function tells the telephone system. A call that brings its own `priority_at` (a callback) keeps
    it.
    """
    facts = await tx.fetchrow(
        queries.QUEUE_FACTS,
        line.id,
        line.client_id,
        call.number_hash,
        tx.now - REDIAL_WITHIN,
        tx.now - HANDLED_WITHIN,
        list(line.required_skills),
        tx.now,
        call.id,
    )
    assert facts is not None
    if facts["waiting"] >= line.max_waiting and call.direction == "inbound":
        return await happen(tx, call, "full", {"waiting": facts["waiting"]}, state="refused", ended_by="system")
    unresolved = await repeats.unresolved(tx, call)
    earned = await _earned(tx, call, line, facts, unresolved)
    place = call.priority_at or priority_at(tx.now, earned)
    estimate = _estimate(facts, place)
    return await happen(
        tx,
        call,
        "queued",
        {"ahead": _ahead(facts, place), "waiting": facts["waiting"]},
        state="waiting",
        queued_at=call.queued_at or tx.now,
        priority_at=place,
        head_start=[asdict(each) for each in earned],
        required_skills=list(line.required_skills),
        preferred_skills=list(line.preferred_skills),
        relax_at=tx.now + timedelta(seconds=line.relax_after_s),
        pick=line.distribution == "pick",
        repeat_caller=unresolved,
        estimate_s=estimate,
        callback_offered=call.direction == "inbound" and _callback_possible(tx.now, line, estimate),
    )


async def _earned(tx: Tx, call: Call, line: Line, facts: asyncpg.Record, unresolved: int) -> list[HeadStart]:
    if call.priority_at is not None:
        return [HeadStart(str(each["reason"]), cast(int, each["seconds"])) for each in call.head_start]
    seconds, earned = line.head_starts, []
    if await red_flags.since(tx, call.number_hash, tx.now - RED_FLAG_WITHIN, call.organisation_id):
        earned.append(HeadStart("red_flag", seconds.red_flag))
    if unresolved >= repeats.REPEAT_FROM:
        earned.append(HeadStart("repeat_caller", seconds.repeat_caller))
    if facts["professional"]:
        earned.append(HeadStart("professional", seconds.professional))
    if facts["gave_up_after_s"] is not None:
        waited = min(round(facts["gave_up_after_s"]), seconds.redial)
        earned.extend([HeadStart("redial", waited)] if waited > 0 else [])
    return earned


def _ahead(facts: asyncpg.Record, place: datetime) -> int:
    return sum(1 for other in facts["places"] if other <= place)


def _estimate(facts: asyncpg.Record, place: datetime) -> int | None:
    return estimated_wait_s(_ahead(facts, place) + 1, facts["handling_s"], facts["agents"])


def _callback_possible(at: datetime, line: Line, estimate: int | None) -> bool:
    """From three minutes of waiting on, if it can still be made before the line closes (parameter: the policy)."""
    policy = line.callback_policy
    if estimate is None or not policy.offered or estimate < policy.from_s:
        return False
    now = hours.opening(line.calendar, at)
    return now.open and (now.until is None or at + timedelta(seconds=estimate) < now.until)


async def estimate(tx: Tx, call: Call) -> int | None:
    """Seconds that a waiting call still waits, by what is known now: its place, the last half hour's handling, the
    agents signed in. None with nobody signed in."""
    facts = await tx.fetchrow(
        queries.QUEUE_FACTS,
        call.line_id,
        call.client_id,
        None,
        tx.now,
        tx.now - HANDLED_WITHIN,
        call.required_skills,
        tx.now,
        call.id,
    )
    assert facts is not None
    return _estimate(facts, call.priority_at or tx.now)


async def return_to_queue(tx: Tx, call: Call, cause: str) -> Call:
    """A call that an agent had or was offered waits again, before those who came after it: it keeps its history, and a
    head start when it had been taken. The agent is not touched: `agents.service.release`.
    """
    if call.state == "offered":
        return await back_to_wait(tx, call, cause)
    starts = HeadStarts.model_validate(await tx.fetchval(queries.HEAD_STARTS, call.line_id))
    earned = [HeadStart(str(each["reason"]), cast(int, each["seconds"])) for each in call.head_start]
    if all(each.reason != "returned" for each in earned):
        earned.append(HeadStart("returned", starts.returned))
    await _leave_agent(tx, call)
    dialled = call.direction == "callback" and call.answered_at is None
    return await happen(
        tx,
        call,
        "returned",
        {"cause": cause},
        state="waiting",
        queued_at=call.queued_at or tx.now,
        priority_at=priority_at(call.queued_at or call.arrived_at, earned),
        head_start=[asdict(each) for each in earned],
        returned=call.returned + 1,
        agent_id=None,
        desk_id=None,
        connect_deadline=None,
        provider_call_id=None if dialled else call.provider_call_id,
    )


async def _leave_agent(tx: Tx, call: Call) -> None:
    """The agent's leg is put down, and that of whoever she was calling; who is on the line hears music again."""
    await legs.drop_agent(tx, call)
    if call.state == "transferring":
        await legs.drop_thirds(tx, call)
    if call.provider_call_id is None:
        return
    if call.direction == "callback" and call.answered_at is None:
        await legs.hang_up_own(tx, call)
    else:
        await ask(tx, call, "hold_in_queue", line_id=str(call.line_id))


async def back_to_wait(tx: Tx, call: Call, cause: str, result: offers.Result = "rescinded") -> Call:
    """An offered call waits again at its old place; its offer ends so. The agent is not touched."""
    await offers.end(tx, call, result)
    return await happen(tx, call, "offer_" + result, {"cause": cause}, state="waiting", agent_id=None)


async def part(tx: Tx, agent_id: UUID, cause: str, *, calls: bool = True, also_by_phone: bool = False) -> None:
    """Takes from an agent what waits for her: an offer goes back; with `calls`, a call that needs her desk returns to
    the queue. A call at a telephone goes on unless `also_by_phone`; one in wrap-up is hers until its deadline."""
    held = await tx.fetchrow(queries.CALL_OF_AGENT, agent_id)
    if held is None:
        await _part_from_colleague(tx, agent_id, cause, calls=calls, also_by_phone=also_by_phone)
        return
    call = await locked(tx, held["id"])
    if call.agent_id != agent_id:
        return
    if call.state == "offered":
        await back_to_wait(tx, call, cause)
        await release(tx, agent_id, call.id, to="free")
    elif calls and call.state in WITH_AGENT - {"wrapping"} and _needs_desk(call, held["device_kind"], also_by_phone):
        if call.observed or await red_flags.is_open(tx, call):
            return  # its telephone system holds it; or the caller stays with the 15, without music, whoever has gone
        if call.direction == "outbound":
            await ending.end(tx, call, "failed", cause, "system", agent_becomes="lost")
            return
        await return_to_queue(tx, call, cause)
        await release(tx, agent_id, call.id, to="lost")


async def _part_from_colleague(tx: Tx, agent_id: UUID, cause: str, *, calls: bool, also_by_phone: bool) -> None:
    """Who is consulted by a colleague leaves her alone with the caller; one who speaks at a telephone goes on."""
    row = await tx.fetchrow(queries.CONSULTED_ON, agent_id)
    if calls and row is not None and (also_by_phone or row["device_kind"] == "browser" or row["rings"]):
        await transfers.colleague_parts(tx, await locked(tx, row["id"]), agent_id, cause)


def _needs_desk(call: Call, device: str | None, also_by_phone: bool) -> bool:
    return also_by_phone or device == "browser" or call.state in ("connecting", "held")
