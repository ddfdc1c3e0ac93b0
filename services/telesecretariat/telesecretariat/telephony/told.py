"""What is told of a call, each kind to who knows what follows of it."""

from maillage.database import Tx
from telesecretariat.calls.rows import Call
from telesecretariat.telephony import agent_legs, callers, legs, observed, third_legs, transfers
from telesecretariat.telephony.asking import asked
from telesecretariat.telephony.port import Fact


async def of_call(tx: Tx, call: Call, fact: Fact) -> None:
    """Applies a fact to a call that is locked and not at its end."""
    if call.observed:
        await observed.follow(tx, call, fact)
    elif "leg" in fact.details:
        await _of_leg(tx, call, fact)
    elif fact.kind == "digit":
        await callers.digit(tx, call, str(fact.details.get("digit", "")))
    elif fact.kind == "caller_hung_up":
        await callers.hung_up(tx, call)
    elif fact.kind == "ended":
        await callers.ended(tx, call, str(fact.details.get("by", "caller")))


async def _of_leg(tx: Tx, call: Call, fact: Fact) -> None:
    leg = str(fact.details["leg"])
    command = await asked(tx, legs.command_of(leg))
    if command is None or command.call_id != call.id:
        return
    if command.consult:
        await transfers.follow(tx, call, command, fact)
    elif command.kind == "ring_agent":
        await agent_legs.follow(tx, call, leg, fact)
    else:
        await third_legs.follow(tx, call, command, fact)
