"""How a call ends: the conversation is over and is written up, or it reaches one of its ends."""

from datetime import timedelta
from typing import Literal, Unpack, cast

from contracts.telesecretariat import CallState
from maillage.database import Tx
from telesecretariat.agents.becoming import release
from telesecretariat.calls import monitoring, queries
from telesecretariat.calls.changing import Columns, happen
from telesecretariat.calls.rows import Call
from telesecretariat.dispatch import offers
from telesecretariat.telephony import legs

EndedBy = Literal["caller", "agent", "system", "supervisor", "transfer"]
_KEPT: dict[str, Literal["caller", "others", None]] = {"transfer": "caller", "caller": "others"}


async def to_wrap_up(tx: Tx, call: Call, ended_by: EndedBy, cause: str = "hung_up") -> Call:
    """The conversation is over: what is left of it is hung up, the agent writes it up until `wrap_up_until`.

    `ended_by="transfer"`: the caller talks to somebody else now, only the agent leaves. A call of an observed line
    that no agent of ours has had is completed at once.
    """
    await legs.drop(tx, call, keep=_KEPT.get(ended_by))
    await monitoring.end_all(tx, call)
    by = call.ended_by or ended_by
    if call.agent_id is None:
        return await happen(tx, call, cause, {"by": ended_by}, state="completed", ended_by=by)
    wrap_up_s = cast(int, await tx.fetchval(queries.WRAP_UP_S, call.line_id))
    until = tx.now + timedelta(seconds=wrap_up_s)
    after = await happen(
        tx, call, cause, {"by": ended_by}, state="wrapping", ended_by=by, wrap_up_until=until, connect_deadline=None
    )
    await release(tx, call.agent_id, call.id, to="wrap_up")
    return after


async def end(
    tx: Tx,
    call: Call,
    state: CallState,
    cause: str,
    ended_by: EndedBy,
    *,
    agent_becomes: Literal["free", "no_answer", "lost"] = "free",
    **changes: Unpack[Columns],
) -> Call:
    """The call reaches a terminal state: its open offer is rescinded, its legs are hung up, its agent is free.

    `changes`: further columns. A call in wrap-up has no legs any more; a caller who was transferred keeps his.
    """
    if call.state == "offered":
        await offers.end(tx, call, "rescinded")
    if call.state != "wrapping":
        await legs.drop(tx, call, keep=_KEPT.get(ended_by))
        await monitoring.end_all(tx, call)
    changes |= {"connect_deadline": None, "wrap_up_until": None}
    by = call.ended_by or ended_by
    after = await happen(tx, call, cause, {"by": ended_by}, state=state, ended_by=by, **changes)
    if call.agent_id is not None:
        await release(tx, call.agent_id, call.id, to=agent_becomes)
    return after
