"""Contact: from interventions over instruments to every later run and intervention."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from asyncpg import Record

from cooperation.holds import queries
from cooperation.holds.rows import Contact, ThingKind
from cooperation.holds.schemas import HoldIn
from cooperation.recalls.errors import ScopeEmpty
from cooperation.runs.changing import all_locked
from maillage.database import Tx
from maillage.refusals import FieldError


@dataclass(frozen=True, slots=True)
class Touched:
    """A thing reached, and how. `live`: something can still happen to it."""

    kind: ThingKind
    id: UUID
    owner_id: UUID
    group_id: UUID
    contact: Contact
    operation_ref: str | None
    live: bool


async def touched(tx: Tx, body: HoldIn) -> list[Touched]:
    """All that the hold names, each once. Runs still alive are locked, so that none is used meanwhile. Refused:
    `SCOPE_EMPTY`, with the pointer of what is not there."""
    found = await _named(tx, body)
    found += await _followed(tx, body)
    once = {each.id: each for each in reversed(found)}
    if not once:
        raise ScopeEmpty(pointer="/subjects")
    return list(once.values())


async def _named(tx: Tx, body: HoldIn) -> list[Touched]:
    by_kind = {kind: [each.id for each in body.subjects if each.kind == kind] for kind in _KINDS}
    await all_locked(tx, by_kind["run"])  # before they are read: one of them may just be used
    found = [_read(row) for row in await tx.fetch(queries.NAMED, *by_kind.values())]
    there = {each.id for each in found}
    _refuse("/subjects", [each.id in there for each in body.subjects])
    if body.kind == "prion":
        found += [_read(row) for row in await tx.fetch(queries.OF_SETS, by_kind["set"], by_kind["run"])]
    return found


async def _followed(tx: Tx, body: HoldIn) -> list[Touched]:
    """To the fixed point, and again once its live runs are locked: a use that came between has its own contacts."""
    if not body.operation_refs:
        return []
    owners = tx.principal.orgs or frozenset() if body.organisation_id is None else {body.organisation_id}
    given = (body.operation_refs, sorted(owners))
    known = {row["operation_ref"] for row in await tx.fetch(queries.OPERATIONS_KNOWN, *given)}
    _refuse("/operation_refs", [each in known for each in body.operation_refs])
    locked: set[UUID] = set()
    while True:
        runs = await tx.fetch(queries.CONTACT_RUNS, *given)
        first = [row["run_id"] for row in runs if row["is_first"]]
        rows = await tx.fetch(queries.CONTACTS, [row["run_id"] for row in runs], first)
        found = [_read(row) for row in rows]
        live = {each.id for each in found if each.kind == "run" and each.live}
        if live <= locked:
            return found
        await all_locked(tx, sorted(live))
        locked |= live


def _refuse(pointer: str, there: Sequence[bool]) -> None:
    missing = [FieldError(f"{pointer}/{n}", ScopeEmpty.code, ScopeEmpty.detail) for n, ok in enumerate(there) if not ok]
    if missing:
        raise ScopeEmpty(errors=missing)


_KINDS: tuple[ThingKind, ...] = ("set", "instrument", "run", "order_line")


def _read(row: Record) -> Touched:
    return Touched(
        cast(ThingKind, row["kind"]),
        row["id"],
        row["organisation_id"],
        row["group_id"],
        cast(Contact, row["contact"]),
        row["operation_ref"],
        row["live"],
    )
