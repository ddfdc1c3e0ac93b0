"""Calls of observed lines: the telephone system distributes them, the desk follows. Nothing is asked of it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from maillage.database import Database, Tx
from telesecretariat.agents.changing import be, locked
from telesecretariat.agents.rows import Agent
from telesecretariat.calls import ending
from telesecretariat.calls.changing import happen
from telesecretariat.calls.changing import locked as locked_call
from telesecretariat.calls.deadlines import each_due
from telesecretariat.calls.rows import Call
from telesecretariat.red_flags import service as red_flags
from telesecretariat.telephony import callers, queries
from telesecretariat.telephony.port import Fact

SILENT: Final = timedelta(hours=2)
"""No conversation is longer: nothing was told of its end, and its agent is not busy for ever (parameter)."""


async def end_silent(database: Database) -> None:
    """Job: calls of observed lines whose end was never told."""
    await each_due(database, queries.OBSERVED_SILENT, _never_told, ago=SILENT)


async def _never_told(tx: Tx, call_id: UUID) -> None:
    call = await locked_call(tx, call_id)
    if call.live and call.state != "wrapping" and not await red_flags.is_open(tx, call):
        await ending.end(tx, call, "failed", "not_told", "system")


async def follow(tx: Tx, call: Call, fact: Fact) -> None:
    """Applies what is told of a locked call that is not at its end."""
    if fact.kind in ("leg_answered", "connected"):
        await _answered(tx, call, fact.details.get("agent"))
    elif fact.kind == "caller_hung_up":
        await callers.hung_up(tx, call)
    elif fact.kind == "ended":
        await _ended(tx, call, str(fact.details.get("by", "caller")))


async def _answered(tx: Tx, call: Call, told: object) -> None:
    if call.state not in ("arrived", "waiting"):
        return
    agent = await _agent(tx, call, told)
    if agent is None:
        await happen(tx, call, "connected", state="talking")
        return
    await happen(tx, call, "connected", state="talking", agent_id=agent.id, desk_id=agent.desk_id)
    await be(tx, agent, call.id, work_state="on_call", reason=None)


async def _agent(tx: Tx, call: Call, told: object) -> Agent | None:
    """Who answered, by her telephone or her label; None for a stranger and for one who has another call already."""
    if not isinstance(told, str):
        return None
    agent_id = await tx.fetchval(queries.AGENT_OF_DEVICE, call.client_id, told)
    if not isinstance(agent_id, UUID):
        return None
    agent = await locked(tx, agent_id)
    return None if await tx.fetchval(queries.ON_A_CALL, agent_id) else agent


async def _ended(tx: Tx, call: Call, by: str) -> None:
    if by == "agent" and call.state == "talking":
        await ending.to_wrap_up(tx, call, "agent")
    else:
        await callers.hung_up(tx, call)
