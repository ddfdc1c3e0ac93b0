"""What follows when a telephone system did not do what it was asked: the call is never left waiting for it."""

from datetime import datetime
from uuid import UUID

import structlog

from maillage.database import Database, Tx
from maillage.ids import new_id
from telesecretariat.calls import monitoring
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.deadlines import each_due
from telesecretariat.calls.rows import TERMINAL, Call
from telesecretariat.red_flags import service as red_flags
from telesecretariat.telephony import agent_legs, legs, queries, third_legs, transfers
from telesecretariat.telephony.asking import Asked, asked
from telesecretariat.telephony.port import Fact

log = structlog.get_logger()


async def failed(tx: Tx, command_id: UUID, state: str, error: str) -> None:
    """Settles a command as `failed` or `expired`, once, and puts its call right. `error` is a code, without numbers."""
    command = await asked(tx, command_id)
    if command is None or command.call_id is None:
        return
    call = await locked(tx, command.call_id)
    if await tx.fetchval(queries.SETTLE, command_id, state, error[:200], tx.now) is None:
        return
    log.warning("telephone command failed", kind=command.kind, call_id=str(call.id), error=error[:200])
    if call.state not in TERMINAL:
        await _put_right(tx, call, command, tx.now)
    elif command.kind == "transfer":
        await third_legs.nobody_took(tx, call)


async def _put_right(tx: Tx, call: Call, command: Asked, at: datetime) -> None:
    match command.kind:
        case "ring_agent" if command.consult:
            await transfers.follow(tx, call, command, _leg_failed(f"a-{command.id}", at))
        case "ring_agent" | "connect" if call.state == "connecting" and await _of_present_leg(tx, call, command):
            await agent_legs.unreached(tx, call)
        case "dial_third" | "transfer" if command.purpose == "emergency":
            await red_flags.on_third_leg(tx, call, _leg_failed(f"t-{command.id}", at))
        case "dial_third" | "transfer":
            await third_legs.failed(tx, call, command)
        case "monitor":
            await monitoring.failed(tx, call, command.arguments.get("monitoring_id"))
        case "hold" if call.state == "held":
            await happen(tx, call, "hold_failed", state="talking")
        case "resume" if call.state == "talking":
            await happen(tx, call, "resume_failed", state="held")


def _leg_failed(leg: str, at: datetime) -> Fact:
    return Fact(str(new_id()), "leg_failed", at, None, {"leg": leg})


async def _of_present_leg(tx: Tx, call: Call, command: Asked) -> bool:
    """Whether it is about the agent who is rung now, and not one who had the call before."""
    present = await legs.agent_leg(tx, call)
    return present == (f"a-{command.id}" if command.kind == "ring_agent" else command.arguments.get("leg"))


async def expire(database: Database) -> None:
    """Job: commands that were not done in their time."""
    await each_due(database, queries.EXPIRED, _out_of_date)


async def _out_of_date(tx: Tx, command_id: UUID) -> None:
    await failed(tx, command_id, "expired", "not done in time")
