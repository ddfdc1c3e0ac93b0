"""Crates: what goes in and out. Who calls has locked the run; the crate is locked here (order: runs, then crates)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from cooperation.blocks.looking import blocks_of, refuse_blocked
from cooperation.continuity.guard import refuse_without_plan
from cooperation.custody.moving import Subject, move, where
from cooperation.custody.rows import Where
from cooperation.members.parameters import group
from cooperation.runs.errors import NotReleased, OnHold, Recalled
from cooperation.runs.rows import Run
from cooperation.trace.recording import change
from cooperation.transport import domain, queries
from cooperation.transport.errors import (
    AlreadyGiven,
    CrateDirty,
    CrateSealed,
    InAnotherCrate,
    IncompatibleFlows,
    MixedCleanliness,
    WrongPlace,
)
from cooperation.transport.rows import Crate
from maillage.database import Tx
from maillage.refusals import NotFound, Refusal

_REFUSALS: Mapping[domain.FillRefusal, type[Refusal]] = {
    "MIXED_CLEANLINESS": MixedCleanliness,
    "CRATE_DIRTY": CrateDirty,
}


async def crate_by_tag(tx: Tx, uri: str) -> Crate | None:
    """The crate with this mark (canonical Digital Link), not locked; None when there is none in the caller's group."""
    row = await tx.fetchrow(queries.CRATE_OF_TAG, uri)
    return None if row is None else Crate.of(row)


async def locked(tx: Tx, crate_id: UUID) -> Crate:
    """The crate, locked until the end of the transaction. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.LOCK_CRATE, crate_id)
    if row is None:
        raise NotFound
    return Crate.of(row)


async def all_locked(tx: Tx, crate_ids: Sequence[UUID]) -> list[Crate]:
    """Those crates, locked in one order. Refused: `NOT_FOUND` when one is out of reach or retired."""
    rows = await tx.fetch(queries.LOCK_CRATES, list(crate_ids))
    if len(rows) != len(set(crate_ids)):
        raise NotFound
    return [Crate.of(row) for row in rows]


async def holds(tx: Tx, crate_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many things are in each, also those of others that the caller does not see."""
    found = {row["crate_id"]: row["things"] for row in await tx.fetch(queries.HOLDS, list(crate_ids))}
    return {crate_id: found.get(crate_id, 0) for crate_id in crate_ids}


async def refuse_blocked_within(tx: Tx, crate_ids: Sequence[UUID]) -> None:
    """Refused: `ON_HOLD`, `RECALLED` when something in one of them is blocked, whosever it is; by what is told to
    those who see it."""
    row = await tx.fetchrow(queries.BLOCKS, list(crate_ids))
    if row is not None:
        cause = None if row["cause_id"] is None else str(row["cause_id"])
        raise OnHold(hold_id=cause) if row["code"] == "ON_HOLD" else Recalled(recall_id=cause)


async def put_in(tx: Tx, crate: Crate, run: Run, at: datetime) -> Crate:
    """The set of a locked run into a crate of the same site; there already: nothing is written. Released packs are
    clean, returning sets dirty; a crate that stands in quarantine takes what is blocked, as dirty goods.

    Refused: `CRATE_SEALED`, `WRONG_PLACE`, `IN_ANOTHER_CRATE`, `NOT_RELEASED`, `EXPIRED` (on the day of the operation
    that it is kept for, else today), `ON_HOLD`, `RECALLED`, `MIXED_CLEANLINESS`, `CRATE_DIRTY`, `INCOMPATIBLE_FLOWS`,
    `ALREADY_GIVEN`.
    """
    crate = await locked(tx, crate.id)
    here, around = await where(tx, run.set_id), await where(tx, crate.id)
    if here and here[0].id == crate.id:
        return crate
    _refuse_elsewhere(crate, here, around)
    quarantine = around[0].kind == "quarantine"
    goods: domain.Goods = "dirty" if quarantine else await _goods(tx, run, at)
    crate = await fill(tx, crate, goods, domain.STERILISATION, at, quarantine=quarantine)
    await move(tx, Subject("set", run.set_id, run.organisation_id, run.group_id), crate.id, at)
    return crate


