"""Needs against packs, for one hospital at a time: keeps packs for needs, says how each need stands, and tells what has
changed. The same again changes nothing, so that whatever happens to the line leads here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from contracts.cooperation import NeedChanged, NeedState
from cooperation.blocks.looking import blocks_of
from cooperation.demand import queries
from cooperation.demand.allocating import keep, let_go
from cooperation.demand.domain import MOVED, Pack, Wanted, allocate, foresee
from cooperation.demand.promising import Line, line
from cooperation.demand.rows import Allocation, AllocationEnd, Need
from cooperation.demand.telling import tell_promises
from cooperation.runs.changing import all_locked
from cooperation.runs.rows import Run
from cooperation.trace.recording import change
from maillage.database import Tx

WINDOW: Final = timedelta(days=8)
"""Packs are kept for operations from J-7 on."""
MOVED_SHORT: Final = timedelta(hours=1)
"""What is late anyway is not written again every ten minutes."""
OURSELVES: Final = "system:cooperation"


@dataclass(frozen=True, slots=True)
class Open:
    """A need of a planned operation; `used`: packs of it that were used in the operation already."""

    need: Need
    operation_ref: str
    site_id: UUID
    starts_at: datetime
    used: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is looked at, read in one go."""

    line: Line
    runs: Mapping[UUID, Run]
    blocked: frozenset[UUID]
    needs: Mapping[UUID, Open]
    allocations: Sequence[Allocation]
    refused: Mapping[UUID, frozenset[UUID]]
    promised: Mapping[UUID, str]
    known: dict[tuple[UUID, UUID], tuple[datetime, datetime]] = field(default_factory=dict)
    """Arrivals already reckoned, by run and site."""

    def deadline(self, need: Open) -> datetime:
        """When its packs must be at the site."""
        return need.starts_at - timedelta(minutes=self.line.group.parameters.theatre_before_min)

    def arrival(self, run_id: UUID, site_id: UUID) -> tuple[datetime, datetime]:
        """p50 and p90 of a run at a site."""
        found = self.known.get((run_id, site_id))
        if found is None:
            promise = self.line.promise(self.runs[run_id], site_id)
            found = self.known[run_id, site_id] = (promise.p50, promise.p90)
        return found


async def reckon(tx: Tx, organisation_id: UUID, group_id: UUID) -> None:
    """Brings allocations, states of needs and promises of one hospital up to the present."""
    await tx.execute(queries.ALONE, organisation_id)
    seen = await _look(tx, organisation_id, group_id)
    ending = {allocation.run_id: why for allocation in seen.allocations if (why := _why_end(seen, allocation))}
    kept = _enough(seen, ending)
    wanted = [_wanted(seen, need, kept.get(need.need.id, 0)) for need in seen.needs.values()]
    taken = {allocation.run_id for allocation in seen.allocations if allocation.run_id not in ending}
    packs = [_pack(seen, run) for run in seen.runs.values() if run.id not in taken and run.id not in seen.blocked]
    made = await _apply(tx, seen, ending, allocate(wanted, packs, seen.arrival))
    met = Counter(need_id for need_id, _ in made)
    left = [replace(need, missing=need.missing - met[need.need_id]) for need in wanted]
    used = {run_id for _, run_id in made}
    await _say(tx, seen, foresee(left, [pack for pack in packs if pack.run_id not in used], seen.arrival))
    await tell_promises(tx, organisation_id, seen.line, [run for run in seen.runs.values() if run.stage != "released"])


async def _look(tx: Tx, organisation_id: UUID, group_id: UUID) -> Picture:
    needs = [_open(row) for row in await tx.fetch(queries.OPEN_NEEDS, organisation_id, tx.now + WINDOW)]
    runs = [Run.of(row) for row in await tx.fetch(queries.LIVE_RUNS, organisation_id)]
    state = await line(tx, group_id, runs)
    blocks = await blocks_of(tx, runs, state.group.day(tx.now))
    refused: dict[UUID, set[UUID]] = {}
    for row in await tx.fetch(queries.TAKEN_BACK, [each.need.id for each in needs]):
        refused.setdefault(row["need_id"], set()).add(row["run_id"])
    return Picture(
        line=state,
        runs={run.id: run for run in runs},
        blocked=frozenset(block.subject_id for block in blocks),
        needs={each.need.id: each for each in needs},
        allocations=[Allocation.of(row) for row in await tx.fetch(queries.LIVE_ALLOCATIONS, organisation_id)],
        refused={need_id: frozenset(runs) for need_id, runs in refused.items()},
        promised={
            row["run_id"]: row["operation_ref"] for row in await tx.fetch(queries.PROMISED_RUNS, organisation_id)
        },
    )


