"""The one way in which a run changes: row, trace, event, in one transaction.

Lock order everywhere: load, then runs by id, then crates by id, then the rest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.cooperation import RunStage, RunStageChanged
from cooperation.runs import queries
from cooperation.runs.errors import WrongStage
from cooperation.runs.rows import InstrumentSet, Run
from cooperation.trace.recording import Facts, add, change, change_many
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound


async def locked(tx: Tx, run_id: UUID) -> Run:
    """The run, locked until the end of the transaction. Refused: `NOT_FOUND`, also out of reach."""
    row = await tx.fetchrow(queries.LOCK, run_id)
    if row is None:
        raise NotFound
    return Run.of(row)


async def all_locked(tx: Tx, run_ids: Sequence[UUID]) -> list[Run]:
    """Those runs, locked in one order."""
    return [Run.of(row) for row in await tx.fetch(queries.LOCK_ALL, list(run_ids))]


async def live_of_set(tx: Tx, set_id: UUID) -> Run | None:
    """The run that the set is in, locked; None when the last has ended."""
    row = await tx.fetchrow(queries.LOCK_LIVE_OF_SET, set_id)
    return None if row is None else Run.of(row)


async def of_label(tx: Tx, label: str) -> Run | None:
    """The run whose pack has this SSCC (18 digits), locked, ended or not; None when there is none within reach."""
    row = await tx.fetchrow(queries.LOCK_OF_LABEL, label)
    return None if row is None else Run.of(row)


def must_be(run: Run, *stages: RunStage) -> None:
    """Refused: `WRONG_STAGE`."""
    if run.stage not in stages:
        raise WrongStage(stage=run.stage, allowed=list(stages))


async def open_run(
    tx: Tx, of: InstrumentSet, stage: RunStage, kind: str, at: datetime, *, opened_from: UUID | None = None,
    soak_from: datetime | None = None, facts: Facts | None = None,
) -> Run:  # fmt: skip
    """The next run of a set, `returning` or `received`, on its present composition. The caller has ended the last."""
    run = Run(
        id=new_id(),
        organisation_id=of.organisation_id,
        created_at=tx.now,
        group_id=of.group_id,
        set_id=of.id,
        composition_version_id=of.composition_version_id,
        stage=stage,
        stage_since=at,
        soak_from=soak_from,
        gaps=[],
        opened_from=opened_from,
    )
    await add(tx, run, kind, at=at, facts=facts)
    _tell(tx, None, run, of.composition_id)
    return run


async def happen(tx: Tx, before: Run, after: Run, kind: str, at: datetime, *, facts: Facts | None = None) -> Run:
    """Something happened to a locked run: `after` is how it is now (`replace(run, stage="washed")`); `stage_since` and
    `ended_at` follow. `at`: when it was done."""
    changed = await change(tx, before, _dated(before, after, at), kind, at=at, facts=facts)
    await _tell_changes(tx, [(before, changed)])
    return changed


async def happen_to_all(
    tx: Tx,
    changes: Sequence[tuple[Run, Run]],
    kind: str,
    at: datetime | Sequence[datetime],
    *,
    facts: Facts | None = None,
) -> list[Run]:
    """The same happened to many locked runs, as to all of a load: as `happen` for each `(before, after)`, in one
    statement. `at`: one for all, or one of each."""
    instants = at if isinstance(at, Sequence) else [at] * len(changes)
    dated = [(before, _dated(before, after, done)) for (before, after), done in zip(changes, instants, strict=True)]
    changed = await change_many(tx, dated, kind, at=at, facts=facts)
    await _tell_changes(tx, [(before, run) for (before, _), run in zip(changes, changed, strict=True)])
    return changed


async def restore(
    tx: Tx, before: Run, after: Run, kind: str, *, facts: Facts | None = None, corrects: UUID | None = None
) -> Run:
    """A locked run is set to what it should be, its instants included; who follows its stage learns it as of now."""
    changed = await change(tx, before, after, kind, facts=facts, corrects=corrects)
    await _tell_changes(tx, [(before, changed)], tx.now)
    return changed


def _dated(before: Run, after: Run, at: datetime) -> Run:
    if after.stage == before.stage:
        return after
    return replace(after, stage_since=at, ended_at=None if after.live else at)


async def _tell_changes(tx: Tx, changes: Sequence[tuple[Run, Run]], at: datetime | None = None) -> None:
    moved = [(before, run) for before, run in changes if run.stage != before.stage]
    if not moved:
        return
    versions = list({run.composition_version_id for _, run in moved})
    of_version = {row["id"]: row["composition_id"] for row in await tx.fetch(queries.COMPOSITIONS_OF, versions)}
    for before, run in moved:
        _tell(tx, before, run, of_version[run.composition_version_id], at)


def _tell(tx: Tx, before: Run | None, run: Run, composition_id: UUID, at: datetime | None = None) -> None:
    tx.emit(
        RunStageChanged(
            run_id=run.id,
            set_id=run.set_id,
            composition_id=composition_id,
            owner_id=run.organisation_id,
            before=before.stage if before else None,
            stage=run.stage,
            load_id=run.load_id,
            reason=run.end_reason,
            at=at or run.stage_since,
            version=run.version,
        ),
        run.organisation_id,
    )
