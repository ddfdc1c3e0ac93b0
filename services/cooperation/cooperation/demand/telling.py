"""Promises of sets on their way, kept to see them move."""

from collections.abc import Sequence
from uuid import UUID

from contracts.cooperation import PromiseChanged
from cooperation.demand import queries
from cooperation.demand.domain import MOVED
from cooperation.demand.promising import Line, Promise
from cooperation.runs.rows import Run
from maillage.database import Tx


async def tell_promises(tx: Tx, organisation_id: UUID, state: Line, runs: Sequence[Run]) -> None:
    """Keeps the promise of each run that is not released yet, and tells those that are new or moved by more than ten
    minutes. Smaller moves are not kept either: many small ones add up to one that is told."""
    known = {row["run_id"]: row for row in await tx.fetch(queries.PROMISES, organisation_id)}
    moved: list[tuple[Run, Promise]] = []
    for run in runs:
        promise, before = state.promise(run), known.pop(run.id, None)
        if before is None or max(abs(promise.p50 - before["p50"]), abs(promise.p90 - before["p90"])) > MOVED:
            moved.append((run, promise))
    if known:
        await tx.execute(queries.FORGET_PROMISES, list(known))
    if not moved:
        return
    await tx.execute(
        queries.PUT_PROMISES,
        organisation_id,
        state.group.id,
        [run.id for run, _ in moved],
        [run.set_id for run, _ in moved],
        [run.stage for run, _ in moved],
        [promise.p50 for _, promise in moved],
        [promise.p90 for _, promise in moved],
        tx.now,
    )
    for run, promise in moved:
        tx.emit(_changed(tx, run, promise), organisation_id)


def _changed(tx: Tx, run: Run, promise: Promise) -> PromiseChanged:
    return PromiseChanged(
        run_id=run.id,
        request_id=None,
        state="reckoned",
        p50=promise.p50,
        p90=promise.p90,
        promised_at=None,
        at=tx.now,
    )
