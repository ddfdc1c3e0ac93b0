"""What an agent does with her call: hold, resume, transfer, hang up, call somebody. Telephones follow after COMMIT."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from maillage.database import Tx
from maillage.refusals import NotFound
from telesecretariat.agents import service as agents
from telesecretariat.agents.becoming import release
from telesecretariat.agents.changing import Changes, be
from telesecretariat.agents.changing import locked as locked_agent
from telesecretariat.agents.errors import AgentOffline, DeviceUnregistered
from telesecretariat.agents.rows import Agent
from telesecretariat.calls import ending, queries
from telesecretariat.calls.access import acting
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.creating import new_call
from telesecretariat.calls.errors import CallNotTalking
from telesecretariat.calls.reading.errors import NotYourCall
from telesecretariat.calls.rows import Call
from telesecretariat.calls.schemas import CallStandsOut, Colleague, Colleagues, OutboundIn, TransferIn
from telesecretariat.dispatch.errors import AgentNotCapable, AgentNotReady
from telesecretariat.lines import service as lines
from telesecretariat.red_flags import service as red_flags
from telesecretariat.telephony import capable, legs, third_legs, transfers
from telesecretariat.telephony.asking import ask

RINGS: Final = timedelta(seconds=20)
THIRD_RINGS: Final = timedelta(seconds=30)
"""How long somebody to whom a call is transferred is rung (parameter)."""


async def hers(tx: Tx, call_id: UUID) -> Call:
    """The caller's own call, locked, her desk open. Refused: `NOT_FOUND`, `NOT_YOUR_CALL`, `AGENT_OFFLINE`."""
    call = await locked(tx, call_id)
    if acting(tx, call) != "agent":
        raise NotYourCall
    if await tx.fetchval(queries.PRESENCE, call.agent_id) == "offline":
        raise AgentOffline
    return call


def stands(call: Call) -> CallStandsOut:
    """How a call stands."""
    return CallStandsOut(**{name: getattr(call, name) for name in CallStandsOut.model_fields})


async def hold(tx: Tx, call_id: UUID) -> CallStandsOut:
    """The caller hears music. Again: the same. Refused: `CALL_NOT_TALKING`, `RED_FLAG_OPEN`, `ADAPTER_CANNOT`."""
    call = await hers(tx, call_id)
    if call.state == "held":
        return stands(call)
    if call.state != "talking":
        raise CallNotTalking(state=call.state)
    # Nobody in danger is left alone with music.
    await red_flags.refuse_if_open(tx, call)
    await capable.refuse_unable(tx, call, "hold")
    await ask(tx, call, "hold")
    return stands(await happen(tx, call, "held", state="held"))


async def resume(tx: Tx, call_id: UUID) -> CallStandsOut:
    """Caller and agent hear one another again; out of a transfer in progress too, the other leg is put down. Again: the
    same. Refused: `CALL_NOT_TALKING`, `ADAPTER_CANNOT`."""
    call = await hers(tx, call_id)
    if call.state == "transferring":
        return stands(await transfers.taken_back(tx, call, "transfer_cancelled"))
    if call.state == "talking":
        return stands(call)
    if call.state != "held":
        raise CallNotTalking(state=call.state)
    await capable.refuse_unable(tx, call, "resume")
    await ask(tx, call, "resume")
    return stands(await happen(tx, call, "resumed", state="talking"))


async def hang_up(tx: Tx, call_id: UUID) -> CallStandsOut:
    """The agent hangs up: out of a conversation; out of a cold transfer, which goes on; out of a warm one once the
    other is there, who then has the caller; of a number that does not answer. A colleague who is consulted leaves her
    alone with him. Again: the same. Refused: `CALL_NOT_TALKING`, `RED_FLAG_OPEN`."""
    call = await locked(tx, call_id)
    if call.consulted_id is not None and call.consulted_id == tx.principal.person_id:
        return stands(await transfers.taken_back(tx, call, "transfer_declined"))
    call = await hers(tx, call_id)
    if call.state == "wrapping":
        return stands(call)
    await red_flags.refuse_if_open(tx, call)
    await capable.refuse_unable(tx, call, "hang_up")
    if call.state in ("talking", "held"):
        return stands(await ending.to_wrap_up(tx, call, "agent"))
    if call.state == "transferring" and (left := await transfers.leave(tx, call)) is not None:
        return stands(left)
    if call.state == "connecting" and call.direction != "inbound" and call.provider_call_id is not None:
        await third_legs.not_reached(tx, call)
        return stands(await locked(tx, call_id))
    raise CallNotTalking(state=call.state)


async def transfer(tx: Tx, call_id: UUID, body: TransferIn) -> CallStandsOut:
    """Brings the caller to somebody else. Refused: `CALL_NOT_TALKING`, `RED_FLAG_OPEN`, `ADAPTER_CANNOT`,
    `NUMBER_NOT_ALLOWED`; to an agent `AGENT_NOT_CAPABLE`."""
    call = await hers(tx, call_id)
    if call.state != "talking":
        raise CallNotTalking(state=call.state)
    await red_flags.refuse_if_open(tx, call)
    colleague = _id(body.to)
    if colleague is not None:
        return stands(await (_consult if body.mode == "warm" else _to_agent)(tx, call, colleague))
    return stands(await _to_number(tx, call, body))


