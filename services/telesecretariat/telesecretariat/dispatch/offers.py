"""Offers: a call rings at one agent. One open offer per call and per agent, the base refuses a second."""

from typing import Literal
from uuid import UUID

from contracts.telesecretariat import OfferClosed
from maillage.database import Tx
from telesecretariat.calls.rows import Call
from telesecretariat.dispatch import queries

Result = Literal["declined", "expired", "rescinded"]


async def end(tx: Tx, call: Call, result: Result) -> UUID | None:
    """Ends the open offer of a locked call and tells it; the agent it was made to, None without one."""
    row = await tx.fetchrow(queries.END_OFFER, call.id, result, tx.now)
    if row is None:
        return None
    tx.emit(
        OfferClosed(
            offer_id=row["id"],
            call_id=call.id,
            client_id=call.client_id,
            line_id=call.line_id,
            agent_id=row["agent_id"],
            expires_at=row["expires_at"],
            result=result,
        ),
        call.organisation_id,
    )
    agent_id: UUID = row["agent_id"]
    return agent_id
