"""Legs that were rung for too long: the call goes on without them."""

from uuid import UUID

from maillage.database import Database, Tx
from telesecretariat.calls import queries
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.deadlines import each_due
from telesecretariat.telephony import agent_legs, legs


async def settle_due(database: Database) -> None:
    """Job: an agent who was rung for 20 s, a number for 45 s, the target of a transfer for 30 s."""
    await each_due(database, queries.UNCONNECTED, _time_is_up)


async def _time_is_up(tx: Tx, call_id: UUID) -> None:
    call = await locked(tx, call_id)
    if call.connect_deadline is None or call.connect_deadline > tx.now:
        return
    if call.state == "connecting":
        await agent_legs.unreached(tx, call)
    elif call.state == "transferring":
        await legs.drop_thirds(tx, call)
        await happen(tx, call, "transfer_failed", {"cause": "no_answer"}, state="talking", connect_deadline=None)
