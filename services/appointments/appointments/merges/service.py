"""Use cases of merges: two files of one person become one, and two again. Each in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from appointments.appointments.errors import PatientBusy
from appointments.identity.domain import STRENGTH
from appointments.merges import queries
from appointments.merges.errors import (
    AlreadyMerged,
    AlreadyUndone,
    InsConflict,
    KeepTheChecked,
    LaterMerge,
    SamePerson,
)
from appointments.merges.schemas import MergeIn, MergeOut
from contracts.appointments import PatientMerged, PatientUnmerged
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound
from maillage.wire import Page

Moved = Mapping[str, JsonValue]
_SPECIAL = {
    "contact": queries.CONTACTS_OVER,
    "relation": queries.RELATIONS_OVER,
    "not_same_person": queries.DECLARED_OVER,
    "duplicate_pair": queries.PAIRS_OVER,
    "file": queries.MERGE,
}


async def merge(tx: Tx, body: MergeIn) -> MergeOut:
    """`from_id` goes into `into_id`: whatever speaks of the one speaks of the other. Refused as in the endpoint."""
    goes, remains = await _both(tx, body.from_id, body.into_id)
    await _judge(tx, goes, remains)
    moved = await _move(tx, goes["id"], remains["id"])
    organisation_id = goes["organisation_id"]
    row = await tx.fetchrow(
        queries.WRITE,
        new_id(),
        organisation_id,
        goes["id"],
        remains["id"],
        body.reason,
        moved,
        tx.principal.sub,
        tx.now,
    )
    assert row is not None
    tx.emit(PatientMerged(from_id=goes["id"], into_id=remains["id"]), organisation_id)
    _note(tx, "patient.merge", row)
    return _out(row)


async def _both(tx: Tx, from_id: UUID, into_id: UUID) -> tuple[asyncpg.Record, asyncpg.Record]:
    """The two rows, locked by id, after the night's search has ended its turn."""
    if from_id == into_id:
        raise SamePerson(pointer="/into_id")
    first = await tx.fetchrow(queries.ORGANISATION_OF, from_id)
    if first is None:
        raise NotFound
    await tx.execute(queries.IN_TURN, first["organisation_id"])
    rows = {row["id"]: row for row in await tx.fetch(queries.BOTH, from_id, into_id)}
    if len({row["organisation_id"] for row in rows.values()}) != 1 or len(rows) != 2:
        raise NotFound
    return rows[from_id], rows[into_id]


async def _judge(tx: Tx, goes: asyncpg.Record, remains: asyncpg.Record) -> None:
    for row in (goes, remains):
        if row["merged_into_id"] is not None:
            living = await tx.fetchval(queries.LIVING, row["id"])
            raise AlreadyMerged(patient_id=str(row["id"]), into_id=str(living))
    if goes["ins"] is not None and remains["ins"] is not None:
        raise InsConflict
    if STRENGTH[goes["identity_status"]] > STRENGTH[remains["identity_status"]]:
        raise KeepTheChecked(into_id=str(goes["id"]))
    busy = await tx.fetchrow(queries.OVERLAPPING, goes["id"], remains["id"])
    if busy is not None:
        raise PatientBusy(
            appointment_id=str(busy["id"]), other_id=str(busy["other_id"]), start=busy["start"].isoformat()
        )


async def _move(tx: Tx, from_id: UUID, into_id: UUID) -> dict[str, JsonValue]:
    """By table, what went over: enough to bring it back."""
    moved: dict[str, JsonValue] = {}
    for table, following in queries.FOLLOWING.items():
        moved[table] = [str(row["id"]) for row in await tx.fetch(following.over, from_id, into_id)]
    for table, sql in _SPECIAL.items():
        ids = (from_id,) if sql == queries.PAIRS_OVER else (from_id, into_id)
        moved[table] = cast(JsonValue, await tx.fetchval(sql, *ids))
    return moved


