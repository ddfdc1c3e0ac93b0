"""Use cases of the operating programme: operations with what they need, packs kept by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from cooperation.blocks.looking import refuse_blocked
from cooperation.demand import queries
from cooperation.demand.allocating import keep, let_go
from cooperation.demand.errors import (
    CompositionDiffers,
    ItemTwice,
    NeedCovered,
    OperationDone,
    RunAllocated,
)
from cooperation.demand.reading import operation_out
from cooperation.demand.reckoning import OURSELVES, reckon, tell_need
from cooperation.demand.rows import Allocation, Need, Operation
from cooperation.demand.schemas import AllocationIn, AllocationOut, ItemIn, OperationIn, OperationOut
from cooperation.members.errors import ReferenceUnknown
from cooperation.members.parameters import group
from cooperation.runs.changing import all_locked, must_be
from cooperation.trace.recording import add, change
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound

Stored = Literal["created", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Planned:
    """An operation as it is to be; `needs`: quantity by composition."""

    organisation_id: UUID
    group_id: UUID
    operation_ref: str
    body: OperationIn
    needs: dict[UUID, int]


async def put_operation(tx: Tx, operation_ref: str, body: OperationIn) -> OperationOut:
    """The operation as the hospital has it now. Told again: nothing changes. Refused: `OPERATION_DONE`,
    `REFERENCE_UNKNOWN`, `ITEM_TWICE`."""
    owner_id, group_id = await owner_of(tx, body.site_id)
    known = await known_compositions(tx, owner_id, [item.composition for item in body.items])
    needs = named(known, body.items)
    await tx.execute(queries.ALONE, owner_id)
    if await store(tx, Planned(owner_id, group_id, operation_ref, body, needs)) != "unchanged":
        await reckon(tx, owner_id, group_id)
    row = await tx.fetchrow(queries.LOCK_OPERATION, owner_id, operation_ref)
    assert row is not None
    return await operation_out(tx, row)


async def cancel_operation(tx: Tx, operation_ref: str) -> None:
    """Takes it off the programme; its packs are free again. Told again: nothing changes. Refused: `NOT_FOUND`,
    `OPERATION_DONE`."""
    rows = await tx.fetch(queries.LOCK_OPERATIONS, operation_ref)
    if len(rows) != 1:
        raise NotFound
    operation = Operation.of(rows[0])
    if operation.state == "done":
        raise OperationDone
    if operation.state == "cancelled":
        return
    await tx.execute(queries.ALONE, operation.organisation_id)
    await change(tx, operation, replace(operation, state="cancelled"), "operation.cancelled")
    await _set_needs(tx, operation, {})
    await reckon(tx, operation.organisation_id, operation.group_id)


async def allocate_run(tx: Tx, body: AllocationIn) -> AllocationOut:
    """Keeps a pack for a need by hand. Refused: `REFERENCE_UNKNOWN`, `OPERATION_DONE`, `COMPOSITION_DIFFERS`,
    `WRONG_STAGE`, `ON_HOLD`, `RECALLED`, `EXPIRED` on the day of the operation, `RUN_ALLOCATED`, `NEED_COVERED`."""
    row = await tx.fetchrow(queries.GROUP_OF_NEED, body.need_id)
    if row is None or row["quantity"] == 0:
        raise ReferenceUnknown(pointer="/need_id")
    if row["operation_state"] != "planned":
        raise OperationDone
    need = Need(**{name: row[name] for name in Need.columns()})
    await tx.execute(queries.ALONE, need.organisation_id)
    runs = await all_locked(tx, [body.run_id])
    if not runs or runs[0].organisation_id != need.organisation_id:
        raise ReferenceUnknown(pointer="/run_id")
    run, day = runs[0], (await group(tx, need.group_id)).day(row["starts_at"])
    must_be(run, "released")
    if await tx.fetchval(queries.COMPOSITION_OF, run.composition_version_id) != need.composition_id:
        raise CompositionDiffers(pointer="/run_id")
    await refuse_blocked(tx, [run], day)
    await _free(tx, need, run.id)
    made = await keep(tx, need, run, tx.principal.sub)
    await reckon(tx, need.organisation_id, need.group_id)
    return allocation_out(made)


async def take_back_allocation(tx: Tx, allocation_id: UUID) -> None:
    """Frees a pack; it is not kept for the same need again by itself. Told again: nothing changes."""
    row = await tx.fetchrow(queries.ALLOCATION, allocation_id)
    if row is None:
        raise NotFound
    await tx.execute(queries.ALONE, row["organisation_id"])
    await all_locked(tx, [row["run_id"]])
    live = await tx.fetchrow(queries.LOCK_ALLOCATION_OF_RUN, row["run_id"])
    if live is not None and live["id"] == allocation_id:
        allocation = Allocation.of(live)
        await let_go(tx, allocation, "taken_back")
        await reckon(tx, allocation.organisation_id, allocation.group_id)


async def owner_of(tx: Tx, site_id: UUID) -> tuple[UUID, UUID]:
    """The member whose hospital it is, and its group. Sites are read by all of the group; whose programme it is, only
    by those who reach that member. Refused: `REFERENCE_UNKNOWN`."""
    row = await tx.fetchrow(queries.SITE, site_id)
    reached = tx.principal.orgs
    if row is None or (reached is not None and row["organisation_id"] not in reached):
        raise ReferenceUnknown(pointer="/site_id")
    return row["organisation_id"], row["group_id"]


async def known_compositions(tx: Tx, owner_id: UUID, names: Sequence[str]) -> dict[str, UUID]:
    """The owner's compositions by their code and by their id."""
    ids = [named for name in names if (named := _uuid(name))]
    known: dict[str, UUID] = {}
    for row in await tx.fetch(queries.COMPOSITIONS, owner_id, list(names), ids):
        known |= {row["code"]: row["id"], str(row["id"]): row["id"]}
    return known


