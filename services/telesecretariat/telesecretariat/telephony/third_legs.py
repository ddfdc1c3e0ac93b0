"""Legs to somebody else: the person whom we call, the colleague or doctor of a transfer, the 15."""

from maillage.database import Tx
from telesecretariat.callbacks import service as callbacks
from telesecretariat.calls import announcing, ending
from telesecretariat.calls.changing import happen
from telesecretariat.calls.rows import Call
from telesecretariat.red_flags import service as red_flags
from telesecretariat.telephony import legs, transfers
from telesecretariat.telephony.asking import Asked, ask, asked
from telesecretariat.telephony.port import Fact


async def follow(tx: Tx, call: Call, command: Asked, fact: Fact) -> None:
    """Applies what is told of such a leg, by the purpose for which it was rung."""
    if command.purpose == "emergency":
        await red_flags.on_third_leg(tx, call, fact)
    elif fact.kind in ("leg_answered", "connected"):
        await _answered(tx, call, command)
    elif fact.kind in ("leg_failed", "ended"):
        await failed(tx, call, command)


async def _answered(tx: Tx, call: Call, command: Asked) -> None:
    leg = await legs.agent_leg(tx, call)
    if command.purpose == "callback" and call.state == "connecting" and leg is not None:
        await ask(tx, call, "connect", leg=leg)
    elif not await transfers.is_present(tx, call, command):
        return
    elif command.purpose == "consult":
        await happen(tx, call, "third_answered", connect_deadline=None)
    elif command.purpose == "transfer":
        await transfers.transferred(tx, call)


async def failed(tx: Tx, call: Call, command: Asked) -> None:
    """Nobody there, or gone again: of a transfer the conversation goes on as before; who was to be called was not
    reached, or has hung up."""
    if command.purpose == "callback":
        if call.provider_call_id != f"t-{command.id}":
            return  # of an earlier try
        if call.state in ("connecting", "waiting", "offered"):
            await not_reached(tx, call)
        elif call.state in ("talking", "held", "transferring"):
            await ending.to_wrap_up(tx, call, "caller")
    elif await transfers.is_present(tx, call, command):
        await transfers.taken_back(tx, call, "transfer_failed")


async def after_the_end(tx: Tx, call: Call, fact: Fact) -> bool:
    """Whether a fact about a call that is over still mattered: whoever was to take it over did not."""
    command = await asked(tx, legs.command_of(fact.details.get("leg")))
    if call.state != "overflowed" or fact.kind != "leg_failed" or command is None or command.kind != "transfer":
        return False
    await nobody_took(tx, call)
    return True


async def nobody_took(tx: Tx, call: Call) -> None:
    """Who was sent elsewhere and met nobody is not left in silence."""
    if call.state == "overflowed" and call.ended_by == "transfer":
        await announcing.say(tx, call, announcing.with_emergency([]), final=True)
        await ask(tx, call, "hang_up")


async def _left(tx: Tx, call: Call) -> None:
    """Somebody whom we called has spoken to an agent and is gone, while no agent was with him."""
    if call.state in ("waiting", "offered"):
        await ending.end(tx, call, "abandoned", "caller_hung_up", "caller")
    else:
        await ending.to_wrap_up(tx, call, "system", "ended")


async def not_reached(tx: Tx, call: Call) -> None:
    """Who was called does not answer: a callback is tried again later, the agent is free; a call that she made herself
    is written up. So is one of a conversation that had begun: the agent's line was lost, and now the other's is."""
    if call.answered_at is not None:
        await _left(tx, call)
        return
    if call.direction != "callback":
        await ending.to_wrap_up(tx, call, "system", "not_reached")
        return
    await legs.drop(tx, call)
    await callbacks.not_reached(tx, call)
