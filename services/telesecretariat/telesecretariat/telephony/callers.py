"""The caller: he arrives, presses a key, hangs up."""

from collections.abc import Sequence
from typing import cast

import phonenumbers
import structlog
from pydantic_core import PydanticCustomError

from contracts.telesecretariat import CallState
from maillage.database import Tx
from maillage.refusals import Refusal
from maillage.wire import normalise_phone
from telesecretariat.announcements.schemas import Part
from telesecretariat.announcements.service import spoken
from telesecretariat.callbacks import service as callbacks
from telesecretariat.calls import announcing, ending, overflow
from telesecretariat.calls import queries as calls
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.creating import new_call
from telesecretariat.calls.queueing import enqueue
from telesecretariat.calls.rows import Call
from telesecretariat.lines import service as lines
from telesecretariat.lines.service import Line
from telesecretariat.red_flags import service as red_flags
from telesecretariat.red_flags.service import SPEAKING
from telesecretariat.telephony import third_legs, transfers
from telesecretariat.telephony.asking import ask
from telesecretariat.telephony.port import Fact

log = structlog.get_logger()
_WHO = ("human", "bot", "ivr")


async def arrive(tx: Tx, adapter_id: str, fact: Fact) -> Call | None:
    """Somebody calls a line: he hears that it is closed, or waits for an agent. None: no line has that number."""
    line = await lines.line_by_number(tx, adapter_id, number_of(fact.details.get("to")) or "")
    if line is None:
        log.warning("a call for a number that is no line of this adapter", adapter=adapter_id)
        return None
    return await _route(tx, await _call(tx, line, fact, "arrived"), line)


async def seen_late(tx: Tx, adapter_id: str, fact: Fact) -> Call | None:
    """A call of an observed line of which the first that we hear is not its arrival. None for any other line: a call
    that we do not hold cannot be served."""
    line = await lines.line_by_number(tx, adapter_id, number_of(fact.details.get("to")) or "")
    if line is None or line.mode != "observed":
        return None
    return await _queued(tx, await _call(tx, line, fact, "seen_late"))


def number_of(told: object) -> str | None:
    """E.164 of what a telephone system says; None for a withheld or malformed number: the call is taken."""
    if not isinstance(told, str):
        return None
    try:
        return normalise_phone(told)
    except (PydanticCustomError, phonenumbers.NumberParseException):
        return None


async def _call(tx: Tx, line: Line, fact: Fact, kind: str) -> Call:
    handled_by = fact.details.get("handled_by")
    return await new_call(
        tx,
        line,
        "inbound",
        number_of(fact.details.get("from")),
        state="arrived",
        kind=kind,
        provider_call_id=fact.provider_call_id,
        handled_by=handled_by if handled_by in _WHO and isinstance(handled_by, str) else "human",
    )


async def _queued(tx: Tx, call: Call) -> Call:
    """On an observed line the telephone system has the queue; here it is only counted."""
    return await happen(tx, call, "queued", state="waiting", queued_at=tx.now, priority_at=tx.now)


async def _route(tx: Tx, call: Call, line: Line) -> Call:
    if call.observed:
        return await _queued(tx, call)
    if await tx.fetchval(calls.BARRED, call.client_id, call.number_hash):
        return await _turned_away(tx, call, "refused", "barred", await spoken(tx, line, "barred"))
    opening = await lines.opening_at(tx, line, tx.now)
    if not opening.open:
        return await _turned_away(tx, call, "closed", "closed", opening.announcement_parts)
    if not line.active:
        return await _turned_away(tx, call, "refused", "inactive", [])
    call = await enqueue(tx, call, line)
    if call.state != "waiting":
        await _hear_and_go(tx, call, await spoken(tx, line, "overflow"))
        return call
    await _welcome(tx, call, line, opening.announcement_parts)
    return await overflow.look(tx, call, line)


async def _turned_away(tx: Tx, call: Call, state: CallState, cause: str, said: Sequence[Part]) -> Call:
    await ask(tx, call, "answer")
    await announcing.say(tx, call, announcing.with_emergency(said), final=True)
    return await ending.end(tx, call, state, cause, "system")


async def _hear_and_go(tx: Tx, call: Call, said: Sequence[Part]) -> None:
    """For a call that was refused already: whoever is not served hears the 15 all the same, whatever else is said."""
    await ask(tx, call, "answer")
    await announcing.say(tx, call, announcing.with_emergency(said), final=True)
    await ask(tx, call, "hang_up")


async def _welcome(tx: Tx, call: Call, line: Line, said: Sequence[Part]) -> None:
    await ask(tx, call, "answer")
    await announcing.say(tx, call, said)
    await ask(tx, call, "hold_in_queue", line_id=str(line.id))


async def digit(tx: Tx, call: Call, pressed: str) -> None:
    """1 in the queue: call me back, I keep my place. Pressed where none is offered it does nothing."""
    if pressed != "1" or call.state not in ("waiting", "offered"):
        return
    try:
        await callbacks.ask_from_queue(tx, call)
    except Refusal as refusal:
        log.info("no callback from the queue", call_id=str(call.id), code=refusal.code)


async def hung_up(tx: Tx, call: Call, cause: str = "caller_hung_up") -> None:
    """He hung up: before an agent spoke to him the call is abandoned, else it is written up; with a red flag open the
    agent stays with the 15."""
    if call.state in ("arrived", "waiting", "offered", "connecting"):
        await _abandoned(tx, call, cause)
    elif call.state in SPEAKING:
        if await red_flags.on_caller_lost(tx, call):
            await happen(tx, await locked(tx, call.id), "caller_lost", ended_by="caller")
        else:
            await ending.to_wrap_up(tx, call, "caller", cause)


async def _abandoned(tx: Tx, call: Call, cause: str) -> None:
    if call.direction != "inbound":
        await third_legs.not_reached(tx, call)
        return
    waited_s = (tx.now - (call.queued_at or call.arrived_at)).total_seconds()
    short = waited_s < cast(int, await tx.fetchval(calls.SHORT_ABANDON_S, call.client_id))
    await ending.end(tx, call, "abandoned", cause, "caller", short=short)


async def ended(tx: Tx, call: Call, by: str) -> None:
    """The telephone system has put the whole call down: for the caller, for the agent, by itself."""
    if by == "transfer" and call.state == "transferring":
        await transfers.transferred(tx, call)
    elif by == "agent" and call.state in SPEAKING and not await red_flags.is_open(tx, call):
        await ending.to_wrap_up(tx, call, "agent")
    else:
        await hung_up(tx, call, "caller_hung_up" if by == "caller" else "ended")
