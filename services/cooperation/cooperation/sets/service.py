"""Use cases of instrument sets. What happens to a set is its run's affair; here it is entered, renamed, retired."""

from dataclasses import replace
from uuid import UUID

import asyncpg

from cooperation.blocks.looking import blocks_of_things
from cooperation.custody.moving import Subject, move
from cooperation.members import queries as marks
from cooperation.members.collections import Making, referenced
from cooperation.members.errors import ReferenceUnknown, TagTaken
from cooperation.members.keeping import after, paged, present, wire
from cooperation.members.parameters import staffed_group
from cooperation.runs.changing import live_of_set
from cooperation.runs.errors import RunAlive
from cooperation.runs.rows import InstrumentSet
from cooperation.sets import queries
from cooperation.sets.errors import CompositionNotAdopted
from cooperation.sets.schemas import SetIn, SetOut, SetPatch, SetStatus, SetStatusIn
from cooperation.trace.recording import add, change
from maillage.database import Tx
from maillage.ids import new_id
from maillage.wire import Page


async def sets(
    tx: Tx, owner: UUID | None, composition: UUID | None, status: SetStatus | None, given: str | None, limit: int
) -> Page[SetOut]:
    """Sets within reach by id."""
    rows = await tx.fetch(queries.SETS, after(given), owner, composition, status, limit + 1)
    return paged(SetOut, rows, limit)


async def show_set(tx: Tx, set_id: UUID) -> SetOut:
    """One set. Refused: `NOT_FOUND`."""
    return wire(SetOut, await tx.fetchrow(queries.SET, set_id))


async def add_set(tx: Tx, body: SetIn) -> SetOut:
    """A new set, where it is now; no run yet. Refused: `REFERENCE_UNKNOWN`, `COMPOSITION_NOT_ADOPTED`, `TAG_TAKEN`."""
    making = Making(tx=tx, group=await staffed_group(tx), given={}, row=None)
    composition = (await referenced(making, "composition", "composition_id", body.composition_id))[0]
    version_id = await tx.fetchval(queries.ADOPTED, body.composition_id)
    if not isinstance(version_id, UUID):
        raise CompositionNotAdopted
    owner = composition["organisation_id"]
    await _at_home(making, owner, body.home_place_id)
    await referenced(making, "place", "place_id", body.place_id)
    made = InstrumentSet(
        id=new_id(), organisation_id=owner, created_at=tx.now, group_id=making.group.id, name=body.name, tag=body.tag,
        composition_id=body.composition_id, composition_version_id=version_id, home_place_id=body.home_place_id,
    )  # fmt: skip
    await put(tx, made, body.place_id)
    return await show_set(tx, made.id)


async def put(tx: Tx, made: InstrumentSet, place_id: UUID) -> None:
    """A new set and its first place. Refused: `TAG_TAKEN`, also by a crate."""
    if await tx.fetchval(marks.MARK_OF_CRATE, made.tag):
        raise TagTaken
    try:
        await add(tx, made, "set.added")
    except asyncpg.UniqueViolationError as twice:
        raise TagTaken from twice
    await move(tx, Subject("set", made.id, made.organisation_id, made.group_id), place_id, tx.now)


async def change_set(tx: Tx, set_id: UUID, body: SetPatch, if_match: int | None) -> SetOut:
    """Name and home. Refused: `NOT_FOUND`, `VERSION_STALE`, `REFERENCE_UNKNOWN`."""
    before = InstrumentSet.of(present(await tx.fetchrow(queries.LOCK_SET, set_id), if_match))
    making = Making(tx=tx, group=await staffed_group(tx), given={}, row=None)
    await _at_home(making, before.organisation_id, body.home_place_id)
    home = body.home_place_id if "home_place_id" in body.model_fields_set else before.home_place_id
    await change(tx, before, replace(before, name=body.name or before.name, home_place_id=home), "set.changed")
    return await show_set(tx, set_id)


async def set_status(tx: Tx, set_id: UUID, body: SetStatusIn, if_match: int | None) -> SetOut:
    """Retired, or in service again. Refused: `NOT_FOUND`, `VERSION_STALE`, `RUN_ALIVE`, `ON_HOLD`."""
    await staffed_group(tx)
    run = await live_of_set(tx, set_id)  # runs are locked before the rest
    before = InstrumentSet.of(present(await tx.fetchrow(queries.LOCK_SET, set_id), if_match))
    if body.status == "retired" and run is not None:
        raise RunAlive(run_id=str(run.id), stage=run.stage)
    for block in await blocks_of_things(tx, [set_id]):
        raise block.refusal()
    if body.status != before.status:
        facts = {"reason": body.reason} if body.reason else None
        await change(tx, before, replace(before, status=body.status), f"set.{body.status}", facts=facts)
    return await show_set(tx, set_id)


async def _at_home(making: Making, owner: UUID, place_id: UUID | None) -> None:
    if place_id is None:
        return
    place = (await referenced(making, "place", "home_place_id", place_id))[0]
    if place["site_id"] is None or place["organisation_id"] != owner:
        raise ReferenceUnknown(pointer="/home_place_id")
