"""Use cases of machines: their tests, their state, whether they may be started."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from contracts.cooperation import MachineStateChanged
from cooperation.issues.opening import Subject, open_issue
from cooperation.machines import domain, queries
from cooperation.machines.errors import MachineInUse, RequalificationRequired, TestNotForMachine
from cooperation.machines.rows import Machine
from cooperation.machines.schemas import MachineState, StateChange, TestAnswer, TestDone, TestOut
from cooperation.members.keeping import after, page, paged, wire
from cooperation.members.parameters import Group, group
from cooperation.trace.recording import Facts, change, note
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound, TimeInvalid
from maillage.wire import Page

CLOCKS_APART: Final = timedelta(minutes=1)
"""So far a machine's clock may be ahead of the base's."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """`reasons`: codes, empty when it is ready."""

    ready: bool
    reasons: list[str]


async def machine(tx: Tx, machine_id: UUID, *, lock: bool = False) -> Machine:
    """A machine of the caller's group. Refused: `NOT_FOUND`, also for a connector that is bound to another one."""
    who = tx.principal
    if who.kind == "partner" and f"machine:{machine_id}" not in who.bound_ids:
        raise NotFound
    row = await tx.fetchrow(queries.LOCK if lock else queries.MACHINE, machine_id)
    if row is None or not (who.orgs is None or row["organisation_id"] in who.orgs):
        raise NotFound
    return Machine.of(row)


async def tests_of(tx: Tx, of: Machine, within: Group, day: date) -> domain.Tests:
    """The machine's tests of a local day, the last of each kind."""
    rows = await tx.fetch(queries.TESTS_OF_DAY, of.id, day, of.tests_from)
    wanted = domain.wanted(of.kind, within.parameters.tests_of_day)
    return domain.Tests(wanted, {row["kind"]: row["result"] for row in rows})


async def readiness_of(tx: Tx, of: Machine, within: Group) -> Readiness:
    """Whether it may be started at this instant."""
    tests = await tests_of(tx, of, within, within.day(tx.now))
    running = bool(await tx.fetchval(queries.RUNNING, of.id))
    reasons = domain.reasons(of.state, retired=of.retired_at is not None, running=running, tests=tests)
    return Readiness(not reasons, reasons)


async def readiness(tx: Tx, machine_id: UUID) -> Readiness:
    """As `readiness_of`, by id. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.MACHINE, machine_id)
    if row is None:
        raise NotFound
    of = Machine.of(row)
    return await readiness_of(tx, of, await group(tx, of.group_id))


async def sealer_tested(tx: Tx, machine_id: UUID, day: date) -> bool:
    """Whether this is a sealer in service whose last seal of that local day is conform."""
    row = await tx.fetchrow(queries.MACHINE, machine_id)
    if row is None or row["kind"] != "sealer":
        return False
    of = Machine.of(row)
    tests = await tests_of(tx, of, await group(tx, of.group_id), day)
    return of.state == "in_service" and of.retired_at is None and not tests.missing and not tests.failed


async def show_state(tx: Tx, machine_id: UUID) -> MachineState:
    """Ready or why not. Refused: `NOT_FOUND`."""
    of = await machine(tx, machine_id)
    return await _state(tx, of, await group(tx, of.group_id))


async def states(tx: Tx, given: str | None, limit: int) -> Page[MachineState]:
    """Every machine in use, by id."""
    rows = await tx.fetch(queries.MACHINES, after(given), limit + 1)
    shown = [Machine.of(row) for row in rows]
    found = [await _state(tx, of, await group(tx, of.group_id)) for of in shown]
    return page(MachineState, found, limit, shown[:limit][-1].id if shown else None)


async def tests(tx: Tx, machine_id: UUID, day: date | None, given: str | None, limit: int) -> Page[TestOut]:
    """The machine's tests, the newest first; of one local day when said. Refused: `NOT_FOUND`."""
    await machine(tx, machine_id)
    return paged(TestOut, await tx.fetch(queries.TESTS, machine_id, day, after(given), limit + 1), limit)


async def record_test(tx: Tx, machine_id: UUID, done: TestDone) -> TestAnswer:
    """A test was made; the second Bowie-Dick that fails on a local day puts the machine out of service. Told again
    (same kind, instant and result) it is the same test. Refused:
    `TEST_NOT_FOR_MACHINE`, `TIME_INVALID` in the future."""
    of = await machine(tx, machine_id, lock=True)
    if done.kind not in domain.POSSIBLE[of.kind]:
        raise TestNotForMachine(pointer="/kind", allowed=[*sorted(domain.POSSIBLE[of.kind])])
    within, at = await group(tx, of.group_id), done.tested_at or tx.now
    if at > tx.now + CLOCKS_APART:
        raise TimeInvalid(pointer="/tested_at")
    same = await tx.fetchrow(queries.SAME_TEST, of.id, within.day(at), done.kind, at, done.result)
    if same is not None:
        return TestAnswer(test=wire(TestOut, same), machine=await _state(tx, of, within))
    made = await _add_test(tx, of, within, done, at)
    of = await _judge_failures(tx, of, made)
    return TestAnswer(test=made, machine=await _tell(tx, of, within))


