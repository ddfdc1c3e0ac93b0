"""Needs of the appointments service in, tasks of the same id out."""

from typing import cast
from uuid import UUID

from contracts.appointments import CallNeeded, CallSettled
from contracts.telesecretariat import TaskClosed, TaskOpened
from maillage.consumers import Envelope, on
from maillage.database import Tx
from telesecretariat.tasks import queries
from telesecretariat.tasks.service import tell


async def need(tx: Tx, event: CallNeeded, envelope: Envelope) -> None:
    """A patient must be called: a task of the same id opens, for the client that the organisation is."""
    await _know(tx, event, envelope, "open")


async def settle(tx: Tx, event: CallSettled, envelope: Envelope) -> None:
    """Nobody needs to call any more: the task is cancelled, also when this is heard before the need."""
    await _know(tx, event, envelope, "cancelled")


async def _know(tx: Tx, event: CallNeeded, envelope: Envelope, state: str) -> None:
    client = cast(UUID | None, await tx.fetchval(queries.CLIENT_OF, envelope.organisation_id, tx.now))
    row = await tx.fetchrow(
        queries.NEED,
        event.call_need_id,
        envelope.organisation_id,
        client,
        event.ref_id,
        event.patient_id,
        event.due_at,
        state,
        None if state == "open" else "settled",
        None if state == "open" else tx.now,
        envelope.sequence,
        tx.now,
    )
    if row is not None and (state == "open" or row["version"] > 1):
        tell(tx, TaskOpened if state == "open" else TaskClosed, row)


CONSUMERS = [on(CallNeeded, need), on(CallSettled, settle)]
