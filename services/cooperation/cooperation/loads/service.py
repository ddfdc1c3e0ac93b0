"""Use cases of loads up to their start, and how a load is shown."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from cooperation.blocks.looking import refuse_held
from cooperation.loads import acts, evidence, queries
from cooperation.loads.errors import (
    CycleTaken,
    LoadEmpty,
    LoadOpen,
    MachineNotReady,
    NotInLoad,
    ProgrammeNotAllowed,
    ProgrammeNotValid,
    TestFailed,
    TestMissing,
)
from cooperation.loads.gathering import known_of, signatory_item
from cooperation.loads.rows import Load, LoadKind, LoadState
from cooperation.loads.schemas import (
    DecisionOut,
    EvidenceItem,
    LoadIn,
    LoadItem,
    LoadOut,
    LoadRunOut,
    ProgrammeChange,
    RunIn,
    SeenIn,
    StartIn,
)
from cooperation.machines import domain as machines
from cooperation.machines import queries as machine_queries
from cooperation.machines.rows import Machine
from cooperation.machines.service import machine
from cooperation.members.keeping import after, paged, wire
from cooperation.members.parameters import Group, group
from cooperation.runs.changing import all_locked, happen, locked
from cooperation.runs.errors import WrongStage
from cooperation.runs.rows import Run
from cooperation.trace.recording import add, change
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.jobs import one_by_one
from maillage.principal import system
from maillage.refusals import NotFound
from maillage.wire import Page

KIND_OF: dict[str, LoadKind] = {"washer": "washing", "steam": "steam", "low_temperature": "low_temperature"}


async def open_load(tx: Tx, wanted: LoadIn) -> LoadOut:
    """A new load on a machine. Refused: `LOAD_OPEN`, `PROGRAMME_NOT_ALLOWED` for another kind of machine,
    `PROGRAMME_NOT_VALID`."""
    of = await machine(tx, wanted.machine_id, lock=True)
    there = await tx.fetchval(queries.OPEN_OF_MACHINE, of.id)
    if there is not None:
        raise LoadOpen(load_id=str(there))
    programme = await _programme(tx, wanted.programme_id)
    if KIND_OF.get(of.kind) != programme["kind"]:
        raise ProgrammeNotAllowed(programme=programme["code"])
    load = Load(
        id=new_id(), organisation_id=of.organisation_id, created_at=tx.now, group_id=of.group_id, machine_id=of.id,
        programme_id=programme["id"], kind=programme["kind"], state="open", opened_by=tx.principal.sub,
    )  # fmt: skip
    return await shown(tx, await add(tx, load, "load.opened"))


async def change_programme(tx: Tx, load_id: UUID, wanted: ProgrammeChange) -> LoadOut:
    """Another programme for a load that has not started, such as one opened by mistake. Refused: `LOAD_STARTED`,
    `PROGRAMME_NOT_ALLOWED` when it does not suit what is in already."""
    load = await acts.load_locked(tx, load_id)
    acts.must_be_open(load)
    programme = await _programme(tx, wanted.programme_id)
    if programme["kind"] != load.kind:
        raise ProgrammeNotAllowed(programme=programme["code"])
    if programme["id"] != load.programme_id:
        load = await change(tx, load, replace(load, programme_id=programme["id"]), "load.programme_changed")
    await acts.must_suit(tx, load, [each.run_id for each in await acts.inside(tx, load)])
    return await shown(tx, load)


async def put_in(tx: Tx, load_id: UUID, wanted: RunIn) -> LoadOut:
    """A run goes in. Refused: as `acts.put_into`."""
    load = await acts.load_locked(tx, load_id)
    acts.must_be_open(load)
    await acts.put_into(tx, load, await locked(tx, wanted.run_id), tx.now)
    return await shown(tx, load)


async def take_out(tx: Tx, load_id: UUID, run_id: UUID) -> LoadOut:
    """A run goes out before the start. Refused: `NOT_IN_LOAD`, `LOAD_STARTED`, `DECISION_FINAL`."""
    load = await acts.load_locked(tx, load_id)
    acts.must_be_open(load)
    await _must_be_in(tx, load, run_id)
    await acts.take_out(tx, await locked(tx, run_id), tx.now)
    return await shown(tx, load)


async def look(tx: Tx, load_id: UUID, run_id: UUID, saw: SeenIn) -> LoadOut:
    """What was seen of one pack. Refused: `NOT_IN_LOAD`, `LOAD_NOT_STARTED`, `DECISION_FINAL`."""
    load = await acts.load_locked(tx, load_id)
    await _must_be_in(tx, load, run_id)
    await acts.seen(tx, await locked(tx, run_id), tx.now, clean=saw.clean, intact=saw.intact, dry=saw.dry)
    return await shown(tx, load)


async def start(tx: Tx, load_id: UUID, wanted: StartIn) -> LoadOut:
    """The machine starts; what is in the load never changes again. Refused: `LOAD_STARTED`, `LOAD_EMPTY`,
    `MACHINE_NOT_READY`, `TEST_MISSING`, `TEST_FAILED`, `PROGRAMME_NOT_VALID`, `CYCLE_TAKEN`, and `WRONG_STAGE`,
    `ON_HOLD`, `PROGRAMME_NOT_ALLOWED` of what is in; `NOT_ALLOWED` as `acts.all_inside`."""
    load = await acts.load_locked(tx, load_id)
    acts.must_be_open(load)
    packs = await acts.all_inside(tx, load)
    if not packs:
        raise LoadEmpty
    within = await group(tx, load.group_id)
    runs = await all_locked(tx, [each.run_id for each in packs])
    await _must_fit(tx, load, runs)
    of = await machine(tx, load.machine_id, lock=True)
    made = await tx.fetch(machine_queries.TESTS_OF_DAY, of.id, within.day(tx.now), of.tests_from)
    await _must_be_ready(tx, of, within, made)
    programme = await _programme(tx, load.programme_id)
    if wanted.cycle_no is not None and await tx.fetchval(queries.CYCLE_TAKEN, of.id, wanted.cycle_no, load.id):
        raise CycleTaken
    for each in packs:
        await change(tx, each, replace(each, frozen=True), "load_run.frozen")
    for run in runs:
        await _process(tx, run, load)
    allowed = timedelta(minutes=programme["expected_min"] + within.parameters.record_overdue_min)
    started = replace(
        load, state="running", cycle_no=wanted.cycle_no, started_by=tx.principal.sub, started_at=tx.now,
        ends_by=tx.now + allowed, machine_state=of.state, tests_at_start=[_kept(row) for row in made],
    )  # fmt: skip
    return await shown(tx, await change(tx, load, started, "load.started"))


async def put_overdue(tx: Tx, load_id: UUID) -> None:
    """The record has not come in time: the load is to be decided without it, that is to be rejected unless it comes."""
    load = await acts.load_locked(tx, load_id)
    if load.state == "running" and load.ends_by is not None and load.ends_by < tx.now:
        await change(tx, load, replace(load, state="to_decide"), "load.record_overdue")


async def overdue(database: Database) -> None:
    """The timed job of `put_overdue`: each load in its own transaction."""
    await one_by_one(database, put_overdue, await database.run(system("cooperation"), _overdue_ids))


async def _overdue_ids(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.OVERDUE, tx.now)]


async def loads(
    tx: Tx, state: LoadState | None, machine_id: UUID | None, since: datetime | None, until: datetime | None,
    given: str | None, limit: int,
) -> Page[LoadItem]:  # fmt: skip
    """Loads, the newest first; a member's are those that its packs went through."""
    rows = await tx.fetch(queries.LOADS, state, machine_id, since, until, after(given), limit + 1)
    return paged(LoadItem, rows, limit)