async def colleagues(tx: Tx, call_id: UUID) -> Colleagues:
    """Who could have the caller's call now. Refused: `NOT_FOUND`, `NOT_YOUR_CALL`."""
    row = await tx.fetchrow(queries.CALL, call_id)
    if row is None:
        raise NotFound
    call = Call.of(row)
    if acting(tx, call) != "agent":
        raise NotYourCall
    rows = await tx.fetch(queries.COLLEAGUES, call.agent_id, call.client_id, tx.now)
    return Colleagues(items=[Colleague(**dict(row)) for row in rows])


async def _to_number(tx: Tx, call: Call, body: TransferIn) -> Call:
    to = capable.dialable(body.to, pointer="/to")
    await capable.refuse_unable(tx, call, "dial_third" if body.mode == "warm" else "transfer")
    if body.mode == "warm":
        await ask(tx, call, "dial_third", to=to, purpose="consult")
    else:
        await ask(tx, call, "transfer", to=to, warm=False)
    tx.audit("call.transfer", "call", call.id, call.organisation_id, mode=body.mode)
    deadline = tx.now + THIRD_RINGS
    return await happen(
        tx, call, "transfer_asked", {"mode": body.mode}, state="transferring", connect_deadline=deadline
    )


async def _able(tx: Tx, call: Call, agent_id: UUID) -> tuple[UUID, Agent]:
    """The agent's id and the colleague who may have the call, both locked. Refused: `AGENT_NOT_CAPABLE`."""
    await capable.refuse_unable(tx, call, "ring_agent")
    able = await tx.fetchval(queries.MAY_TAKE_OVER, agent_id, call.client_id, tx.now)
    if call.agent_id is None or agent_id == call.agent_id or not able:
        raise AgentNotCapable
    both = {each: await locked_agent(tx, each) for each in sorted((call.agent_id, agent_id))}
    if both[agent_id].work_state != "ready":
        raise AgentNotCapable
    return call.agent_id, both[agent_id]


async def _consult(tx: Tx, call: Call, agent_id: UUID) -> Call:
    """A colleague is rung and speaks with the agent, the caller hears music; then the agent hangs up, or resumes."""
    await capable.refuse_unable(tx, call, "hold")
    _, colleague = await _able(tx, call, agent_id)
    await ask(tx, call, "hold")
    await legs.ring(tx, call, agent_id, consult=True)
    after = await happen(
        tx,
        call,
        "transfer_asked",
        {"mode": "warm", "to": str(agent_id)},
        state="transferring",
        consulted_id=agent_id,
        connect_deadline=tx.now + RINGS,
    )
    await be(tx, colleague, call.id, work_state="on_call", reason=None)
    tx.audit("call.transfer", "call", call.id, call.organisation_id, mode="warm", to_agent=str(agent_id))
    return after


async def _to_agent(tx: Tx, call: Call, agent_id: UUID) -> Call:
    """A colleague is rung in her stead; if she does not answer the caller is first in the queue."""
    before, colleague = await _able(tx, call, agent_id)
    await legs.drop_agent(tx, call)
    await ask(tx, call, "hold_in_queue", line_id=str(call.line_id))
    await legs.ring(tx, call, agent_id)
    after = await happen(
        tx,
        call,
        "handed_to_agent",
        {"to": str(agent_id)},
        state="connecting",
        agent_id=agent_id,
        desk_id=colleague.desk_id,
        connect_deadline=tx.now + RINGS,
    )
    await be(tx, colleague, call.id, work_state="on_call", reason=None)
    await release(tx, before, call.id, to="free")
    tx.audit("call.transfer", "call", call.id, call.organisation_id, to_agent=str(agent_id))
    return after


def _id(to: str) -> UUID | None:
    try:
        return UUID(to)
    except ValueError:
        return None


def _busy_out_of(agent: Agent) -> Changes:
    """Who calls somebody out of a pause is in that pause again afterwards: nothing is offered to her unasked."""
    if agent.work_state == "ready":
        return {"work_state": "on_call", "reason": None}
    return {"work_state": "on_call", "reason": None, "pending_state": "not_ready", "pending_reason": agent.reason}


async def place(tx: Tx, body: OutboundIn) -> CallStandsOut:
    """The agent calls somebody: her telephone rings first. Refused: `NOT_FOUND`, `NUMBER_NOT_ALLOWED`, `NO_LINE`,
    `AGENT_OFFLINE`, `AGENT_NOT_READY` during a call, `DEVICE_UNREGISTERED`, `LINE_OBSERVED_ONLY`, `ADAPTER_CANNOT`."""
    to = capable.dialable(body.to, pointer="/to")
    line = await lines.line(tx, body.line_id)
    about = None if body.about_call_id is None else await locked(tx, body.about_call_id)
    if about is not None and about.organisation_id != line.organisation_id:
        # A patient of one centre is nothing to another, also for who answers for both.
        raise NotFound
    agent = await agents.mine(tx, None)
    if agent.work_state not in ("ready", "not_ready"):
        raise AgentNotReady
    if not agent.device_ready:
        raise DeviceUnregistered
    call = await new_call(
        tx,
        line,
        "outbound",
        to,
        state="connecting",
        kind="placed",
        about_call_id=body.about_call_id,
        agent_id=agent.id,
        desk_id=agent.desk_id,
        connect_deadline=tx.now + RINGS,
        patient_id=about.patient_id if about else None,
        practitioner_id=about.practitioner_id if about else None,
    )
    await capable.refuse_unable(tx, call, "dial_third")
    await legs.ring(tx, call, agent.id)
    await be(tx, agent, call.id, **_busy_out_of(agent))
    tx.audit("call.place", "call", call.id, call.organisation_id)
    return stands(call)
