"""The leg of the agent: it answers, it is bridged, it fails, it is lost, it is put down."""

from datetime import timedelta
from typing import Final, cast

from maillage.database import Tx
from telesecretariat.agents.becoming import To, release
from telesecretariat.callbacks import service as callbacks
from telesecretariat.calls import ending
from telesecretariat.calls.changing import happen
from telesecretariat.calls.queueing import return_to_queue
from telesecretariat.calls.rows import Call
from telesecretariat.red_flags import service as red_flags
from telesecretariat.telephony import legs, queries, third_legs, transfers
from telesecretariat.telephony.asking import ask
from telesecretariat.telephony.port import Fact
from telesecretariat.telephony.relinking import relink
from telesecretariat.vault import vault

DIALLED: Final = timedelta(seconds=45)
"""How long somebody whom we call is rung."""


async def follow(tx: Tx, call: Call, leg: str, fact: Fact) -> None:
    """Applies what is told of a leg of an agent. Of one that is not the latest of its call only this matters: when it
    answers, it is hung up."""
    current = leg == await legs.agent_leg(tx, call)
    if fact.kind == "leg_answered":
        await _answered(tx, call, leg, current=current)
    elif not current:
        return
    elif fact.kind == "connected":
        await connected(tx, call)
    elif fact.kind == "leg_failed":
        await lost(tx, call)
    elif fact.kind == "ended":
        await put_down(tx, call)


async def _answered(tx: Tx, call: Call, leg: str, *, current: bool) -> None:
    if not current or call.state not in ("connecting", "talking"):
        await ask(tx, call, "hang_up", leg=leg)
    elif call.provider_call_id is not None:
        await ask(tx, call, "connect", leg=leg)
    else:
        await _dial(tx, call)


async def _dial(tx: Tx, call: Call) -> None:
    """The agent is there: now the person to be called. From here on that leg is the call's own."""
    number = vault(tx).open(call.number_sealed)
    command_id = await ask(tx, call, "dial_third", to=number, purpose="callback")
    call = await happen(tx, call, "dialling", provider_call_id=f"t-{command_id}", connect_deadline=tx.now + DIALLED)
    await callbacks.dialling(tx, call)


async def connected(tx: Tx, call: Call) -> None:
    """Caller and agent hear one another."""
    if call.state != "connecting":
        return
    after = await happen(tx, call, "connected", state="talking", connect_deadline=None)
    if call.answered_at is not None:
        return
    if after.direction == "callback":
        await callbacks.reached(tx, after)
    elif after.direction == "inbound" and after.number_hash is not None:
        await callbacks.served(tx, after.line_id, after.number_hash)


async def lost(tx: Tx, call: Call) -> None:
    """It never answered: the call goes back. It was lost in a conversation: the same agent is rung again, once."""
    if call.state == "transferring":
        await transfers.without_agent(tx, call, lost=True)
    elif call.state in ("talking", "held"):
        await relink(tx, call)
    elif call.state == "connecting":
        await unreached(tx, call)


async def unreached(tx: Tx, call: Call) -> None:
    """The agent did not take her call in time: it is served by another. One that she makes herself has failed."""
    assert call.agent_id is not None
    was_lost = cast(bool, await tx.fetchval(queries.WAS_LOST, call.id, call.state_since))
    becomes: To = "lost" if was_lost else "no_answer"
    if call.direction == "outbound":
        await ending.end(tx, call, "failed", "no_answer", "system", agent_becomes="no_answer")
    elif call.direction == "callback" and call.provider_call_id is not None and call.answered_at is None:
        await third_legs.not_reached(tx, call)
    else:
        await return_to_queue(tx, call, "agent_lost" if was_lost else "no_answer")
        await release(tx, call.agent_id, call.id, to=becomes)


async def put_down(tx: Tx, call: Call) -> None:
    """The agent hung up her telephone. With a red flag open, or a number of a transfer not there yet, she is rung
    again."""
    if call.state == "connecting":
        await unreached(tx, call)
    elif call.state == "transferring":
        await transfers.without_agent(tx, call, lost=False)
    elif call.state in ("talking", "held"):
        if await red_flags.is_open(tx, call):
            await relink(tx, call)
        else:
            await ending.to_wrap_up(tx, call, "agent")