async def fill(
    tx: Tx, crate: Crate, goods: domain.Goods, flow: str, at: datetime, *, quarantine: bool = False
) -> Crate:
    """The locked crate takes such goods of that flow; the caller moves them. Refused as `put_in` says of crates."""
    if crate.seal is not None:
        raise CrateSealed
    if crate.flow != flow:
        raise IncompatibleFlows
    row, since = await tx.fetchrow(queries.FILLING, crate.id, crate.dirty_since), crate.dirty_since
    assert row is not None
    if row["handover_id"] is not None:
        raise AlreadyGiven(handover_id=str(row["handover_id"]))
    held: int = row["things"]
    state = domain.Filling(held, crate.load_state, since is not None, row["reopened"])
    if (why := domain.why_not_fill(state, goods)) is not None:
        raise _REFUSALS[why]
    if held and crate.quarantine != quarantine:
        raise MixedCleanliness
    soiled = since or at if goods == "dirty" else None
    filled = replace(crate, load_state=goods, dirty_since=soiled, quarantine=quarantine)
    return crate if filled == crate else await change(tx, crate, filled, "crate.filled", at=at)


async def take_out(tx: Tx, crate: Crate, run: Run, place_id: UUID, at: datetime) -> Crate:
    """The set of a locked run out of an open crate, into a place of the site where the crate stands.

    Refused: `CRATE_SEALED`, `WRONG_PLACE`, `NO_CONTINUITY_PLAN`; `ON_HOLD`, `RECALLED` unless the place is a
    quarantine."""
    crate = await locked(tx, crate.id)
    here, around = await where(tx, run.set_id), await where(tx, crate.id)
    if crate.seal is not None:
        raise CrateSealed
    place = await tx.fetchrow(queries.PLACE, place_id)
    if place is None:
        raise NotFound
    if not here or here[0].id != crate.id or not around or around[-1].site_id != place["site_id"]:
        raise WrongPlace(place_id=str(here[0].id) if here else None)
    await refuse_without_plan(tx, place_id)
    if place["kind"] != "quarantine":
        await _refuse_but_expired(tx, run, at)
    await move(tx, Subject("set", run.set_id, run.organisation_id, run.group_id), place_id, at)
    return await emptied(tx, crate, at)


async def emptied(tx: Tx, crate: Crate, at: datetime) -> Crate:
    """A locked crate whose last clean thing has left is empty; one that held dirty goods waits for decontamination."""
    if crate.load_state != "clean" or (await holds(tx, [crate.id]))[crate.id]:
        return crate
    return await change(tx, crate, replace(crate, load_state="empty", destination_id=None), "crate.emptied", at=at)


def _refuse_elsewhere(crate: Crate, here: Sequence[Where], around: Sequence[Where]) -> None:
    """Who scans a pack at a station has it in his hands; only the site is compared."""
    if here and here[0].kind == "crate":
        raise InAnotherCrate(crate_id=str(here[0].id))
    if not here or not around or around[0].site_id is None or around[0].site_id != here[-1].site_id:
        raise WrongPlace(place_id=str(here[-1].id) if here else None)


async def _goods(tx: Tx, run: Run, at: datetime) -> domain.Goods:
    of = await group(tx, run.group_id)
    today = of.day(at)
    if run.stage == "returning":
        await refuse_blocked(tx, [run], today)
        return "dirty"
    if run.stage != "released":
        raise NotReleased(stage=run.stage)
    wanted = cast(datetime | None, await tx.fetchval(queries.DAY_OF_USE, run.id))
    await refuse_blocked(tx, [run], today if wanted is None else max(today, of.day(wanted)))
    return "clean"


async def _refuse_but_expired(tx: Tx, run: Run, at: datetime) -> None:
    for block in await blocks_of(tx, [run], (await group(tx, run.group_id)).day(at)):
        if block.code != "EXPIRED":
            raise block.refusal()
