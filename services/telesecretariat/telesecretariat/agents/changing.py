"""The one way in which an agent changes: row, interval, `agent_changed`, in one transaction. Lock the call first."""

from dataclasses import replace
from datetime import date, datetime
from typing import Literal, TypedDict, Unpack
from uuid import UUID

from contracts.telesecretariat import AgentChanged
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound
from telesecretariat.agents import queries
from telesecretariat.agents.rows import Agent, Presence, WorkState


class Changes(TypedDict, total=False):
    """Columns that a change may set."""

    label: str
    skills: list[str]
    device_kind: Literal["phone", "browser"] | None
    device_address: str | None
    device_ready: bool
    ring_sealed: bytes | None
    presence: Presence
    work_state: WorkState
    reason: str | None
    pending_state: str | None
    pending_reason: str | None
    restore_state: str | None
    idle_since: datetime | None
    wrap_up_until: datetime | None
    wrap_up_extensions: int
    desk_id: UUID | None
    desk_sid: str | None
    seen_at: datetime | None
    calls_today: int
    counted_on: date | None
    active: bool
    forced_until: datetime | None


class Stale(Exception):
    """The agent was changed by another since it was read without a lock: a mistake of ours."""


async def locked(tx: Tx, agent_id: UUID) -> Agent:
    """The agent, locked until the end of the transaction. Refused: `NOT_FOUND`, also out of reach."""
    row = await tx.fetchrow(queries.LOCK, agent_id)
    if row is None:
        raise NotFound
    return Agent.of(row)


async def be(tx: Tx, agent: Agent, call_id: UUID | None = None, **changes: Unpack[Changes]) -> Agent:
    """Changes a locked agent. A change of presence, work state or reason ends an interval and begins another.

    Who becomes `ready` has been idle since now, unless `idle_since` says otherwise. `call_id`: the call it is about.
    """
    if changes.get("work_state", agent.work_state) == "ready" and agent.work_state != "ready":
        changes.setdefault("idle_since", tx.now)
    if changes.keys() & {"device_kind", "device_address"}:
        changes.setdefault("ring_sealed", None)
    after = replace(agent, **changes)
    passed = (after.presence, after.work_state, after.reason) != (agent.presence, agent.work_state, agent.reason)
    if passed:
        after = replace(after, state_since=tx.now)
    values = (getattr(after, name) for name in queries.MUTABLE)
    version = await tx.fetchval(queries.CHANGE, agent.id, agent.version, *values)
    if version is None:
        raise Stale(str(agent.id))
    after = replace(after, version=agent.version + 1)
    if passed:
        await _next_interval(tx, after, call_id)
    if passed or (after.pending_state, after.desk_id) != (agent.pending_state, agent.desk_id):
        _tell(tx, after, call_id)
    return after


async def _next_interval(tx: Tx, agent: Agent, call_id: UUID | None) -> None:
    """Offline time is nobody's: no interval covers it."""
    await tx.execute(queries.END_INTERVAL, agent.id, tx.now)
    if agent.presence == "offline" and agent.work_state == "not_ready":
        return
    await tx.execute(
        queries.BEGIN_INTERVAL,
        new_id(),
        agent.organisation_id,
        agent.id,
        tx.now,
        agent.presence,
        agent.work_state,
        agent.reason,
        call_id,
    )


def _tell(tx: Tx, agent: Agent, call_id: UUID | None) -> None:
    tx.emit(
        AgentChanged(
            agent_id=agent.id,
            presence=agent.presence,
            work_state=agent.work_state,
            reason=agent.reason,
            pending_state=agent.pending_state,
            call_id=call_id,
            version=agent.version,
        ),
        agent.organisation_id,
    )
