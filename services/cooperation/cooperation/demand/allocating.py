"""Keeping packs for needs, and letting them go."""

from dataclasses import replace
from uuid import UUID

from cooperation.demand import queries
from cooperation.demand.rows import Allocation, AllocationEnd, Need
from cooperation.runs.rows import Run
from cooperation.trace.recording import add, change
from maillage.database import Tx
from maillage.ids import new_id


async def release_allocation(tx: Tx, run_id: UUID, why: AllocationEnd = "ended") -> None:
    """The pack of this run, locked by the caller, is kept for no need any more: it was used, aborted or blocked.
    Nothing happens when it was kept for none. The need is looked at again when the event of its cause is heard."""
    row = await tx.fetchrow(queries.LOCK_ALLOCATION_OF_RUN, run_id)
    if row is not None:
        await let_go(tx, Allocation.of(row), why)


async def let_go(tx: Tx, allocation: Allocation, why: AllocationEnd) -> Allocation:
    """Ends one allocation that the caller has locked."""
    ended = replace(allocation, ended_at=tx.now, ended_why=why)
    return await change(tx, allocation, ended, "allocation.ended", facts={"run_id": allocation.run_id, "why": why})


async def keep(tx: Tx, need: Need, run: Run, by: str) -> Allocation:
    """Keeps the pack of a locked run for a need. That it is kept for no other is the caller's to have looked at; the
    base refuses a second."""
    made = Allocation(
        id=new_id(),
        organisation_id=need.organisation_id,
        created_at=tx.now,
        group_id=need.group_id,
        need_id=need.id,
        run_id=run.id,
        made_by=by,
    )
    return await add(tx, made, "allocation.made", facts={"operation_id": need.operation_id})
