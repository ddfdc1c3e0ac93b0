"""Legs that were rung for too long: the call goes on without them."""

from uuid import UUID

from maillage.database import Database, Tx
from telesecretariat.calls import queries
from telesecretariat.calls.changing import locked
from telesecretariat.calls.deadlines import each_due
from telesecretariat.telephony import agent_legs, transfers


async def settle_due(database: Database) -> None:
    """Job: an agent who was rung for 20 s, a number for 45 s, the target of a transfer for 30 s, a
    colleague for 20 s."""
    await each_due(database, queries.UNCONNECTED, _time_is_up)


async def _time_is_up(tx: Tx, call_id: UUID) -> None:
    call = await locked(tx, call_id)
    if call.connect_deadline is None or call.connect_deadline > tx.now:
        return
    if call.state == "connecting":
        await agent_legs.unreached(tx, call)
    elif call.state == "transferring":
        await transfers.taken_back(tx, call, "transfer_failed", {"cause": "no_answer"}, colleague="no_answer")
