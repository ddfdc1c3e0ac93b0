"""Reference rows: listed, shown, added, changed, retired, all in the same way; never deleted, for old traces name them.

A `Collection` says what is special about one table. `columns` turns what was given into columns, and refuses what does
not fit: names of other rows go through `referenced`, so that nothing of another group is ever named.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

import asyncpg
from asyncpg import Record

from cooperation.members import queries
from cooperation.members.errors import AlreadyRetired, InUse, KnownAlready, ReferenceUnknown
from cooperation.members.keeping import after, paged, present, wire
from cooperation.members.parameters import Group, staffed_group
from cooperation.trace.recording import add, change
from cooperation.trace.rows import Traced
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Refusal, TimeInvalid
from maillage.wire import Page, Patch, Wire

I = TypeVar("I", bound=Wire)  # noqa: E741
P = TypeVar("P", bound=Patch)
O = TypeVar("O", bound=Wire)  # noqa: E741
Values = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """One addition or change: the caller's group, what was given by name, the row that changes (None: a new one)."""

    tx: Tx
    group: Group
    given: Values
    row: Record | None


async def as_given(making: Making) -> Values:
    """Columns that are named and typed as the fields are."""
    return dict(making.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Generic[I, P, O]):
    """`one`: its table, and its name in operations and in the audit; `many`: in the address. `columns`: what was given,
    as columns; it writes first what the row stands on. `of`: the column that lists are narrowed by. `also`: further
    columns of the answer. `taken`: refusals by constraint. `traced`: its class when its changes are traced. `made`,
    `retired`: what follows."""

    one: str
    many: str
    given: type[I]
    patch: type[P]
    shown: type[O]
    columns: Callable[[Making], Awaitable[Values]] = as_given
    of: str = "organisation_id"
    also: str = ""
    taken: Mapping[str, type[Refusal]] = field(default_factory=dict)
    traced: type[Traced] | None = None
    made: Callable[[Making, UUID], Awaitable[None]] | None = None
    retired: Callable[[Tx, UUID], Awaitable[None]] | None = None
    grouped: bool = True
    """Whether the table has `group_id`."""


async def referenced(making: Making, table: str, name: str, *ids: UUID) -> Sequence[Record]:
    """The rows that the body's field `name` names, alive, of the caller's group, by id; they stay alive until the end
    of the transaction. Refused: `REFERENCE_UNKNOWN`."""
    rows = await making.tx.fetch(queries.referring(table), sorted(set(ids)))
    if len(rows) != len(set(ids)) or any(row["group_id"] != making.group.id for row in rows):
        raise ReferenceUnknown(pointer=f"/{name}")
    return rows


async def owner_of(making: Making) -> UUID:
    """Whose the new row is: of the member named by `owner_id`, else of the group. Refused: `REFERENCE_UNKNOWN`."""
    owner = making.given.get("owner_id") or making.group.id
    assert isinstance(owner, UUID)
    if owner != making.group.id and not await making.tx.fetchval(queries.IS_MEMBER, owner, making.group.id):
        raise ReferenceUnknown(pointer="/owner_id")
    return owner


async def listed(
    tx: Tx, kept: Collection[I, P, O], of: UUID | None, retired: bool, given: str | None, limit: int
) -> Page[O]:
    """One page by id of what the caller reaches. Refused: `CURSOR_INVALID`."""
    rows = await tx.fetch(queries.listing(kept.one, kept.also, kept.of), after(given), of, retired, limit + 1)
    return paged(kept.shown, rows, limit)


async def shown(tx: Tx, kept: Collection[I, P, O], row_id: UUID) -> O:
    """One row. Refused: `NOT_FOUND`."""
    return wire(kept.shown, await tx.fetchrow(queries.one(kept.one, kept.also), row_id))


async def added(tx: Tx, kept: Collection[I, P, O], body: I) -> O:
    """A new row of the caller's group. Refused: `REFERENCE_UNKNOWN`, and what the collection says is taken."""
    group = await staffed_group(tx)
    making = Making(tx=tx, group=group, given=body.model_dump(), row=None)
    values: Values = {"id": new_id(), "organisation_id": group.id, "group_id": group.id, "created_at": tx.now}
    values |= await kept.columns(making)
    if not kept.grouped:
        del values["group_id"]
    row_id = values["id"]
    assert isinstance(row_id, UUID)
    await _written(kept, _insert(tx, kept, values))
    if kept.made is not None:
        await kept.made(making, row_id)
    return await _told(tx, kept, row_id, "added")