async def undo(tx: Tx, merge_id: UUID) -> MergeOut:
    """Both files again, each with what was its own, and what has since been written about that; else what was written
    since stays with the one who remained.

    Refused: `ALREADY_UNDONE`, `LATER_MERGE` when a later one touches either file.
    """
    found = await tx.fetchrow(queries.READ, merge_id)
    if found is None:
        raise NotFound
    from_id, into_id = found["from_id"], found["into_id"]
    await _both(tx, from_id, into_id)
    row = await tx.fetchrow(queries.LOCKED, merge_id)
    assert row is not None
    if row["undone_at"] is not None:
        raise AlreadyUndone
    later = await tx.fetchval(queries.LATER, merge_id, from_id, into_id, row["at"])
    if later is not None:
        raise LaterMerge(merge_id=str(later))
    await _move_back(tx, from_id, into_id, row["moved"])
    stayed = await tx.fetch(queries.STAYED, into_id, row["at"])
    undone = await tx.fetchrow(queries.UNDO, merge_id, tx.now, tx.principal.sub)
    assert undone is not None
    tx.emit(PatientUnmerged(from_id=from_id, into_id=into_id), row["organisation_id"])
    _note(tx, "patient.unmerge", undone)
    return _out(undone, stayed)


async def _move_back(tx: Tx, from_id: UUID, into_id: UUID, moved: Moved) -> None:
    visits = [UUID(each) for each in cast(Sequence[str], moved["appointment"])]
    await tx.execute(queries.SINCE_BACK, from_id, into_id, visits)
    for table, following in queries.FOLLOWING.items():
        ids = [UUID(each) for each in cast(Sequence[str], moved[table])]
        if ids:
            await tx.execute(following.back, from_id, into_id, ids)
    await tx.execute(queries.SAID_BACK, from_id, into_id, visits)
    await tx.execute(queries.UNMERGE, from_id, into_id, moved["file"])
    await tx.execute(queries.CONTACTS_BACK, from_id, into_id, moved["contact"])
    await tx.execute(queries.RELATIONS_BACK, moved["relation"])
    await tx.execute(queries.DECLARED_BACK, moved["not_same_person"])
    await tx.execute(queries.PAIRS_BACK, moved["duplicate_pair"])


async def read(tx: Tx, merge_id: UUID) -> MergeOut:
    """One merge."""
    row = await tx.fetchrow(queries.READ, merge_id)
    if row is None:
        raise NotFound
    return _out(row)


async def history(tx: Tx, patient_id: UUID | None, after: str | None, limit: int) -> Page[MergeOut]:
    """Merges of the organisation, newest first, undone ones too; of one file if asked."""
    last = cursor.decode(after, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.HISTORY, *last, patient_id, limit + 1)
    shown = rows[:limit]
    following = cursor.encode(shown[-1]["at"], shown[-1]["id"]) if len(rows) > limit else None
    return Page(items=[_out(row) for row in shown], next_cursor=following)


def _note(tx: Tx, action: str, row: asyncpg.Record) -> None:
    """In the audit of both files."""
    for one, other in ((row["from_id"], row["into_id"]), (row["into_id"], row["from_id"])):
        tx.audit(action, "patient", one, row["organisation_id"], merge=str(row["id"]), other=str(other))


def _out(row: asyncpg.Record, stayed: Sequence[asyncpg.Record] = ()) -> MergeOut:
    kinds: dict[str, list[UUID]] = {}
    for each in stayed:
        kinds.setdefault(each["kind"], []).append(each["id"])
    values = {name: row[name] for name in MergeOut.model_fields if name in row}
    return MergeOut.model_validate(values | {"moved": _counts(row["moved"]), "stayed": kinds})


def _counts(moved: Moved) -> dict[str, int]:
    """How many rows of each kind went over; a contact that both had counts too."""
    counts = {table: len(cast(Sequence[str], moved[table])) for table in queries.FOLLOWING}
    contact = cast(Mapping[str, Sequence[str]], moved["contact"])
    relation = cast(Mapping[str, Sequence[str]], moved["relation"])
    counts |= {"contact": len(contact["went"]) + len(contact["dropped"]), "relation": len(relation["saved"])}
    return {kind: count for kind, count in counts.items() if count}
