"""Use cases of the queue: an agent takes the next call, or this one, or declines.

A claim is one statement, so that one of many has it: the others find it taken. The telephone is asked after COMMIT.
"""

from datetime import timedelta
from typing import Final, cast
from uuid import UUID

import asyncpg

from contracts.telesecretariat import AgentChanged, CallChanged, CallState, OfferClosed
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, Refusal, WrongState
from telesecretariat.agents.changing import be, locked
from telesecretariat.agents.errors import AgentOffline, DeskTakenOver, DeviceUnregistered, NoLine
from telesecretariat.calls import queueing
from telesecretariat.calls.changing import locked as locked_call
from telesecretariat.calls.rows import WITH_AGENT
from telesecretariat.dispatch import queries
from telesecretariat.dispatch.errors import (
    AgentNotCapable,
    AgentNotReady,
    CallAlreadyClaimed,
    CallGone,
    LineObservedOnly,
)
from telesecretariat.dispatch.errors import (
    OfferClosed as OfferOver,
)
from telesecretariat.dispatch.schemas import HeadStartOut, TakenCall
from telesecretariat.telephony.asking import LIVES, ask
from telesecretariat.vault import vault

RINGS: Final = timedelta(seconds=20)
"""How long the agent's telephone rings before the call returns to the queue (parameter)."""


async def take_next(tx: Tx, desk_id: UUID | None) -> TakenCall | None:
    """The first call in order that the caller may serve; the one offered to her, if there is one. None: nobody waits.

    Refused: `NO_LINE`, `AGENT_OFFLINE`, `DESK_TAKEN_OVER`, `AGENT_NOT_READY`.
    """
    row = await _marked(tx, queries.NEXT, desk_id)
    if row is not None:
        return await _took(tx, row)
    asker = await _asker(tx)
    if asker["offered"] is not None:
        return await claim(tx, asker["offered"], desk_id)
    if asker["connecting"] is not None:
        return await _again(tx, asker["connecting"])
    refused = _not_ready(asker, "ready")
    if refused is not None:
        raise refused
    return None


async def claim(tx: Tx, call_id: UUID, desk_id: UUID | None) -> TakenCall:
    """This call, which waits or is offered to the caller. Again by who has it: the same answer.

    Refused: `CALL_ALREADY_CLAIMED`, `CALL_GONE`, `AGENT_NOT_READY`, `AGENT_NOT_CAPABLE`, `LINE_OBSERVED_ONLY`, and
    those of `take_next`; `NOT_FOUND` out of reach.
    """
    row = await _marked(tx, queries.CLAIM, desk_id, call_id)
    if row is not None:
        return await _took(tx, row)
    call = await _seen(tx, call_id)
    if call["agent_id"] == tx.principal.person_id and call["state"] in WITH_AGENT:
        return _answer(tx, call)
    raise _why_not(call, await _asker(tx))


async def _marked(tx: Tx, sql: str, desk_id: UUID | None, *call_id: UUID) -> asyncpg.Record | None:
    person = tx.principal.person_id
    if desk_id is not None and desk_id != await tx.fetchval(queries.DESK_OF, person):
        raise DeskTakenOver
    now = tx.now
    return await tx.fetchrow(sql, person, now, new_id(), new_id(), now + RINGS, now + LIVES, now.date(), *call_id)


async def _took(tx: Tx, row: asyncpg.Record) -> TakenCall:
    if not row["rung"]:
        await _ring(tx, row)
    _tell(tx, row)
    tx.audit("call.claim", "call", row["id"], row["organisation_id"])
    return _answer(tx, row)


async def _ring(tx: Tx, row: asyncpg.Record) -> None:
    call = await locked_call(tx, row["id"])
    await ask(
        tx,
        call,
        "ring_agent",
        agent_id=str(row["agent_id"]),
        device_kind=row["device_kind"],
        device_address=row["device_address"],
    )