def _open(row: Record) -> Open:
    need = Need(**{name: row[name] for name in Need.columns()})
    return Open(need, row["operation_ref"], row["site_id"], row["starts_at"], row["used"])


def _why_end(seen: Picture, allocation: Allocation) -> AllocationEnd | None:
    """Why a pack cannot be kept any longer; None when it can. What a person has kept is not taken away for being late:
    he may know of a car."""
    need, run = seen.needs.get(allocation.need_id), seen.runs.get(allocation.run_id)
    if need is None:
        return "need_gone"
    if run is None or run.stage != "released":
        return "ended"
    day = seen.line.group.day(need.starts_at)
    if run.id in seen.blocked or (run.expires_on is not None and run.expires_on < day):
        return "blocked"
    promise, deadline = seen.line.promise(run, need.site_id), seen.deadline(need)
    late = promise.p90 > max(deadline, seen.line.now)
    return "too_late" if late and allocation.made_by == OURSELVES else None


def _enough(seen: Picture, ending: dict[UUID, AllocationEnd]) -> dict[UUID, int]:
    """How many packs each need keeps, those that a person chose before others; those beyond its quantity are added to
    `ending`."""
    kept: dict[UUID, int] = {}
    for allocation in sorted(seen.allocations, key=lambda each: each.made_by == OURSELVES):
        if allocation.run_id in ending:
            continue
        need = seen.needs[allocation.need_id]
        if kept.get(need.need.id, 0) + need.used >= need.need.quantity:
            ending[allocation.run_id] = "need_gone"
        else:
            kept[need.need.id] = kept.get(need.need.id, 0) + 1
    return kept


def _wanted(seen: Picture, need: Open, kept: int) -> Wanted:
    return Wanted(
        need_id=need.need.id,
        operation_ref=need.operation_ref,
        composition_id=need.need.composition_id,
        site_id=need.site_id,
        deadline=seen.deadline(need),
        day=seen.line.group.day(need.starts_at),
        missing=max(need.need.quantity - need.used - kept, 0),
        refused=seen.refused.get(need.need.id, frozenset()),
    )


def _pack(seen: Picture, run: Run) -> Pack:
    return Pack(
        run_id=run.id,
        composition_id=seen.line.sets[run.set_id].composition_id,
        released=run.stage == "released",
        expires_on=run.expires_on,
        site_id=seen.line.sites.get(run.set_id),
        reserved=seen.promised.get(run.id),
    )


async def _apply(
    tx: Tx, seen: Picture, ending: Mapping[UUID, AllocationEnd], making: Sequence[tuple[UUID, UUID]]
) -> list[tuple[UUID, UUID]]:
    """Runs are locked first, by id, as everywhere; what became of them since they were looked at is looked at again."""
    if not ending and not making:
        return []
    runs = {run.id: run for run in await all_locked(tx, [*ending, *(run_id for _, run_id in making)])}
    for row in await tx.fetch(queries.LOCK_ALLOCATIONS, list(ending)):
        await let_go(tx, Allocation.of(row), ending[row["run_id"]])
    made = [(need_id, run_id) for need_id, run_id in making if runs[run_id].stage == "released"]
    for need_id, run_id in made:
        await keep(tx, seen.needs[need_id].need, runs[run_id], OURSELVES)
    return made


async def _say(tx: Tx, seen: Picture, found: Mapping[UUID, tuple[NeedState, datetime | None]]) -> None:
    for need_id, (state, p90) in found.items():
        each = seen.needs[need_id]
        before = each.need
        if state == before.state and not _moved(before.p90, p90, MOVED if state != "short" else MOVED_SHORT):
            continue
        need = await change(tx, before, replace(before, state=state, p90=p90), f"need.{state}")
        if state != before.state:
            tell_need(tx, need, each.operation_ref)


def tell_need(tx: Tx, need: Need, operation_ref: str) -> None:
    """The event of a need as it stands."""
    tx.emit(
        NeedChanged(
            need_id=need.id,
            operation_ref=operation_ref,
            composition_id=need.composition_id,
            quantity=need.quantity,
            state=need.state,
            p90=need.p90,
            at=tx.now,
        ),
        need.organisation_id,
    )


def _moved(before: datetime | None, after: datetime | None, least: timedelta) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) > least
