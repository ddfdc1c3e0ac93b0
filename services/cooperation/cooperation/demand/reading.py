"""Use cases that read: operations, needs against packs, promises. A constant number of queries each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from contracts.cooperation import NeedState
from cooperation.blocks.looking import blocks_of
from cooperation.demand import queries
from cooperation.demand.promising import Line, Promise, line
from cooperation.demand.schemas import (
    AllocationBrief,
    CandidateOut,
    NeedFile,
    NeedOut,
    OperationOut,
    PromiseOut,
    StepOut,
)
from cooperation.members.keeping import after
from cooperation.members.parameters import Group, group, own_group
from cooperation.runs.errors import WrongStage
from cooperation.runs.rows import LIVE, Run
from maillage import cursor
from maillage.database import Tx
from maillage.refusals import Invalid, NotFound
from maillage.wire import Page

AHEAD = timedelta(days=8)
LONGEST = timedelta(days=400)


async def operations(
    tx: Tx, since: datetime | None, until: datetime | None, given: str | None, limit: int
) -> Page[OperationOut]:
    """The programme, the earliest first: from now on for eight days unless said. Refused: `INVALID` for an end before
    the start."""
    since, until = _span(tx, since, until)
    last = cursor.decode(given, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.OPERATIONS, since, until, *last, limit + 1)
    shown = rows[:limit]
    needs = await tx.fetch(queries.NEEDS_OF_OPERATIONS, [row["id"] for row in shown])
    about = await own_group(tx) if needs else None
    items = [
        _operation(row, [_need(each, about) for each in needs if each["operation_id"] == row["id"]]) for row in shown
    ]
    more = cursor.encode(shown[-1]["starts_at"], shown[-1]["id"]) if len(rows) > limit else None
    return Page[OperationOut](items=items, next_cursor=more)


async def operation(tx: Tx, operation_ref: str) -> OperationOut:
    """One operation. Refused: `NOT_FOUND`."""
    rows = await tx.fetch(queries.OPERATION, operation_ref)
    if len(rows) != 1:
        raise NotFound
    return await operation_out(tx, rows[0])


async def operation_out(tx: Tx, row: Record) -> OperationOut:
    """One operation's row as it travels."""
    needs = await tx.fetch(queries.NEEDS_OF_OPERATIONS, [row["id"]])
    about = await group(tx, row["group_id"])
    return _operation(row, [_need(each, about) for each in needs])


async def needs(
    tx: Tx, since: datetime | None, until: datetime | None, state: NeedState | None, composition_id: UUID | None,
    given: str | None, limit: int,
) -> Page[NeedOut]:  # fmt: skip
    """Needs, the earliest operation first. Refused: `INVALID` for an end before the start."""
    since, until = _span(tx, since, until)
    last = cursor.decode(given, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.NEEDS, since, until, state, composition_id, *last, limit + 1)
    shown = rows[:limit]
    about = await own_group(tx) if shown else None
    more = cursor.encode(shown[-1]["starts_at"], shown[-1]["id"]) if len(rows) > limit else None
    return Page[NeedOut](items=[_need(row, about) for row in shown], next_cursor=more)


async def need(tx: Tx, need_id: UUID) -> NeedFile:
    """One need and every run that could serve it. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.NEED, need_id)
    if row is None:
        raise NotFound
    runs = [Run.of(each) for each in await tx.fetch(queries.RUNS_OF_COMPOSITION, row["composition_id"])]
    state = await line(tx, row["group_id"], runs)
    blocked = {block.subject_id for block in await blocks_of(tx, runs, state.group.day(row["starts_at"]))}
    kept = await tx.fetch(queries.ALLOCATED_TO, [run.id for run in runs])
    allocated = {each["run_id"]: each["need_id"] for each in kept}
    candidates = [_candidate(state, run, row["site_id"], allocated) for run in runs if run.id not in blocked]
    candidates.sort(key=lambda each: (each.p90, each.run_id))
    return NeedFile(**dict(_need(row, state.group)), candidates=candidates)


async def promise(tx: Tx, run_id: UUID) -> PromiseOut:
    """When the set of a live run will be at its home site, stage by stage. Refused: `NOT_FOUND`, `WRONG_STAGE` for a
    run that has ended."""
    row = await tx.fetchrow(queries.RUN, run_id)
    if row is None:
        raise NotFound
    run = Run.of(row)
    if not run.live:
        raise WrongStage(stage=run.stage, allowed=[*sorted(LIVE)])
    return _promise(run, (await line(tx, run.group_id, [run])).promise(run))


async def promises(tx: Tx, site_id: UUID | None, given: str | None, limit: int) -> Page[PromiseOut]:
    """Of every live run within reach, or of those whose home is that site."""
    runs = [Run.of(row) for row in await tx.fetch(queries.LIVE_RUNS_PAGE, after(given), site_id, limit + 1)]
    if not runs:
        return Page[PromiseOut](items=[])
    shown = runs[:limit]
    state = await line(tx, shown[0].group_id, shown)
    more = cursor.encode(shown[-1].id) if len(runs) > limit else None
    return Page[PromiseOut](items=[_promise(run, state.promise(run)) for run in shown], next_cursor=more)


def _span(tx: Tx, since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    since = since or tx.now
    until = until or since + AHEAD
    if until < since or until - since > LONGEST:
        raise Invalid(pointer="?to")
    return since, until


def _need(row: Record, about: Group | None) -> NeedOut:
    before = timedelta(minutes=about.parameters.theatre_before_min) if about else timedelta()
    own = {name: row[name] for name in NeedOut.model_fields if name not in ("deadline", "allocations")}
    kept = [AllocationBrief.model_validate(each) for each in row["allocations"]]
    return NeedOut(**own, deadline=row["starts_at"] - before, allocations=kept)


def _operation(row: Record, needs: Sequence[NeedOut]) -> OperationOut:
    own = {name: row[name] for name in OperationOut.model_fields if name != "needs"}
    return OperationOut(**own, needs=list(needs))


def _candidate(state: Line, run: Run, site_id: UUID, allocated: dict[UUID, UUID]) -> CandidateOut:
    there = state.promise(run, site_id)
    return CandidateOut(
        run_id=run.id,
        set_id=run.set_id,
        stage=run.stage,
        expires_on=run.expires_on,
        p50=there.p50,
        p90=there.p90,
        allocated_to=allocated.get(run.id),
    )


def _promise(run: Run, found: Promise) -> PromiseOut:
    return PromiseOut(
        run_id=run.id,
        set_id=run.set_id,
        stage=run.stage,
        site_id=found.site_id,
        p50=found.p50,
        p90=found.p90,
        ready_p50=found.ready_p50,
        ready_p90=found.ready_p90,
        steps=[
            StepOut(
                stage=step.stage,
                p50_min=round(step.p50_s / 60, 1),
                p90_min=round(step.p90_s / 60, 1),
                observations=step.observations,
            )
            for step in found.steps
        ],
    )
