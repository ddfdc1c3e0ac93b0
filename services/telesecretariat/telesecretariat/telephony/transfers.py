"""A transfer in progress: who is called answers or does not, the agent takes the caller back, or leaves before.

To a number the caller stays where the call is spoken. A colleague who is consulted speaks with the agent alone, the
caller hears music; from her answer on the call is hers as soon as the agent leaves.
"""

from datetime import timedelta
from typing import Final, cast
from uuid import UUID

import asyncpg

from maillage.database import Tx
from telesecretariat.agents.becoming import To, release
from telesecretariat.agents.changing import locked as locked_agent
from telesecretariat.calls import ending
from telesecretariat.calls.changing import happen
from telesecretariat.calls.rows import Call
from telesecretariat.telephony import legs, queries
from telesecretariat.telephony.asking import Asked, ask
from telesecretariat.telephony.port import Fact
from telesecretariat.telephony.relinking import relink

RINGS: Final = timedelta(seconds=20)
"""How long a colleague is rung."""


async def is_there(tx: Tx, call: Call) -> bool:
    """Whether the other person of a transfer in progress has answered."""
    return cast(bool, await tx.fetchval(queries.THIRD_IS_THERE, call.id, call.state_since))


async def is_cold(tx: Tx, call: Call) -> bool:
    """Whether the transfer in progress is one that needs no agent."""
    row = await _to_number(tx, call)
    return row is not None and row["kind"] == "transfer"


async def is_present(tx: Tx, call: Call, command: Asked) -> bool:
    """Whether this command rang the number of the transfer in progress, and not of one before."""
    row = await _to_number(tx, call)
    return row is not None and row["id"] == command.id


async def _to_number(tx: Tx, call: Call) -> asyncpg.Record | None:
    if call.state != "transferring" or call.consulted_id is not None:
        return None
    return await tx.fetchrow(queries.LATEST_THIRD, call.id)


async def transferred(tx: Tx, call: Call) -> Call:
    """The caller talks to the other from now on; the agent writes up."""
    if await legs.agent_left(tx, call):
        await ask(tx, call, "resume")
    moved = await happen(tx, call, "transferred", transferred_to="number")
    return await ending.to_wrap_up(tx, moved, "transfer", "handed_over")


async def taken_back(
    tx: Tx, call: Call, kind: str, facts: dict[str, object] | None = None, *, colleague: To = "free"
) -> Call:
    """It is over, the caller is with his agent as before; one whose telephone is down is rung again. `colleague`: what
    becomes of her who was consulted."""
    if await legs.agent_left(tx, call):
        return await relink(tx, await happen(tx, call, kind, facts))
    await legs.drop_thirds(tx, call, colleague)
    if call.consulted_id is not None:
        await ask(tx, call, "resume")
    return await happen(tx, call, kind, facts, state="talking", connect_deadline=None)


async def leave(tx: Tx, call: Call) -> Call | None:
    """The agent wishes to leave: a cold transfer goes on without her, whoever is there has the caller. None: she cannot
    leave him, for nobody is there yet."""
    if await is_cold(tx, call):
        await legs.drop_agent(tx, call)
        return await _goes_on(tx, call)
    if not await is_there(tx, call):
        return None
    return await (handed_over(tx, call) if call.consulted_id is not None else transferred(tx, call))


async def without_agent(tx: Tx, call: Call, *, lost: bool) -> Call:
    """Her telephone is down. On purpose: a colleague has the call, rung or there, or the number that is there. Lost, or
    with nobody there: she is rung again. A cold transfer goes on."""
    if await is_cold(tx, call):
        return await _goes_on(tx, call)
    if not lost and call.consulted_id is not None:
        return await handed_over(tx, call)
    if not lost and await is_there(tx, call):
        return await transferred(tx, call)
    return await relink(tx, call)


async def _goes_on(tx: Tx, call: Call) -> Call:
    """The caller hears music until somebody answers."""
    if await legs.agent_left(tx, call):
        return call
    await ask(tx, call, "hold_in_queue", line_id=str(call.line_id))
    return await happen(tx, call, "agent_left")


# --- a colleague ----------------------------------------------------------------------------------------------------


async def handed_over(tx: Tx, call: Call) -> Call:
    """The call is the colleague's: she talks to the caller, or is rung on and he is first in the queue if she does not
    answer. The agent is free."""
    assert call.agent_id is not None
    assert call.consulted_id is not None
    both = {each: await locked_agent(tx, each) for each in sorted((call.agent_id, call.consulted_id))}
    there, leg = await is_there(tx, call), await legs.consulted_leg(tx, call)
    if there:
        await ask(tx, call, "resume")
    await legs.drop_agent(tx, call)
    await tx.execute(queries.TAKES_OVER, legs.command_of(leg))
    after = await happen(
        tx,
        call,
        "handed_to_agent",
        {"to": str(call.consulted_id)},
        state="talking" if there else "connecting",
        agent_id=call.consulted_id,
        desk_id=both[call.consulted_id].desk_id,
        connect_deadline=None if there else tx.now + RINGS,
    )
    await release(tx, call.agent_id, call.id, to="free")
    return after


async def follow(tx: Tx, call: Call, command: Asked, fact: Fact) -> None:
    """Applies what is told of the leg of a colleague who is consulted. One that is not wanted any more is hung up."""
    leg = f"a-{command.id}"
    present = call.consulted_id is not None and leg == await legs.consulted_leg(tx, call)
    if fact.kind == "leg_answered" and not present:
        await ask(tx, call, "hang_up", leg=leg)
    elif fact.kind == "leg_answered" and not await is_there(tx, call):
        await happen(tx, call, "third_answered", connect_deadline=None)
    elif present and fact.kind in ("leg_failed", "ended"):
        await colleague_gone(tx, call, lost=fact.kind == "leg_failed")


async def colleague_gone(tx: Tx, call: Call, *, lost: bool) -> None:
    """She did not answer, hung up, or lost her line: the agent has her caller again."""
    becomes: To = "no_answer" if not await is_there(tx, call) else "lost" if lost else "free"
    await taken_back(tx, call, "transfer_failed", colleague=becomes)


async def colleague_parts(tx: Tx, call: Call, agent_id: UUID, cause: str) -> None:
    """Her desk is gone while she is consulted: the agent has her caller again."""
    if call.consulted_id == agent_id:
        await taken_back(tx, call, "transfer_failed", {"cause": cause}, colleague="lost")