async def show(tx: Tx, load_id: UUID) -> LoadOut:
    """One load. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.LOAD, load_id)
    if row is None:
        raise NotFound
    return await shown(tx, Load.of(row))


async def shown(tx: Tx, load: Load) -> LoadOut:
    """A load with its runs and its evidence."""
    reached = tx.principal.orgs is None or load.organisation_id in tx.principal.orgs
    decision = await tx.fetchrow(queries.DECISION, load.id)
    items: list[EvidenceItem] | None = None
    signed: str | None = None
    if decision is not None:
        items = [EvidenceItem.model_validate(each) for each in decision["evidence"]]
        signed = decision["evidence_hash"]
    elif reached:
        within = await group(tx, load.group_id)
        known = await known_of(tx, load, within)
        found = list(evidence.items(known))
        if load.kind != "washing":
            found.append(await signatory_item(tx, load, within))
        items, signed = [on_wire(each) for each in found], evidence.hash_of(known)
    plain = {name: getattr(load, name) for name in (*LoadItem.model_fields, "opened_by", "started_by")}
    return LoadOut(
        **plain,
        runs=[wire(LoadRunOut, row) for row in await tx.fetch(queries.IN_LOAD, load.id)],
        evidence=items,
        evidence_hash=signed,
        decision=None if decision is None else wire(DecisionOut, decision),
    )


def on_wire(item: evidence.Item) -> EvidenceItem:
    """An item as it is told and kept."""
    return EvidenceItem(item=item.name, state=item.state, done=item.done, of=item.of, codes=list(item.codes))


async def _programme(tx: Tx, programme_id: UUID) -> Record:
    """Refused: `NOT_FOUND`, `PROGRAMME_NOT_VALID`."""
    row = await tx.fetchrow(queries.PROGRAMME, programme_id, tx.now)
    if row is None:
        raise NotFound(pointer="/programme_id")
    if not row["in_force"]:
        raise ProgrammeNotValid
    return row


async def _must_be_in(tx: Tx, load: Load, run_id: UUID) -> None:
    if run_id not in {each.run_id for each in await acts.inside(tx, load)}:
        raise NotInLoad


async def _must_fit(tx: Tx, load: Load, runs: list[Run]) -> None:
    """What was so when each pack went in is looked at again."""
    for run in runs:
        if run.stage != acts.BEFORE[load.kind]:
            raise WrongStage(stage=run.stage, allowed=[acts.BEFORE[load.kind]], run_id=str(run.id))
    await refuse_held(tx, runs)
    await acts.must_suit(tx, load, [run.id for run in runs])


async def _must_be_ready(tx: Tx, of: Machine, within: Group, made: list[Record]) -> None:
    wanted = machines.wanted(of.kind, within.parameters.tests_of_day)
    tests = machines.Tests(wanted, {row["kind"]: row["result"] for row in made})
    running = bool(await tx.fetchval(machine_queries.RUNNING, of.id))
    untested = machines.Tests((), {})
    reasons = machines.reasons(of.state, retired=of.retired_at is not None, running=running, tests=untested)
    if reasons:
        raise MachineNotReady(reasons=[*reasons])
    if tests.failed:
        raise TestFailed(tests=[*tests.failed])
    if tests.missing:
        raise TestMissing(tests=[*tests.missing])


def _kept(row: Record) -> dict[str, object]:
    return {
        "id": str(row["id"]), "kind": row["kind"], "result": row["result"], "tested_at": row["tested_at"].isoformat(),
    }  # fmt: skip


async def _process(tx: Tx, run: Run, load: Load) -> None:
    facts = {"load_id": load.id}
    if load.kind == "washing":
        await happen(tx, run, replace(run, stage="washing"), "run.wash_started", tx.now, facts=facts)
        return
    sterilising = replace(run, stage="sterilising", load_id=load.id)
    await happen(tx, run, sterilising, "run.sterilisation_started", tx.now, facts=facts)
