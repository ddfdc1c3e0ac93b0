"""Use cases of supervisors: each act has a reason and is written down."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from maillage.database import Tx
from maillage.refusals import WrongState
from telesecretariat.agents.becoming import FORCED, release
from telesecretariat.agents.changing import be, locked
from telesecretariat.agents.errors import AgentOffline
from telesecretariat.agents.rows import Agent
from telesecretariat.agents.schemas import AgentOut
from telesecretariat.agents.service import paused, readied, shown
from telesecretariat.calls import queueing
from telesecretariat.calls.changing import locked as locked_call
from telesecretariat.calls.rows import WITH_AGENT, Call
from telesecretariat.dispatch import offering, queries
from telesecretariat.dispatch.errors import AgentNotCapable, LineObservedOnly
from telesecretariat.red_flags import service as red_flags
from telesecretariat.supervision.schemas import AssignIn, CallStands, ForceIn, ReturnIn

RETURNABLE: Final = (WITH_AGENT | {"offered"}) - {"wrapping"}


async def force(tx: Tx, agent_id: UUID, body: ForceIn) -> AgentOut:
    """Makes an agent ready or not ready, after her call if she has one; a call offered to her goes to another. Not
    ready stays until its time is over or a supervisor makes her ready; then she chooses again.

    Refused: `AGENT_OFFLINE`, `NOT_FOUND`.
    """
    await queueing.part(tx, agent_id, FORCED, calls=False)
    agent = await locked(tx, agent_id)
    if agent.presence == "offline":
        raise AgentOffline
    agent = await _forced(tx, agent, body)
    tx.audit("agent.force", "agent", agent_id, agent.organisation_id, work_state=body.work_state, reason=body.reason)
    return shown(agent)


async def _forced(tx: Tx, agent: Agent, body: ForceIn) -> Agent:
    if body.work_state == "not_ready":
        until = tx.now + timedelta(minutes=body.minutes)
        return await paused(tx, await be(tx, agent, forced_until=until), FORCED)
    return await readied(tx, await be(tx, agent, forced_until=None))


async def take_back(tx: Tx, call_id: UUID, body: ReturnIn) -> CallStands:
    """A call that an agent has, or is offered, waits again; she is what she wished to be after it.

    Refused: `WRONG_STATE` for a call that nobody has or that she makes herself, `LINE_OBSERVED_ONLY`, `RED_FLAG_OPEN`:
    that caller stays with the 15.
    """
    call = await locked_call(tx, call_id)
    agent_id = call.agent_id
    if call.observed:
        raise LineObservedOnly
    if agent_id is None or call.state not in RETURNABLE or call.direction == "outbound":
        raise WrongState(state=call.state, allowed=[])
    await red_flags.refuse_if_open(tx, call)
    after = await queueing.return_to_queue(tx, call, "supervisor")
    await release(tx, agent_id, call_id, to="free")
    tx.audit("call.return", "call", call_id, call.organisation_id, reason=body.reason, agent_id=str(agent_id))
    return _stands(after)


async def assign(tx: Tx, call_id: UUID, body: AssignIn) -> CallStands:
    """Offers a waiting call to this agent, before her turn; one that was offered to another is taken from her.

    Refused: `AGENT_NOT_CAPABLE`, `WRONG_STATE` for a call that does not wait, `LINE_OBSERVED_ONLY`.
    """
    call = await locked_call(tx, call_id)
    if call.observed:
        raise LineObservedOnly
    if call.state == "offered" and call.agent_id not in (None, body.agent_id):
        other = call.agent_id
        call = await queueing.back_to_wait(tx, call, "assigned")
        await release(tx, other, call_id, to="free")
    if call.state not in ("waiting", "offered"):
        raise WrongState(state=call.state, allowed=[])
    if call.state == "waiting":
        call = await _offered(tx, call, body.agent_id)
    tx.audit("call.assign", "call", call_id, call.organisation_id, agent_id=str(body.agent_id), reason=body.reason)
    return _stands(call)


async def _offered(tx: Tx, call: Call, agent_id: UUID) -> Call:
    able = await tx.fetchval(queries.ASSIGNABLE, agent_id, call.client_id, call.required_skills, tx.now)
    if not able or not await offering.offer(tx, [(call.id, agent_id)]):
        raise AgentNotCapable
    return await locked_call(tx, call.id)


def _stands(call: Call) -> CallStands:
    return CallStands(id=call.id, state=call.state, agent_id=call.agent_id, version=call.version)
