"""What an agent becomes when a call leaves her or her desk closes. The call is locked before, and changed already."""

from datetime import datetime
from typing import Final, Literal, cast
from uuid import UUID

from maillage.database import Tx
from telesecretariat.agents import queries
from telesecretariat.agents.changing import Changes, be, locked
from telesecretariat.agents.rows import Agent

BUSY: Final = frozenset({"offered", "on_call", "wrap_up"})
FORCED: Final = "forced"
To = Literal["wrap_up", "free", "no_answer", "lost"]


async def release(tx: Tx, agent_id: UUID, call_id: UUID, *, to: To) -> None:
    """What an agent becomes when this call leaves her; the call is locked and changed already.

    `wrap_up`: it was answered, she writes it up; `free`: what she wished to be, else ready; `no_answer`, `lost`: not
    ready, for that reason. An agent whose desk is gone is not ready whatever is asked.
    """
    agent = await locked(tx, agent_id)
    if agent.work_state not in BUSY or await tx.fetchval(queries.ON_ANOTHER, agent_id, call_id):
        return  # on an observed line her telephone may give her a call while another is offered here
    if agent.presence == "offline":
        await _leave_state(tx, agent, call_id, "not_ready", "connection_lost")
    elif to == "wrap_up":
        until = cast(datetime, await tx.fetchval(queries.WRAP_UP_UNTIL, call_id, tx.now))
        await be(tx, agent, call_id, work_state="wrap_up", reason=None, wrap_up_until=until, wrap_up_extensions=0)
    elif to == "free":
        await settle(tx, agent, call_id)
    else:
        await _leave_state(tx, agent, call_id, "not_ready", "no_answer" if to == "no_answer" else "connection_lost")


def is_forced(agent: Agent, at: datetime) -> bool:
    """Whether a supervisor has made her not ready for a time that is not over, and has not lifted it."""
    return agent.forced_until is not None and agent.forced_until > at


async def settle(tx: Tx, agent: Agent, call_id: UUID | None) -> Agent:
    """The state that was wished for during the call, else ready; not ready while a supervisor's pause
    lasts, and when her telephone cannot be rung."""
    if agent.pending_state == "not_ready":
        return await _leave_state(tx, agent, call_id, "not_ready", agent.pending_reason)
    if agent.pending_state == "offline":
        return await go_offline(tx, agent, agent.pending_reason or "signed_out")
    if is_forced(agent, tx.now):
        return await _leave_state(tx, agent, call_id, "not_ready", FORCED)
    if not agent.device_ready:
        return await _leave_state(tx, agent, call_id, "not_ready", "device_unregistered")
    return await _leave_state(tx, agent, call_id, "ready", None)


async def _leave_state(
    tx: Tx, agent: Agent, call_id: UUID | None, work_state: Literal["ready", "not_ready"], reason: str | None
) -> Agent:
    return await be(
        tx,
        agent,
        call_id,
        work_state=work_state,
        reason=reason,
        pending_state=None,
        pending_reason=None,
        wrap_up_until=None,
        wrap_up_extensions=0,
    )


async def go_offline(tx: Tx, agent: Agent, reason: str) -> Agent:
    """The desk is closed. A call that goes on at her telephone stays hers; she is not ready after it."""
    gone: Changes = {"presence": "offline", "desk_id": None, "desk_sid": None, "restore_state": None}
    if agent.work_state == "on_call":
        gone |= {"pending_state": "not_ready", "pending_reason": reason}
        return await be(tx, agent, **gone)
    gone |= {"work_state": "not_ready", "reason": reason, "pending_state": None, "pending_reason": None}
    gone |= {"idle_since": None, "wrap_up_until": None, "wrap_up_extensions": 0}
    return await be(tx, agent, **gone)