async def change_state(tx: Tx, machine_id: UUID, wanted: StateChange) -> MachineState:
    """Maintenance, out of service, and back. After maintenance the tests of the day start again. Refused:
    `MACHINE_IN_USE` for maintenance while it runs, `REQUALIFICATION_REQUIRED`, `NOT_ALLOWED` when an operator would
    bring back what was out of service."""
    of = await machine(tx, machine_id, lock=True)
    within = await group(tx, of.group_id)
    if wanted.state == "maintenance" and await tx.fetchval(queries.RUNNING, of.id):
        raise MachineInUse
    if wanted.state == "in_service" and of.requalify_since is not None:
        of = await _requalified(tx, of, within, wanted)
    elif wanted.state != of.state:
        since = tx.now if wanted.state == "in_service" else of.tests_from
        of = await _put(tx, of, wanted.state, wanted.reason, tests_from=since)
    return await _tell(tx, of, within)


async def _requalified(tx: Tx, of: Machine, within: Group, wanted: StateChange) -> Machine:
    if tx.principal.role not in ("sterilisation_releaser", "gcs_manager"):
        raise NotAllowed
    counted = replace(of, tests_from=of.state_since)
    made = await tests_of(tx, counted, within, within.day(tx.now))
    missing = [*(["document"] if wanted.requalification_ref is None else []), *made.missing, *made.failed]
    if missing:
        raise RequalificationRequired(missing=[*missing])
    cleared = replace(of, requalify_since=None)
    facts = {"requalification_ref": wanted.requalification_ref}
    return await _put(tx, of, "in_service", wanted.reason, tests_from=of.state_since, cleared=cleared, facts=facts)


async def _put(
    tx: Tx, of: Machine, state: domain.State, reason: str, *, tests_from: datetime | None,
    cleared: Machine | None = None, facts: Facts | None = None,
) -> Machine:  # fmt: skip
    now = replace(cleared or of, state=state, state_since=tx.now, state_reason=reason, tests_from=tests_from)
    if state == "out_of_service":
        now = replace(now, requalify_since=of.requalify_since or tx.now)
    return await change(tx, of, now, f"machine.{_PUT[state]}", facts=facts)


_PUT: Final = {
    "in_service": "came_back",
    "maintenance": "maintenance_began",
    "out_of_service": "put_out_of_service",
}


async def _add_test(tx: Tx, of: Machine, within: Group, done: TestDone, at: datetime) -> TestOut:
    made = TestOut(
        id=new_id(), machine_id=of.id, kind=done.kind, local_day=within.day(at), result=done.result, tested_at=at,
        recorded_by=tx.principal.sub, after_service=of.state != "in_service",
    )  # fmt: skip
    await tx.execute(
        queries.ADD_TEST, made.id, of.organisation_id, of.id, made.kind, made.local_day, made.result, at,
        made.recorded_by, made.after_service, tx.now,
    )  # fmt: skip
    facts = {"test_id": made.id, "kind": made.kind, "result": made.result, "local_day": made.local_day}
    await note(tx, of, "machine.tested", at=at, facts=facts)
    return made


async def _judge_failures(tx: Tx, of: Machine, made: TestOut) -> Machine:
    """One failure may be repeated; the second of the local day ends the machine's service."""
    if made.kind != "bowie_dick" or made.result == "conform" or of.state == "out_of_service":
        return of
    failures = await tx.fetchval(queries.FAILURES_OF_DAY, of.id, made.local_day, made.kind)
    assert isinstance(failures, int)
    if failures < domain.BOWIE_DICK_FAILURES:
        return of
    about = Subject("machine", of.id, of.organisation_id, of.group_id)
    await open_issue(tx, about, "bowie_dick_failed_twice", "major")
    return await _put(tx, of, "out_of_service", "bowie_dick_failed_twice", tests_from=of.tests_from)


async def _tell(tx: Tx, of: Machine, within: Group) -> MachineState:
    told = await _state(tx, of, within)
    tx.emit(
        MachineStateChanged(machine_id=of.id, state=of.state, ready=told.ready, reasons=told.reasons, at=tx.now),
        of.organisation_id,
    )
    return told


async def _state(tx: Tx, of: Machine, within: Group) -> MachineState:
    found = await readiness_of(tx, of, within)
    return MachineState(
        machine_id=of.id, name=of.name, kind=of.kind, state=of.state, state_since=of.state_since, ready=found.ready,
        reasons=found.reasons, local_day=within.day(tx.now),
    )  # fmt: skip
