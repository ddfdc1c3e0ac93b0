"""Use cases of instruments with their own mark: one set at most, and what is held moves to quarantine only."""

from dataclasses import replace
from uuid import UUID

import asyncpg
from asyncpg import Record

from cooperation.blocks.looking import blocks_of_things
from cooperation.custody.moving import Subject, move
from cooperation.members.collections import Making, owner_of, referenced
from cooperation.members.errors import ReferenceUnknown, TagTaken
from cooperation.members.keeping import after, paged, present, wire
from cooperation.members.parameters import staffed_group
from cooperation.runs.changing import live_of_set, must_be
from cooperation.runs.errors import SingleUse
from cooperation.runs.rows import Instrument
from cooperation.sets import queries
from cooperation.sets.errors import InOtherSet, PlaceNotFit
from cooperation.sets.schemas import (
    InstrumentIn,
    InstrumentOut,
    InstrumentPatch,
    InstrumentStatus,
    InstrumentStatusIn,
)
from cooperation.trace.recording import add, change
from maillage.database import Tx
from maillage.ids import new_id
from maillage.wire import Page


async def instruments(
    tx: Tx, set_id: UUID | None, model: UUID | None, status: InstrumentStatus | None, given: str | None, limit: int
) -> Page[InstrumentOut]:
    """Instruments within reach by id."""
    rows = await tx.fetch(queries.INSTRUMENTS, after(given), set_id, model, status, limit + 1)
    return paged(InstrumentOut, rows, limit)


async def show_instrument(tx: Tx, instrument_id: UUID) -> InstrumentOut:
    """One instrument. Refused: `NOT_FOUND`."""
    return wire(InstrumentOut, await tx.fetchrow(queries.INSTRUMENT, instrument_id))


async def add_instrument(tx: Tx, body: InstrumentIn) -> InstrumentOut:
    """A marked instrument. Refused: `REFERENCE_UNKNOWN`, `SINGLE_USE`, `TAG_TAKEN`, `WRONG_STAGE` for a packed set."""
    making = Making(tx=tx, group=await staffed_group(tx), given=body.model_dump(), row=None)
    if (await referenced(making, "instrument_model", "model_id", body.model_id))[0]["single_use"]:
        raise SingleUse
    owner = await owner_of(making) if body.set_id is None else (await _open_set(making, body.set_id))["organisation_id"]
    made = Instrument(
        id=new_id(), organisation_id=owner, created_at=tx.now, group_id=making.group.id, code=body.code,
        model_id=body.model_id, set_id=body.set_id,
    )  # fmt: skip
    try:
        await add(tx, made, "instrument.added")
    except asyncpg.UniqueViolationError as twice:
        raise TagTaken from twice
    if body.place_id is not None:
        await referenced(making, "place", "place_id", body.place_id)
        await _go(tx, made, body.place_id)
    return await show_instrument(tx, made.id)


async def change_instrument(
    tx: Tx, instrument_id: UUID, body: InstrumentPatch, if_match: int | None
) -> InstrumentOut:  # fmt: skip
    """Into a set of its owner, or out of its set, neither while the set is assembled or packed. Refused: `NOT_FOUND`,
    `VERSION_STALE`, `IN_OTHER_SET`, `WRONG_STAGE`, `REFERENCE_UNKNOWN`, `ON_HOLD`."""
    row = present(await tx.fetchrow(queries.INSTRUMENT, instrument_id), if_match)
    making = Making(tx=tx, group=await staffed_group(tx), given={}, row=None)
    if body.set_id is not None and row["set_id"] not in (None, body.set_id):
        raise InOtherSet(set_id=str(row["set_id"]))
    for set_id in {each for each in (row["set_id"], body.set_id) if each is not None}:
        owner = (await _open_set(making, set_id))["organisation_id"]
        if owner != row["organisation_id"]:
            raise ReferenceUnknown(pointer="/set_id")
    before = Instrument.of(present(await tx.fetchrow(queries.LOCK_INSTRUMENT, instrument_id), row["version"]))
    await _unblocked(tx, before)
    await change(tx, before, replace(before, set_id=body.set_id), "instrument.assigned")
    return await show_instrument(tx, instrument_id)


async def instrument_status(
    tx: Tx, instrument_id: UUID, body: InstrumentStatusIn, if_match: int | None
) -> InstrumentOut:  # fmt: skip
    """To repair, missing, retired, in service again. Refused: `NOT_FOUND`, `VERSION_STALE`, `PLACE_NOT_FIT`,
    `SINGLE_USE`, and `ON_HOLD` for what is held, but towards quarantine."""
    making = Making(tx=tx, group=await staffed_group(tx), given={}, row=None)
    place = await _place(making, body)
    before = Instrument.of(present(await tx.fetchrow(queries.LOCK_INSTRUMENT, instrument_id), if_match))
    if place is None or place["kind"] != "quarantine" or body.status != "in_service":
        await _unblocked(tx, before)
    if body.status == "in_service" and await tx.fetchval(queries.SINGLE_USE, before.model_id):
        raise SingleUse
    if body.status != before.status:
        facts = {"reason": body.reason} if body.reason else None
        await change(tx, before, replace(before, status=body.status), f"instrument.{body.status}", facts=facts)
    if place is not None:
        await _go(tx, before, place["id"])
    return await show_instrument(tx, instrument_id)


async def _place(making: Making, body: InstrumentStatusIn) -> Record | None:
    """A repairer's is a place of kind `repair`; what is being repaired is nowhere else."""
    places = [] if body.place_id is None else await referenced(making, "place", "place_id", body.place_id)
    place = next(iter(places), None)
    if (body.status == "in_repair") != (place is not None and place["kind"] == "repair"):
        raise PlaceNotFit(pointer="/place_id", kind="repair")
    return place


async def _unblocked(tx: Tx, instrument: Instrument) -> None:
    for block in await blocks_of_things(tx, [instrument.id, *filter(None, [instrument.set_id])]):
        raise block.refusal()


async def _open_set(making: Making, set_id: UUID) -> Record:
    """The set, when its instruments are in nobody's pack."""
    run = await live_of_set(making.tx, set_id)
    if run is not None:
        must_be(run, "returning", "received", "washing", "washed")
    row = await making.tx.fetchrow(queries.LOCK_SET, set_id)
    if row is None or row["group_id"] != making.group.id or row["status"] != "in_service":
        raise ReferenceUnknown(pointer="/set_id")
    return row


async def _go(tx: Tx, instrument: Instrument, place_id: UUID) -> None:
    whose = Subject("instrument", instrument.id, instrument.organisation_id, instrument.group_id)
    await move(tx, whose, place_id, tx.now)
