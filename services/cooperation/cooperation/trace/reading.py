"""Reading the trace: what was done to these subjects, in the order in which it was written."""

from collections.abc import Iterable
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from cooperation.trace import queries
from cooperation.trace.schemas import TraceEntry
from maillage import cursor
from maillage.database import Tx
from maillage.refusals import NotFound
from maillage.wire import Page


async def entries(tx: Tx, subject_ids: Iterable[UUID]) -> list[TraceEntry]:
    """Everything that was done to them, oldest first, of organisations within reach."""
    return [entry_of(row) for row in await tx.fetch(queries.OF_SUBJECTS, list(subject_ids))]


async def trace(tx: Tx, subject_id: UUID, after: str | None, limit: int) -> Page[TraceEntry]:
    """One page of what was done to a subject, oldest first."""
    (seq,) = cursor.decode(after, int) or (0,)
    rows = await tx.fetch(queries.OF_SUBJECT, subject_id, seq, limit + 1)
    items = await _without_others(tx, [entry_of(row) for row in rows[:limit]])
    return Page(items=items, next_cursor=cursor.encode(items[-1].seq) if len(rows) > limit else None)


async def entry(tx: Tx, entry_id: UUID) -> TraceEntry:
    """One entry. Refused: `NOT_FOUND`, also out of reach."""
    row = await tx.fetchrow(queries.ONE, entry_id)
    if row is None:
        raise NotFound
    return (await _without_others(tx, [entry_of(row)]))[0]


async def _without_others(tx: Tx, found: list[TraceEntry]) -> list[TraceEntry]:
    """A hospital's urgent request says whom it passes over: of those, it is told its own runs only."""
    passed = [UUID(str(each["run_id"])) for entry in found for each in _delayed(entry)]
    if not passed:
        return found
    seen = {str(row["id"]) for row in await tx.fetch(queries.VISIBLE_RUNS, passed)}
    return [
        entry.model_copy(
            update={"row": {**entry.row, "delayed": [each for each in _delayed(entry) if each["run_id"] in seen]}}
        )
        if _delayed(entry)
        else entry
        for entry in found
    ]


def _delayed(entry: TraceEntry) -> list[dict[str, JsonValue]]:
    told = entry.row.get("delayed") if entry.subject_kind == "urgent_request" else None
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


async def last(tx: Tx, subject_id: UUID) -> TraceEntry:
    """The newest entry of a subject that has one."""
    row = await tx.fetchrow(queries.LAST_OF_SUBJECT, subject_id)
    assert row is not None
    return entry_of(row)


def entry_of(row: asyncpg.Record) -> TraceEntry:
    """An entry as it is read."""
    plain = {name: row[name] for name in TraceEntry.model_fields if name not in ("row", "facts", "digest")}
    return TraceEntry(**plain, **row["data"], digest=row["digest"].hex())
