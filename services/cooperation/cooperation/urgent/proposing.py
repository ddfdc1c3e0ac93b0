"""Which set could be there soonest, and whom it passes over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cooperation.blocks.looking import blocks_of
from cooperation.demand.promising import line
from cooperation.runs.rows import Run
from cooperation.urgent import queries
from cooperation.urgent.rows import UrgentRequest
from maillage.database import Tx


@dataclass(frozen=True, slots=True)
class Proposal:
    """One run, when it would be there, and the runs that wait at its stage since longer."""

    run: Run
    p50: datetime
    p90: datetime
    delayed: list[dict[str, object]]


async def propose(tx: Tx, request: UrgentRequest, run_id: UUID | None = None) -> Proposal | None:
    """The run with the earliest p90 at the site, or the one that is named; None when none is free and unblocked.
    Whom it passes over is seen as far as the caller reaches: the plant sees all."""
    found = [Run.of(row) for row in await tx.fetch(queries.FREE_RUNS, request.composition_id, request.id)]
    runs = [run for run in found if run_id is None or run.id == run_id]
    if not runs:
        return None
    state = await line(tx, request.group_id, runs)
    blocked = {block.subject_id for block in await blocks_of(tx, runs, state.group.day(request.needed_at))}
    there = {run.id: state.promise(run, request.site_id) for run in runs if run.id not in blocked}
    if not there:
        return None
    best = min((run for run in runs if run.id in there), key=lambda run: (there[run.id].p90, there[run.id].p50, run.id))
    passed = await tx.fetch(queries.PASSED_OVER, best.group_id, best.stage, best.stage_since, best.id)
    delayed: list[dict[str, object]] = [{"run_id": str(row["run_id"]), "set_id": str(row["set_id"])} for row in passed]
    return Proposal(best, there[best.id].p50, there[best.id].p90, delayed)