async def changed(tx: Tx, kept: Collection[I, P, O], row_id: UUID, body: P, if_match: int | None) -> O:
    """What is given changes, null empties, what is left out stays. Refused: `NOT_FOUND`, `VERSION_STALE`, `RETIRED`,
    and as for a new row."""
    row = await _alive(tx, kept, row_id, if_match)
    given = {name: value for name, value in body.model_dump().items() if name in body.model_fields_set}
    making = Making(tx=tx, group=await staffed_group(tx), given=given, row=row)
    values = await kept.columns(making)
    if values or (making.given and kept.traced):
        await _written(kept, _update(tx, kept, row, values, "changed"))
    return await _told(tx, kept, row_id, "changed")


async def retired(tx: Tx, kept: Collection[I, P, O], row_id: UUID, if_match: int | None) -> O:
    """From now on it is not named by anything new. Refused: `NOT_FOUND`, `VERSION_STALE`, `RETIRED`, `IN_USE`."""
    await staffed_group(tx)
    row = await _alive(tx, kept, row_id, if_match)
    stands = queries.stands_on(kept.one)
    if stands is not None and await tx.fetchval(stands, row_id):
        raise InUse
    await _update(tx, kept, row, {"retired_at": tx.now}, "retired")
    if kept.retired is not None:
        await kept.retired(tx, row_id)
    return await _told(tx, kept, row_id, "retired")


async def _alive(tx: Tx, kept: Collection[I, P, O], row_id: UUID, if_match: int | None) -> Record:
    row = present(await tx.fetchrow(queries.locking(kept.one), row_id), if_match)
    if row["retired_at"] is not None:
        raise AlreadyRetired
    return row


async def _insert(tx: Tx, kept: Collection[I, P, O], values: Values) -> None:
    if kept.traced is not None:
        await add(tx, kept.traced(**values), f"{kept.one}.added")  # type: ignore[arg-type]
    else:
        await tx.execute(queries.adding(kept.one, tuple(values)), *values.values())


async def _update(tx: Tx, kept: Collection[I, P, O], row: Record, values: Values, what: str) -> None:
    if kept.traced is not None:
        before = kept.traced.of(row)
        await change(tx, before, replace(before, **values), f"{kept.one}.{what}")  # type: ignore[arg-type]
    else:
        await tx.execute(queries.changing(kept.one, tuple(values)), row["id"], *values.values())


async def _written(kept: Collection[I, P, O], writing: Awaitable[None]) -> None:
    try:
        await writing
    except (asyncpg.UniqueViolationError, asyncpg.ExclusionViolationError) as twice:
        raise kept.taken.get(str(twice.constraint_name), KnownAlready) from twice


async def _told(tx: Tx, kept: Collection[I, P, O], row_id: UUID, what: str) -> O:
    row = await tx.fetchrow(queries.one(kept.one, kept.also), row_id)
    assert row is not None
    if kept.traced is None:
        tx.audit(f"{kept.one}.{what}", kept.one, row_id, row["organisation_id"], version=row["version"])
    return wire(kept.shown, row)


def span(making: Making, *, least: datetime | None = None) -> Values:
    """`valid_from` and `valid_to` as the column `valid`, the rest as given. Refused: `TIME_INVALID` when it ends before
    it begins, or before `least`."""
    values = dict(making.given)
    known = making.row["valid"] if making.row is not None else asyncpg.Range(empty=True)
    begins, ends = values.pop("valid_from", known.lower), values.pop("valid_to", known.upper)
    assert isinstance(begins, datetime)
    assert ends is None or isinstance(ends, datetime)
    if ends is not None and (ends <= begins or (least is not None and ends < least)):
        raise TimeInvalid(pointer="/valid_to")
    if making.row is None or ends != known.upper:
        values["valid"] = asyncpg.Range(begins, ends)
    return values
