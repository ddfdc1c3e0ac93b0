"""Reading the trace: what was done to these subjects, in the order in which it was written."""

from collections.abc import Iterable
from uuid import UUID

import asyncpg

from cooperation.trace import queries
from cooperation.trace.schemas import Entry
from maillage.database import Tx


async def entries(tx: Tx, subject_ids: Iterable[UUID]) -> list[Entry]:
    """Everything that was done to them, oldest first, of organisations within reach."""
    return [entry_of(row) for row in await tx.fetch(queries.OF_SUBJECTS, list(subject_ids))]


def entry_of(row: asyncpg.Record) -> Entry:
    """An entry as it is read."""
    plain = {name: row[name] for name in Entry.model_fields if name not in ("row", "facts", "digest")}
    return Entry(**plain, **row["data"], digest=row["digest"].hex())
