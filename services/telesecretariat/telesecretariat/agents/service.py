"""Use cases of agents: what one wishes to be, what a supervisor makes of her, and how she leaves.

Two axes: presence (whether her desk gives signs of life) and work state. A wish during a call is kept for after it.
"""

from datetime import datetime
from typing import Final, cast
from uuid import UUID

import asyncpg

from maillage.database import Tx
from telesecretariat.agents import queries
from telesecretariat.agents.becoming import BUSY, go_offline, is_forced, release
from telesecretariat.agents.changing import be
from telesecretariat.agents.errors import (
    AgentOffline,
    DeskTakenOver,
    DeviceUnregistered,
    NoLine,
    StateForced,
    UnknownReason,
)
from telesecretariat.agents.rows import Agent
from telesecretariat.agents.schemas import AgentOut, Device, StateIn
from telesecretariat.calls import queueing

__all__ = ["find", "leave", "mine", "paused", "readied", "release", "shown", "wish"]

PAUSES: Final = frozenset({"pause", "meal", "training", "meeting", "technical", "other"})
"""Reasons that every floor knows; a centre's catalogue adds its own."""


async def wish(tx: Tx, body: StateIn) -> AgentOut:
    """What the agent wishes to be: at once, or after the call she has. Refused: `NO_LINE`, `AGENT_OFFLINE`,
    `DESK_TAKEN_OVER`, `DEVICE_UNREGISTERED`, `UNKNOWN_REASON`, `STATE_FORCED` while a supervisor's pause lasts."""
    agent = await mine(tx, body.desk_id)
    if is_forced(agent, tx.now):
        raise StateForced(until=cast(datetime, agent.forced_until).isoformat())
    if body.work_state == "not_ready":
        await _known_reason(tx, body.reason)
        return shown(await paused(tx, agent, body.reason or ""))
    if not agent.device_ready:
        raise DeviceUnregistered
    if not await tx.fetchval(queries.ASSIGNED, agent.id, tx.now):
        raise NoLine
    return shown(await readied(tx, agent))


async def mine(tx: Tx, desk_id: UUID | None) -> Agent:
    """The caller as an agent, locked, her desk open. A desk that names itself must be the one that holds the lease."""
    agent = await find(tx, tx.principal.person_id)
    if agent is None:
        raise NoLine
    if agent.presence == "offline":
        raise AgentOffline
    if desk_id is not None and desk_id != agent.desk_id:
        raise DeskTakenOver
    return agent


async def find(tx: Tx, person_id: UUID | None) -> Agent | None:
    """The agent, locked; None when the person never was one."""
    row = await tx.fetchrow(queries.LOCK, person_id)
    return None if row is None else Agent.of(row)


async def paused(tx: Tx, agent: Agent, reason: str) -> Agent:
    """Not ready now, or after the call."""
    if agent.work_state in BUSY:
        return await be(tx, agent, pending_state="not_ready", pending_reason=reason)
    return await be(tx, agent, work_state="not_ready", reason=reason, idle_since=None)


async def readied(tx: Tx, agent: Agent) -> Agent:
    """Ready now, or after the call."""
    if agent.work_state in BUSY:
        return await be(tx, agent, pending_state="ready", pending_reason=None)
    if agent.work_state == "ready":
        return agent
    return await be(tx, agent, work_state="ready", reason=None)


async def _known_reason(tx: Tx, reason: str | None) -> None:
    if reason is None or (reason not in PAUSES and not await tx.fetchval(queries.PAUSE_REASON, reason)):
        raise UnknownReason(pointer="/reason")


async def leave(tx: Tx, person_id: UUID, reason: str = "signed_out") -> None:
    """Her desk is closed whatever she does, for her session has ended or she may not work any more: an open offer is
    taken back, a call in progress returns to the queue. A person who is no agent is nobody's business here."""
    await queueing.part(tx, person_id, "desk_closed", also_by_phone=True)
    agent = await find(tx, person_id)
    if agent is None or agent.presence == "offline":
        return
    if await tx.fetchval(queries.CAME_MEANWHILE, person_id):
        # Offered to her or taken between the two looks. Calls are locked before agents: all is done again.
        raise asyncpg.SerializationError
    await go_offline(tx, agent, reason)


def shown(agent: Agent) -> AgentOut:
    """As she is shown."""
    device = None
    if agent.device_kind is not None and agent.device_address is not None:
        device = Device(kind=agent.device_kind, address=agent.device_address)
    return AgentOut(
        id=agent.id,
        label=agent.label,
        presence=agent.presence,
        work_state=agent.work_state,
        reason=agent.reason,
        pending_state=agent.pending_state,
        pending_reason=agent.pending_reason,
        state_since=agent.state_since,
        idle_since=agent.idle_since,
        wrap_up_until=agent.wrap_up_until,
        wrap_up_extensions=agent.wrap_up_extensions,
        forced_until=agent.forced_until,
        device=device,
        device_ready=agent.device_ready,
        version=agent.version,
    )
