"""Use cases of desks: a desk opens, gives signs of life, falls silent, closes. One open desk per agent."""

import json
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from maillage.database import Database, Tx
from maillage.principal import system
from maillage.refusals import NotFound
from telesecretariat.agents import queries, service, softphones
from telesecretariat.agents.becoming import BUSY, FORCED, go_offline, is_forced
from telesecretariat.agents.changing import Changes, be, locked
from telesecretariat.agents.errors import AgentBusy, AgentOffline, DeskAlreadyOpen, DeskTakenOver, NoLine
from telesecretariat.agents.rows import Agent
from telesecretariat.agents.schemas import Heartbeat, SessionIn, SessionOut
from telesecretariat.calls import queueing
from telesecretariat.calls.deadlines import each_of
from telesecretariat.vault import vault

HEARTBEAT: Final = timedelta(seconds=10)
STALE: Final = timedelta(seconds=25)
"""Two signs of life missed: the desk's lease is over (parameter)."""
OFFLINE: Final = timedelta(seconds=60)
DEAF: Final = timedelta(seconds=10)
"""A look at the desks that comes so long after the one before: nobody could be heard in between."""


async def open_session(tx: Tx, body: SessionIn) -> SessionOut:
    """Opens the caller's desk, or takes it over from another window. The first time makes the agent ("poste N").

    Refused: `NO_LINE` for who is assigned to no client, `DESK_ALREADY_OPEN` unless taken over.
    """
    agent = await _agent(tx)
    if agent.desk_id not in (None, body.desk_id) and agent.presence == "online" and not body.take_over:
        raise DeskAlreadyOpen(since=agent.state_since.isoformat())
    opened: Changes = {"presence": "online", "desk_id": body.desk_id, "desk_sid": tx.principal.sid, "seen_at": tx.now}
    call_id = None
    if agent.presence == "offline" and agent.work_state != "on_call":
        call_id, at_work = await _back_at(tx, agent)
        opened |= at_work
    opened |= await _device(tx, agent, body)
    agent = await be(tx, agent, call_id, **opened)
    tx.audit("desk.open", "agent", agent.id, agent.organisation_id, take_over=body.take_over)
    return _lease(tx, agent)


async def _back_at(tx: Tx, agent: Agent) -> tuple[UUID | None, Changes]:
    """Not ready; a call that ended while she was away is still hers to write up, and she has no other before."""
    row = await tx.fetchrow(queries.WRITES_UP, agent.id)
    reason = FORCED if is_forced(agent, tx.now) else "signed_in"
    if row is None:
        return None, {"work_state": "not_ready", "reason": reason}
    after: Changes = {"pending_state": "not_ready", "pending_reason": reason}
    return row["id"], {"work_state": "wrap_up", "reason": None, "wrap_up_until": row["wrap_up_until"], **after}


async def _agent(tx: Tx) -> Agent:
    """The caller's row, locked; made at the first time."""
    person, employer = tx.principal.person_id, tx.principal.org
    if person is None or employer is None or not await tx.fetchval(queries.ASSIGNED, person, tx.now):
        raise NoLine
    agent = await service.find(tx, person)
    if agent is None:
        await tx.execute(queries.ONE_LABEL_AT_A_TIME, str(employer))
        await tx.execute(queries.MAKE, person, employer, tx.now)
        agent = await locked(tx, person)
    if not agent.active:
        raise NoLine
    return agent


async def _device(tx: Tx, agent: Agent, body: SessionIn) -> Changes:
    kind, address = body.device.kind, body.device.address
    if kind == "browser" and softphones.is_on(tx):
        address = softphones.address_of(agent.id, body.desk_id)
        # A desk that is loaded again has the telephone that it had: its window lives on.
        ready = agent.device_ready and (agent.device_kind, agent.device_address) == (kind, address)
    else:
        ready = bool(await tx.fetchval(queries.DEVICE_ANSWERS_AT_ONCE, agent.id, tx.now, kind))
    rings = {"agent_id": str(agent.id), "device_kind": kind, "device_address": address}
    return {
        "device_kind": kind,
        "device_address": address,
        "device_ready": ready,
        "ring_sealed": vault(tx).seal(json.dumps(rings)),
    }


