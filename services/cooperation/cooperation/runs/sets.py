"""Instrument sets, as runs need them."""

from uuid import UUID

from cooperation.runs import queries
from cooperation.runs.rows import InstrumentSet
from maillage.database import Tx
from maillage.refusals import NotFound


async def set_by_tag(tx: Tx, uri: str) -> InstrumentSet | None:
    """The set with this mark (a canonical Digital Link), None when there is none within reach."""
    row = await tx.fetchrow(queries.SET_OF_TAG, uri)
    return None if row is None else InstrumentSet.of(row)


async def set_of(tx: Tx, set_id: UUID) -> InstrumentSet:
    """One set. Refused: `NOT_FOUND`, also out of reach."""
    row = await tx.fetchrow(queries.SET, set_id)
    if row is None:
        raise NotFound
    return InstrumentSet.of(row)