async def store(tx: Tx, planned: Planned) -> Stored:
    """Row and needs of an operation, without matching packs to them. Refused: `OPERATION_DONE`."""
    body = planned.body
    row = await tx.fetchrow(queries.LOCK_OPERATION, planned.organisation_id, planned.operation_ref)
    if row is None:
        made = Operation(
            id=new_id(),
            organisation_id=planned.organisation_id,
            created_at=tx.now,
            group_id=planned.group_id,
            operation_ref=planned.operation_ref,
            site_id=body.site_id,
            theatre=body.theatre,
            starts_at=body.starts_at,
        )
        await add(tx, made, "operation.planned")
        await _set_needs(tx, made, planned.needs)
        return "created"
    before = Operation.of(row)
    after = replace(
        before, site_id=body.site_id, theatre=body.theatre, starts_at=body.starts_at,
        state="planned" if before.state == "cancelled" else before.state,
    )  # fmt: skip
    if before != after and before.state == "done":
        raise OperationDone
    if before != after:
        after = await change(tx, before, after, "operation.planned")
    moved = await _set_needs(tx, after, planned.needs)
    return "changed" if moved or before != after else "unchanged"


async def _set_needs(tx: Tx, operation: Operation, wanted: dict[UUID, int]) -> bool:
    known = {row["composition_id"]: Need.of(row) for row in await tx.fetch(queries.NEEDS_OF, operation.id)}
    moved = False
    for composition_id in {**known, **wanted}:
        quantity, before = wanted.get(composition_id, 0), known.get(composition_id)
        if before is not None and before.quantity == quantity:
            continue
        if operation.state == "done":
            raise OperationDone
        moved = True
        if before is not None:
            need = await change(tx, before, replace(before, quantity=quantity), "need.changed")
        else:
            need = Need(
                id=new_id(),
                organisation_id=operation.organisation_id,
                created_at=tx.now,
                group_id=operation.group_id,
                operation_id=operation.id,
                composition_id=composition_id,
                quantity=quantity,
            )
            await add(tx, need, "need.asked")
        tell_need(tx, need, operation.operation_ref)
    return moved


def named(known: Mapping[str, UUID], items: Sequence[ItemIn]) -> dict[UUID, int]:
    """Quantity by composition. Refused: `REFERENCE_UNKNOWN`, `ITEM_TWICE`."""
    needs: dict[UUID, int] = {}
    for place, item in enumerate(items):
        composition_id = known.get(item.composition) or known.get(item.composition.lower())
        if composition_id is None:
            raise ReferenceUnknown(pointer=f"/items/{place}/composition")
        if composition_id in needs:
            raise ItemTwice(pointer=f"/items/{place}/composition")
        needs[composition_id] = item.quantity
    return needs


async def _free(tx: Tx, need: Need, run_id: UUID) -> None:
    """Refused: `RUN_ALLOCATED`, `NEED_COVERED`. A pack that was kept for the need by itself makes place."""
    live = await tx.fetchrow(queries.LOCK_ALLOCATION_OF_RUN, run_id)
    if live is not None:
        raise RunAllocated(allocation_id=str(live["id"]), need_id=str(live["need_id"]))
    kept = [Allocation.of(row) for row in await tx.fetch(queries.ALLOCATIONS_OF_NEED, need.id)]
    if sum(each.made_by != OURSELVES for each in kept) >= need.quantity:
        raise NeedCovered


def allocation_out(row: Allocation) -> AllocationOut:
    """As it travels."""
    return AllocationOut(id=row.id, need_id=row.need_id, run_id=row.run_id, ended_at=row.ended_at, version=row.version)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
