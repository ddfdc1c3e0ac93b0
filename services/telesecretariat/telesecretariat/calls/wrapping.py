"""After the conversation: what came of the call is said, or time runs out and it is `unclassified`."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from maillage.database import Database, Tx
from telesecretariat.agents.changing import be
from telesecretariat.agents.changing import locked as locked_agent
from telesecretariat.calls import acts, ending, outcomes, queries
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.deadlines import each_due
from telesecretariat.calls.errors import CallNotWrapping, OutcomeRequired, WrapUpLimit
from telesecretariat.calls.rows import Call
from telesecretariat.calls.schemas import CallStandsOut, WrapUpIn
from telesecretariat.instructions.showing import refuse_unacknowledged
from telesecretariat.red_flags import service as red_flags
from telesecretariat.repeats import service as repeats

LONGER: Final = timedelta(seconds=30)
TIMES: Final = 4


async def wrap_up(tx: Tx, call_id: UUID, body: WrapUpIn) -> CallStandsOut:
    """More time, or the end. A call finished already: the same answer. Refused: `CALL_NOT_WRAPPING`, `WRAP_UP_LIMIT`,
    `OUTCOME_REQUIRED`, `UNKNOWN_OUTCOME`, `RED_FLAG_OPEN`, `REPEAT_CALLER_UNRESOLVED`, `INSTRUCTION_NOT_ACKNOWLEDGED`.
    """
    call = await acts.hers(tx, call_id)
    if call.state == "completed" and body.act == "finish":
        return acts.stands(call)
    if call.state != "wrapping" or call.agent_id is None:
        raise CallNotWrapping(state=call.state)
    return acts.stands(await (_extend(tx, call, call.agent_id) if body.act == "extend" else _finish(tx, call, body)))


async def _extend(tx: Tx, call: Call, agent_id: UUID) -> Call:
    agent = await locked_agent(tx, agent_id)
    if agent.wrap_up_extensions >= TIMES:
        raise WrapUpLimit
    until = (call.wrap_up_until or tx.now) + LONGER
    after = await happen(tx, call, "wrap_up_extended", wrap_up_until=until)
    await be(tx, agent, call.id, wrap_up_until=until, wrap_up_extensions=agent.wrap_up_extensions + 1)
    return after


async def _finish(tx: Tx, call: Call, body: WrapUpIn) -> Call:
    outcome = body.outcome or call.outcome or await outcomes.of_bookings(tx, call)
    if outcome is None:
        raise OutcomeRequired(pointer="/outcome")
    outcome = await outcomes.checked(tx, call, outcome)
    await red_flags.refuse_if_open(tx, call)
    await repeats.refuse_unresolved(tx, replace(call, outcome=outcome))
    await refuse_unacknowledged(tx, call)
    by = call.outcome_by if outcome == call.outcome else None if body.outcome else "booking"
    return await _completed(tx, replace(call, outcome_by=by), outcome, "agent")


async def _completed(tx: Tx, call: Call, outcome: str, by: ending.EndedBy) -> Call:
    cause = "finished" if by == "agent" else "wrap_up_over"
    return await ending.end(tx, call, "completed", cause, by, outcome=outcome, outcome_by=call.outcome_by or by)


async def complete_due(database: Database) -> None:
    """Job: wrap-up time that is over. What nobody said stays `unclassified`: the supervisor's list."""
    await each_due(database, queries.UNWRITTEN, _time_is_up)


async def _time_is_up(tx: Tx, call_id: UUID) -> None:
    call = await locked(tx, call_id)
    if call.state != "wrapping" or call.wrap_up_until is None or call.wrap_up_until > tx.now:
        return
    if await red_flags.is_open(tx, call):
        return  # Danger of life is never left without its outcome; supervisors see it open.
    outcome = call.outcome or await outcomes.of_bookings(tx, call) or outcomes.UNCLASSIFIED
    await _completed(tx, call, outcome, "system")