def _tell(tx: Tx, row: asyncpg.Record) -> None:
    about = {"call_id": row["id"], "client_id": row["client_id"], "line_id": row["line_id"]}
    tx.emit(
        CallChanged(
            **about,
            before=row["before"],
            state="connecting",
            cause="claimed",
            agent_id=row["agent_id"],
            priority_at=row["priority_at"],
            version=row["version"],
        ),
        row["organisation_id"],
    )
    if row["offer_id"] is not None:
        tx.emit(
            OfferClosed(
                **about,
                offer_id=row["offer_id"],
                agent_id=row["agent_id"],
                expires_at=row["expires_at"],
                result="accepted",
            ),
            row["organisation_id"],
        )
    tx.emit(
        AgentChanged(
            agent_id=row["agent_id"],
            presence="online",
            work_state="on_call",
            reason=None,
            pending_state=row["pending_state"],
            call_id=row["id"],
            version=row["agent_version"],
        ),
        row["employer"],
    )


def _answer(tx: Tx, row: asyncpg.Record) -> TakenCall:
    taken_at = row["left_queue_at"] or tx.now
    return TakenCall(
        id=row["id"],
        client_id=row["client_id"],
        line_id=row["line_id"],
        direction=row["direction"],
        state=row["state"],
        version=row["version"],
        number=vault(tx).open(row["number_sealed"]),
        queued_at=row["queued_at"],
        wait_s=round((taken_at - row["queued_at"]).total_seconds()) if row["queued_at"] else 0,
        agent_id=row["agent_id"],
        head_start=[HeadStartOut.model_validate(each) for each in row["head_start"]],
        connect_deadline=row["connect_deadline"],
    )


async def _seen(tx: Tx, call_id: UUID) -> asyncpg.Record:
    call = await tx.fetchrow(queries.WHY_NOT, call_id)
    if call is None:
        raise NotFound
    return call


async def _again(tx: Tx, call_id: UUID) -> TakenCall:
    return _answer(tx, await _seen(tx, call_id))


async def _asker(tx: Tx) -> asyncpg.Record:
    asker = await tx.fetchrow(queries.ASKER, tx.principal.person_id)
    if asker is None:
        raise NoLine
    return asker


def _not_ready(asker: asyncpg.Record, wanted: str) -> Refusal | None:
    if asker["presence"] != "online" or not asker["active"]:
        return AgentOffline()
    if not asker["device_ready"]:
        return DeviceUnregistered()
    if asker["work_state"] != wanted:
        return AgentNotReady(work_state=asker["work_state"])
    return None


def _why_not(call: asyncpg.Record, asker: asyncpg.Record) -> Refusal:
    if call["observed"]:
        return LineObservedOnly()
    state = cast(CallState, call["state"])
    if state == "offered" or state in WITH_AGENT:
        at = call["left_queue_at"] if state in WITH_AGENT else None
        return CallAlreadyClaimed(claimed_by=call["winner"], claimed_at=(at or call["state_since"]).isoformat())
    if state not in ("waiting", "arrived"):
        return CallGone()
    refused = _not_ready(asker, "ready")
    if refused is not None:
        return refused
    if state == "arrived":
        return WrongState(state=state, allowed=[])
    return AgentNotCapable()


async def decline(tx: Tx, offer_id: UUID) -> None:
    """The call goes to another at its old place; the agent is not ready (declined). Again: nothing.

    Refused: `OFFER_CLOSED`, `NOT_FOUND` for the offer of another.
    """
    offer = await tx.fetchrow(queries.OFFER_OF, offer_id)
    if offer is None or offer["agent_id"] != tx.principal.person_id:
        raise NotFound
    call = await locked_call(tx, offer["call_id"])
    offer = await tx.fetchrow(queries.OFFER_STANDS, offer_id)
    assert offer is not None
    if offer["state"] == "declined":
        return
    if offer["state"] != "open" or call.state != "offered":
        raise OfferOver(result=offer["state"])
    await queueing.back_to_wait(tx, call, "declined", "declined")
    await put_off(tx, offer["agent_id"], call.id, "declined")


async def put_off(tx: Tx, agent_id: UUID, call_id: UUID, reason: str) -> None:
    """Who did not take an offer is not ready until she says so: else the next call would ring at an empty chair."""
    agent = await locked(tx, agent_id)
    if agent.work_state == "offered":
        await be(tx, agent, call_id, work_state="not_ready", reason=reason, pending_state=None, pending_reason=None)