def _lease(tx: Tx, agent: Agent) -> SessionOut:
    assert agent.desk_id is not None
    assert agent.seen_at is not None
    return SessionOut(
        desk_id=agent.desk_id,
        lease_until=agent.seen_at + STALE,
        heartbeat_s=int(HEARTBEAT.total_seconds()),
        agent=service.shown(agent),
        softphone=softphones.url(tx) if agent.device_kind == "browser" else None,
    )


async def beat(tx: Tx, body: Heartbeat) -> SessionOut:
    """A sign of life. Back before a minute of silence, the agent is what she was; a call may have left her meanwhile.

    Refused: `DESK_TAKEN_OVER` for a window that only reads, `AGENT_OFFLINE` after a minute of silence.
    """
    row = await tx.fetchrow(queries.BEAT, tx.principal.person_id, body.desk_id, tx.now)
    if row is not None:
        return _lease(tx, await _heard(tx, Agent.of(row), body.telephone_ready))
    agent = await service.find(tx, tx.principal.person_id)
    if agent is None or agent.presence == "offline":
        raise AgentOffline
    if agent.desk_id != body.desk_id:
        raise DeskTakenOver
    return _lease(tx, await _heard(tx, await be(tx, agent, presence="online", seen_at=tx.now), body.telephone_ready))


async def _heard(tx: Tx, agent: Agent, ready: bool | None) -> Agent:
    """What her window says of the telephone in it; of any other it says nothing."""
    told = ready is not None and agent.device_kind == "browser" and softphones.is_on(tx)
    if not told or agent.device_ready == ready:
        return agent
    return await be(tx, agent, device_ready=bool(ready))


async def close_session(tx: Tx) -> None:
    """Signs out. An open offer goes to another; again: nothing. Refused: `AGENT_BUSY` during a call and its wrap-up."""
    person = tx.principal.person_id
    if person is None:
        raise NotFound
    await queueing.part(tx, person, "signed_out", calls=False)
    agent = await service.find(tx, person)
    if agent is None or agent.presence == "offline":
        return
    if agent.work_state in BUSY:
        raise AgentBusy
    await go_offline(tx, agent, "signed_out")
    tx.audit("desk.close", "agent", agent.id, agent.organisation_id)


async def watch(database: Database) -> None:
    """Job: desks that fell silent. Silence counts from when the service could hear: a look that comes late, because the
    service or its base was away, gives every desk its time anew."""
    await each_of(database, await database.run(system(database.settings.SERVICE), _silent), fall_silent)


async def _silent(tx: Tx) -> list[tuple[UUID]]:
    since = cast(datetime, await tx.fetchval(queries.LOOKED, tx.now, DEAF.total_seconds()))
    if tx.now - since < STALE:
        return []
    rows = await tx.fetch(queries.SILENT, tx.now - STALE, tx.now - OFFLINE)
    return [(row["id"],) for row in rows]


async def fall_silent(tx: Tx, agent_id: UUID) -> None:
    """Her desk has given no sign of life for 25 s: the lease is over, what waits for her goes to others. After 60 s she
    is offline."""
    known = await tx.fetchrow(queries.AGENT, agent_id)
    since = cast(datetime | None, await tx.fetchval(queries.HEARS_SINCE))
    if known is None or not _due(tx, Agent.of(known), since):
        return
    await queueing.part(tx, agent_id, "desk_lost")
    agent = await locked(tx, agent_id)
    if not _due(tx, agent, since) or agent.work_state == "offered":
        return  # she came back meanwhile, or was offered a call at this instant: the next look takes it back
    if agent.presence == "online":
        agent = await be(tx, agent, presence="stale")
    if _silent_for(tx, agent, since) >= OFFLINE:
        await go_offline(tx, agent, "connection_lost")


def _due(tx: Tx, agent: Agent, since: datetime | None) -> bool:
    limit = {"online": STALE, "stale": OFFLINE}.get(agent.presence)
    return limit is not None and _silent_for(tx, agent, since) > limit


def _silent_for(tx: Tx, agent: Agent, since: datetime | None) -> timedelta:
    if agent.seen_at is None:
        return timedelta.max
    return tx.now - (agent.seen_at if since is None else max(agent.seen_at, since))
