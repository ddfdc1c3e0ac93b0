"""What happens to a load before its record: packs go in and out, it starts, packs are seen when they come out.

Lock order: the load, then its runs by id. `at`: when it was done.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.cooperation import RunStage
from cooperation.blocks.looking import refuse_held
from cooperation.loads import queries
from cooperation.loads.errors import (
    AlreadyLoaded,
    DecisionFinal,
    LoadNotStarted,
    LoadStarted,
    NoOpenLoad,
    NotInLoad,
    OverCapacity,
    ProgrammeNotAllowed,
)
from cooperation.loads.rows import Load, LoadKind, LoadRun
from cooperation.machines.service import machine
from cooperation.runs.changing import locked, must_be
from cooperation.runs.rows import Run
from cooperation.trace.recording import add, change
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound

BEFORE: dict[LoadKind, RunStage] = {"washing": "received", "steam": "packed", "low_temperature": "packed"}
DURING: dict[LoadKind, RunStage] = {"washing": "washing", "steam": "sterilising", "low_temperature": "sterilising"}


async def load_locked(tx: Tx, load_id: UUID) -> Load:
    """The load, locked until the end of the transaction. Refused: `NOT_FOUND`, also of another group."""
    row = await tx.fetchrow(queries.LOCK, load_id)
    if row is None:
        raise NotFound
    return Load.of(row)


async def open_load_of(tx: Tx, machine_id: UUID) -> Load:
    """The machine's open load, locked. Refused: `NO_OPEN_LOAD`."""
    row = await tx.fetchrow(queries.LOCK_OPEN_OF_MACHINE, machine_id)
    if row is None:
        raise NoOpenLoad
    return Load.of(row)


def must_be_open(load: Load) -> None:
    """Refused: `LOAD_STARTED`, `DECISION_FINAL`."""
    if load.state in ("released", "rejected"):
        raise DecisionFinal(outcome=load.state)
    if load.state != "open":
        raise LoadStarted(load_id=str(load.id))


async def inside(tx: Tx, load: Load) -> list[LoadRun]:
    """What is in the load, by run."""
    return [LoadRun.of(row) for row in await tx.fetch(queries.IN_LOAD, load.id)]


async def all_inside(tx: Tx, load: Load) -> list[LoadRun]:
    """As `inside`, for what concerns the load whole. Refused: 403 `NOT_ALLOWED` for who does not reach each owner:
    the delegation of one has ended."""
    packs = await inside(tx, load)
    if len(packs) != await tx.fetchval(queries.SIZE, load.id):
        raise NotAllowed
    return packs


async def alive(tx: Tx, run_id: UUID) -> LoadRun | None:
    """Where the run is loaded, in a load that is not decided."""
    row = await tx.fetchrow(queries.ALIVE, run_id)
    return None if row is None else LoadRun.of(row)


async def put_in(tx: Tx, machine_id: UUID, run: Run, at: datetime) -> Load:
    """Into the machine's open load. Refused: `NO_OPEN_LOAD`, and as `put_into`."""
    load = await open_load_of(tx, machine_id)
    await put_into(tx, load, run, at)
    return load


async def put_into(tx: Tx, load: Load, run: Run, at: datetime) -> LoadRun:
    """A run goes into a locked load. Refused: `LOAD_STARTED`, `DECISION_FINAL`, `ALREADY_LOADED`, `WRONG_STAGE`,
    `ON_HOLD`, `PROGRAMME_NOT_ALLOWED`, `OVER_CAPACITY`."""
    must_be_open(load)
    run = await locked(tx, run.id)
    loaded = await alive(tx, run.id)
    if loaded is not None:
        raise AlreadyLoaded(load_id=str(loaded.load_id))
    must_be(run, BEFORE[load.kind])
    await refuse_held(tx, [run])
    await must_suit(tx, load, [run.id])
    capacity = (await machine(tx, load.machine_id)).capacity
    if len(await inside(tx, load)) >= capacity:
        raise OverCapacity(capacity=capacity)
    into = LoadRun(
        id=new_id(), organisation_id=run.organisation_id, created_at=tx.now, group_id=load.group_id, load_id=load.id,
        run_id=run.id, added_by=tx.principal.sub,
    )  # fmt: skip
    return await add(tx, into, "load_run.added", at=at)


async def take_out(tx: Tx, run: Run, at: datetime) -> LoadRun:
    """Out of the load that it is in, before the start. Refused: `NOT_IN_LOAD`, `LOAD_STARTED`."""
    loaded, load = await _of_run(tx, run.id)
    must_be_open(load)
    return await change(tx, loaded, replace(loaded, removed_at=at), "load_run.removed", at=at)


async def seen(
    tx: Tx, run: Run, at: datetime, *, clean: bool | None = None, intact: bool | None = None, dry: bool | None = None,
    good: Collection[str] = (),
) -> LoadRun:  # fmt: skip
    """What a person saw of a pack (intact, dry) or a washed set (clean) when it came out; what is None stays as it was,
    or is true where it is in `good` and nobody said anything yet: a plain scan does not take back what was seen to be
    torn. The last word counts, until the decision. Refused: `NOT_IN_LOAD`, `LOAD_NOT_STARTED`, `DECISION_FINAL`."""
    loaded, load = await _of_run(tx, run.id)
    if load.state == "open":
        raise LoadNotStarted
    if load.decided_at is not None:
        raise DecisionFinal(outcome=load.state)
    looked = replace(
        loaded,
        clean=_saw(loaded.clean, clean, "clean" in good),
        intact=_saw(loaded.intact, intact, "intact" in good),
        dry=_saw(loaded.dry, dry, "dry" in good),
        seen_at=at,
        seen_by=tx.principal.sub,
    )
    return await change(tx, loaded, looked, "load_run.seen", at=at)


def _saw(before: bool | None, said: bool | None, good: bool) -> bool | None:
    if said is None:
        return True if good and before is None else before
    return said


async def _of_run(tx: Tx, run_id: UUID) -> tuple[LoadRun, Load]:
    """Where the run is loaded, as it is once the load is locked."""
    first = await alive(tx, run_id)
    if first is None:
        raise NotInLoad
    load = await load_locked(tx, first.load_id)
    loaded = await alive(tx, run_id)
    if loaded is None or loaded.load_id != load.id:
        raise NotInLoad
    return loaded, load


async def must_suit(tx: Tx, load: Load, run_ids: Sequence[UUID]) -> None:
    """Each composition names the load's programme, each of its models bears it. Refused: `PROGRAMME_NOT_ALLOWED`."""
    programme = await tx.fetchrow(queries.PROGRAMME, load.programme_id, tx.now)
    assert programme is not None
    wrong = await tx.fetchrow(queries.PROGRAMME_WRONG, list(run_ids), load.kind, programme["code"])
    if wrong is not None:
        raise ProgrammeNotAllowed(programme=programme["code"], wanted=wrong["wanted"], run_id=str(wrong["id"]))
