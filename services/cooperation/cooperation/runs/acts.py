"""What happens to a run between its return and its next use, one function per act; endpoints and scans call them.

Each locks nothing: the caller has the run locked (`changing.locked`, `live_of_set`). `at`: when it was done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from cooperation.blocks.looking import refuse_held
from cooperation.custody.moving import Subject, move, where
from cooperation.demand.allocating import release_allocation
from cooperation.issues.opening import Subject as About
from cooperation.issues.opening import open_issues
from cooperation.machines.service import sealer_tested
from cooperation.members.parameters import group
from cooperation.runs import queries
from cooperation.runs.changing import happen, must_be, open_run
from cooperation.runs.errors import PackagingNotAllowed, ReasonRequired, SealerNotTested
from cooperation.runs.labelling import sscc
from cooperation.runs.rows import InstrumentSet, Run
from cooperation.runs.sets import set_of
from maillage.database import Tx

Next = Literal["returning", "received"]
SHORTEST_SOAK: Final = timedelta(minutes=2)
"""A second scan sooner than this is the first one again."""


async def came_back(tx: Tx, run: Run, place_id: UUID, at: datetime) -> Run:
    """A theatre's return scan: the set is there, and its soak clock starts; the next such scan, taken out of the bath,
    stops it. Refused: `WRONG_STAGE`, `ON_HOLD`."""
    must_be(run, "returning")
    await refuse_held(tx, [run])
    await move(tx, Subject("set", run.set_id, run.organisation_id, run.group_id), place_id, at)
    soaking = soaked(run, at)
    return run if soaking is None else await happen(tx, run, soaking[1], soaking[0], at)


def soaked(run: Run, at: datetime) -> tuple[str, Run] | None:
    """What a return scan does to the soak of a run: begins it, ends it, or nothing."""
    if run.soak_from is None:
        return "run.soak_began", replace(run, soak_from=at)
    if run.soak_to is None and at - run.soak_from >= SHORTEST_SOAK:
        return "run.soak_ended", replace(run, soak_to=at)
    return None


async def receive(tx: Tx, of: InstrumentSet, run: Run | None, place_id: UUID, at: datetime) -> Run:
    """A set is at the plant's reception: its run is `received`; one opens when there is none (a new set, a lost one
    found again). A set that nobody had put on the way is received with an issue `not_announced`. Refused:
    `WRONG_STAGE`, `ON_HOLD`."""
    announced = await _announced(tx, of, place_id)
    if run is None:
        run = await open_run(tx, of, "received", "run.received", at)
        await refuse_held(tx, [run])
    else:
        must_be(run, "returning")
        await refuse_held(tx, [run])
        run = await happen(tx, run, received(run, at), "run.received", at)
    await move(tx, Subject("set", of.id, of.organisation_id, of.group_id), place_id, at)
    if not announced:
        await not_announced(tx, [of])
    return run


async def not_announced(tx: Tx, sets: Sequence[InstrumentSet]) -> None:
    """An issue for each set that was received and that nobody had put on the way."""
    abouts = [About("set", of.id, of.organisation_id, of.group_id) for of in sets]
    await open_issues(tx, abouts, "not_announced", "minor", stage_seen="received")


def received(run: Run, at: datetime) -> Run:
    """A returning run at the plant: its soak is over, when it had begun."""
    soaking = run.soak_from is not None and run.soak_to is None
    return replace(run, stage="received", soak_to=at if soaking else run.soak_to)


async def pack(tx: Tx, run: Run, packaging_id: UUID | None, sealer_id: UUID | None, at: datetime) -> Run:
    """The set is packed, and gets its label: an SSCC that was never used and bears no date. Without `packaging_id`,
    the only one that the composition lists, or that fits a post with or without a sealer. Refused: `WRONG_STAGE`,
    `ON_HOLD`, `PACKAGING_NOT_ALLOWED`, `SEALER_NOT_TESTED`."""
    must_be(run, "assembled")
    await refuse_held(tx, [run])
    chosen, sealed = await _packaging(tx, run, packaging_id, sealer_id)
    of_group = await group(tx, run.group_id)
    if sealed and (sealer_id is None or not await sealer_tested(tx, sealer_id, of_group.day(at))):
        raise SealerNotTested
    serial = await tx.fetchval(queries.LABEL_SERIAL)
    assert isinstance(serial, int)
    label = sscc(of_group.gs1_prefix, serial)
    packed = replace(run, stage="packed", packaging_id=chosen, label=label)
    return await happen(tx, run, packed, "run.packed", at, facts={"sealer_id": sealer_id})


async def abort(tx: Tx, run: Run, reason: str, at: datetime, *, next_stage: Next | None) -> Run:
    """The run ends without a use, for a reason that is a code (`torn`, `expired`, `opened_unused`); the set's next run
    opens at `next_stage`, None: the set is lost or retired. Refused: `REASON_REQUIRED`, `WRONG_STAGE` for a run that
    has ended."""
    must_be(run, "returning", "received", "washing", "washed", "assembled", "packed", "sterilising", "released")
    if not reason:
        raise ReasonRequired(pointer="/reason")
    ended = await happen(tx, run, replace(run, stage="aborted", end_reason=reason), "run.aborted", at)
    await release_allocation(tx, ended.id)
    await next_run(tx, ended, next_stage, at)
    return ended


async def next_run(tx: Tx, ended: Run, stage: Next | None, at: datetime) -> Run | None:
    """The set's next run, after one that has just ended; none for a set out of service."""
    of = await set_of(tx, ended.set_id)
    if stage is None or of.status != "in_service":
        return None
    return await open_run(tx, of, stage, "run.opened", at, opened_from=ended.id)


async def _announced(tx: Tx, of: InstrumentSet, place_id: UUID) -> bool:
    """Whether somebody had put the set on its way: it is in a crate, or on the plant's site already, or was never
    anywhere."""
    places = await where(tx, of.id)
    if not places or places[0].kind == "crate":
        return True
    return places[0].site_id == await tx.fetchval(queries.SITE_OF_PLACE, place_id)


async def _packaging(tx: Tx, run: Run, packaging_id: UUID | None, sealer_id: UUID | None) -> tuple[UUID, bool]:
    listed = {row["id"]: row["sealed"] for row in await tx.fetch(queries.PACKAGINGS_LISTED, run.composition_version_id)}
    fitting = [each for each, sealed in listed.items() if len(listed) == 1 or sealed == (sealer_id is not None)]
    if packaging_id is None and len(fitting) == 1:
        packaging_id = fitting[0]
    if packaging_id is None or packaging_id not in listed:
        raise PackagingNotAllowed(allowed=[str(each) for each in listed])
    return packaging_id, listed[packaging_id]
