"""The legs of a call at the telephone system: named after the commands that made them."""

from typing import Literal, cast
from uuid import UUID

from maillage.database import Tx
from telesecretariat.agents.becoming import To, release
from telesecretariat.agents.changing import locked as locked_agent
from telesecretariat.calls.rows import WITH_AGENT, Call
from telesecretariat.telephony import queries
from telesecretariat.telephony.asking import ask


def command_of(leg: object) -> UUID | None:
    """The command that made a leg, `a-<id>` or `t-<id>`; None for anything else."""
    if not isinstance(leg, str) or leg[:2] not in ("a-", "t-"):
        return None
    try:
        return UUID(leg[2:])
    except ValueError:
        return None


async def agent_leg(tx: Tx, call: Call) -> str | None:
    """The leg of the agent who was rung last for this call."""
    command_id = await tx.fetchval(queries.AGENT_LEG, call.id)
    return None if command_id is None else f"a-{command_id}"


async def consulted_leg(tx: Tx, call: Call) -> str | None:
    """The leg of the colleague who was consulted last."""
    command_id = await tx.fetchval(queries.CONSULTED_LEG, call.id)
    return None if command_id is None else f"a-{command_id}"


async def agent_left(tx: Tx, call: Call) -> bool:
    """Whether the agent has left a transfer in progress that goes on without her."""
    return call.state == "transferring" and cast(bool, await tx.fetchval(queries.LEFT, call.id, call.state_since))


async def ring(tx: Tx, call: Call, agent_id: UUID, *, consult: bool = False) -> None:
    """Rings the telephone of an agent for this call; with `consult` to speak with its agent, not with the caller."""
    row = await tx.fetchrow(queries.DEVICE, agent_id)
    kind, address = (None, None) if row is None else (row["device_kind"], row["device_address"])
    await ask(tx, call, "ring_agent", agent_id=str(agent_id), device_kind=kind, device_address=address, consult=consult)


async def drop_agent(tx: Tx, call: Call) -> None:
    """Hangs up the leg of the agent, whether it rings or speaks."""
    leg = await agent_leg(tx, call)
    if leg is not None:
        await ask(tx, call, "hang_up", leg=leg)


async def drop_thirds(tx: Tx, call: Call, colleague: To = "free") -> None:
    """Hangs up whoever else was called for this call, but not the leg that is the call's own. `colleague`: what becomes
    of one who is consulted."""
    await _drop_colleague(tx, call, colleague)
    for row in await tx.fetch(queries.THIRD_LEGS, call.id):
        if f"t-{row['id']}" != call.provider_call_id:
            await ask(tx, call, "hang_up", leg=f"t-{row['id']}")


async def _drop_colleague(tx: Tx, call: Call, becomes: To) -> None:
    if call.consulted_id is None:
        return
    leg = await consulted_leg(tx, call)
    if leg is not None:
        await ask(tx, call, "hang_up", leg=leg)
    for each in sorted({call.consulted_id, call.agent_id or call.consulted_id}):
        await locked_agent(tx, each)
    await release(tx, call.consulted_id, call.id, to=becomes)


async def drop(tx: Tx, call: Call, *, keep: Literal["caller", "others", None] = None) -> None:
    """Hangs up what is left of a call: the agent, third legs, the caller.

    `keep="caller"`: somebody else talks to the caller from now on, only the agent leaves. `keep="others"`: the caller
    has hung up by himself.
    """
    if call.state in WITH_AGENT:
        await drop_agent(tx, call)
    if keep == "caller":
        await _drop_colleague(tx, call, "free")
        return
    await drop_thirds(tx, call)
    if keep is None and call.provider_call_id is not None:
        await hang_up_own(tx, call)


async def hang_up_own(tx: Tx, call: Call) -> None:
    """Puts down whoever the call is with. A leg that we dialled is named: the call may forget it before that is done,
    and dial again."""
    if command_of(call.provider_call_id) is None:
        await ask(tx, call, "hang_up")
    else:
        await ask(tx, call, "hang_up", leg=call.provider_call_id)
