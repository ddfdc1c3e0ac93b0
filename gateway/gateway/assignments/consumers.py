"""Facts of the telesecretariat service in, the copy that narrows the live stream out."""

import asyncpg

from contracts.telesecretariat import AssignmentChanged
from gateway.assignments import queries
from maillage.consumers import Envelope, on
from maillage.database import Tx


async def _copy(tx: Tx, event: AssignmentChanged, envelope: Envelope) -> None:
    empty = event.valid_to is not None and event.valid_to <= event.valid_from
    valid = asyncpg.Range(empty=True) if empty else asyncpg.Range(event.valid_from, event.valid_to)
    await queries.put(
        tx, event.assignment_id, envelope.organisation_id, event.agent_id, event.client_id, valid, event.version
    )


CONSUMERS = [on(AssignmentChanged, _copy)]
