"""Use cases of vehicles: crates into a compartment and out of it, disinfection."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cooperation.continuity.guard import refuse_without_plan
from cooperation.custody.moving import Subject, move
from cooperation.orders.carrying import left
from cooperation.trace.recording import change
from cooperation.transport import crates, domain, queries
from cooperation.transport.errors import (
    AlreadyGiven,
    CompartmentDirty,
    CompartmentFull,
    CompartmentNotEmpty,
    CrateNotSealed,
    HandoverNeeded,
    IncompatibleFlows,
    MixedCleanliness,
    WrongPlace,
)
from cooperation.transport.finding import crate_ids, place, reached
from cooperation.transport.rows import Compartment, Crate
from cooperation.transport.schemas import CompartmentState, Crates, Unloading
from cooperation.transport.seeing import own_places
from maillage.database import Tx
from maillage.refusals import NotFound, Refusal

_REFUSALS: Mapping[domain.RideRefusal, type[Refusal]] = {
    "COMPARTMENT_DIRTY": CompartmentDirty,
    "COMPARTMENT_FULL": CompartmentFull,
    "MIXED_CLEANLINESS": MixedCleanliness,
    "INCOMPATIBLE_FLOWS": IncompatibleFlows,
}


async def load(tx: Tx, compartment_id: UUID, body: Crates) -> CompartmentState:
    """Crates from a place of the vehicle's own organisation. Refused: see `refuse_ride`; `HANDOVER_NEEDED` from any
    other place, `ALREADY_GIVEN`, `ON_HOLD`, `RECALLED`, `CRATE_NOT_SEALED`, `UNKNOWN_CODE`."""
    chosen = await crates.all_locked(tx, await crate_ids(tx, body.crates))
    compartment = await locked(tx, compartment_id)
    for stand in await tx.fetch(queries.STAND, [crate.id for crate in chosen]):
        if stand["organisation_id"] != compartment.organisation_id:
            raise HandoverNeeded
        if stand["kind"] == "compartment":
            raise WrongPlace(place_id=str(stand["id"]))
    await refuse_given(tx, chosen)
    await refuse_open(tx, chosen)
    await refuse_blocked_ride(tx, chosen)
    loaded = await come_aboard(tx, compartment, chosen, tx.now)
    await left(tx, [crate.id for crate in chosen], tx.now)
    return await _state(tx, loaded)


async def unload(tx: Tx, compartment_id: UUID, body: Unloading) -> CompartmentState:
    """Crates put down at a place of the vehicle's own organisation. Refused: `WRONG_PLACE` for crates that are not
    aboard, `HANDOVER_NEEDED` at any other place, `ALREADY_GIVEN`, `MIXED_CLEANLINESS`, `NO_CONTINUITY_PLAN`,
    `ON_HOLD`, `RECALLED` unless it is a quarantine."""
    chosen = await crates.all_locked(tx, await crate_ids(tx, body.crates))
    compartment, to = await locked(tx, compartment_id), await place(tx, body.place_id)
    if to["organisation_id"] != compartment.organisation_id or to["site_id"] is None:
        raise HandoverNeeded
    await refuse_given(tx, chosen)
    await refuse_not_in(tx, chosen, compartment_id)
    refuse_unclean(chosen, to["cleanliness"])
    await refuse_without_plan(tx, to["id"])
    if to["kind"] != "quarantine":
        await crates.refuse_blocked_within(tx, [crate.id for crate in chosen])
    for crate in chosen:
        await move(tx, Subject("crate", crate.id, crate.organisation_id, crate.group_id), body.place_id, tx.now)
    return await _state(tx, await went_ashore(tx, compartment, chosen, tx.now))


async def disinfect(tx: Tx, compartment_id: UUID) -> CompartmentState:
    """The empty compartment was disinfected. Refused: `COMPARTMENT_NOT_EMPTY`."""
    compartment = await locked(tx, compartment_id)
    aboard = await _aboard(tx, compartment)
    if aboard[0]:
        raise CompartmentNotEmpty(holds=len(aboard[0]))
    clean = replace(compartment, disinfected_at=tx.now, dirty_since=None, cleaning_due=False)
    return await _state(tx, await change(tx, compartment, clean, "compartment.disinfected"))


async def locked(tx: Tx, compartment_id: UUID) -> Compartment:
    """The compartment, locked, of an organisation that the caller acts for. Refused: `NOT_FOUND`."""
    compartment = await any_locked(tx, compartment_id)
    if not reached(tx, compartment.organisation_id):
        raise NotFound
    return compartment


async def any_locked(tx: Tx, compartment_id: UUID) -> Compartment:
    """The compartment, locked, of any vehicle of the group: who takes crates out of it. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.LOCK_COMPARTMENT, compartment_id)
    if row is None:
        raise NotFound
    return Compartment.of(row)


async def come_aboard(
    tx: Tx, compartment: Compartment, new: Sequence[Crate], at: datetime, *, handover_id: UUID | None = None
) -> Compartment:
    """Locked crates into a locked compartment, by a hand-over or by who has both in hand. Refused: `refuse_ride`."""
    await refuse_ride(tx, compartment, new)
    for crate in new:
        thing = Subject("crate", crate.id, crate.organisation_id, crate.group_id)
        await move(tx, thing, compartment.id, at, handover_id=handover_id)
    soiled = compartment.dirty_since or (at if any(crate.dirty_since for crate in new) else None)
    after = replace(compartment, dirty_since=soiled)
    facts = {"crate_ids": [crate.id for crate in new]}
    return await change(tx, compartment, after, "compartment.loaded", at=at, facts=facts)


async def refuse_ride(tx: Tx, compartment: Compartment, new: Sequence[Crate]) -> None:
    """Refused: `COMPARTMENT_DIRTY`, `COMPARTMENT_FULL`, `MIXED_CLEANLINESS`, `INCOMPATIBLE_FLOWS`."""
    here, there = await _aboard(tx, compartment)
    hold = domain.Hold(
        compartment.cleanliness, compartment.capacity, compartment.dirty_since is not None, compartment.cleaning_due
    )
    coming = [domain.Rider(crate.flow, crate.dirty_since is not None) for crate in new]
    why = domain.why_not_ride(hold, list(here.values()), coming, there, await _flows(tx, compartment.group_id))
    if why is not None:
        raise _REFUSALS[why]


async def went_ashore(tx: Tx, compartment: Compartment, gone: Sequence[Crate], at: datetime) -> Compartment:
    """Crates have left a locked compartment; after infectious waste nothing rides before it is disinfected."""
    flows = await _flows(tx, compartment.group_id)
    infectious = any(crate.flow in flows and flows[crate.flow].infectious for crate in gone)
    after = replace(compartment, cleaning_due=compartment.cleaning_due or infectious)
    facts = {"crate_ids": [crate.id for crate in gone]}
    return await change(tx, compartment, after, "compartment.unloaded", at=at, facts=facts)


async def refuse_open(tx: Tx, chosen: Sequence[Crate]) -> None:
    """Refused: `CRATE_NOT_SEALED` for crates that hold something; an empty one travels without a seal."""
    held = await crates.holds(tx, [crate.id for crate in chosen if crate.seal is None])
    if still := [str(crate_id) for crate_id, things in held.items() if things]:
        raise CrateNotSealed(crate_ids=list(still))


async def refuse_given(tx: Tx, chosen: Sequence[Crate]) -> None:
    """Refused: `ALREADY_GIVEN`."""
    given = await tx.fetchrow(queries.OPEN_HANDOVER_OF, [crate.id for crate in chosen], own_places(tx))
    if given is not None:
        seen = given["handover_id"]
        raise AlreadyGiven(handover_id=None if seen is None else str(seen))


async def refuse_blocked_ride(tx: Tx, chosen: Sequence[Crate]) -> None:
    """Refused: `ON_HOLD`, `RECALLED`: only what was packed in quarantine rides on, and goes to quarantine."""
    await crates.refuse_blocked_within(tx, [crate.id for crate in chosen if not crate.quarantine])


async def refuse_not_in(tx: Tx, chosen: Sequence[Crate], place_id: UUID) -> None:
    """Refused: `WRONG_PLACE` with the crates that stand elsewhere."""
    there = {row["crate_id"] for row in await tx.fetch(queries.STAND, [c.id for c in chosen]) if row["id"] == place_id}
    if elsewhere := [str(crate.id) for crate in chosen if crate.id not in there]:
        raise WrongPlace(crate_ids=list(elsewhere))


def refuse_unclean(chosen: Sequence[Crate], cleanliness: str) -> None:
    """Refused: `MIXED_CLEANLINESS` for a dirty crate into a clean place, a clean one into a dirty place. Empty
    decontaminated crates go anywhere."""
    for crate in chosen:
        soiled = crate.dirty_since is not None
        if (soiled and cleanliness == "clean") or (crate.load_state == "clean" and cleanliness == "dirty"):
            raise MixedCleanliness


async def _aboard(tx: Tx, compartment: Compartment) -> tuple[dict[UUID, domain.Rider], list[domain.Rider]]:
    """Crates in this compartment, and in the others of its vehicle."""
    rows = await tx.fetch(queries.ABOARD, compartment.vehicle_id)
    here: dict[UUID, domain.Rider] = {}
    there: list[domain.Rider] = []
    for row in rows:
        rider = domain.Rider(row["flow"], row["soiled"])
        if row["compartment_id"] == compartment.id:
            here[row["id"]] = rider
        else:
            there.append(rider)
    return here, there


async def _flows(tx: Tx, group_id: UUID) -> dict[str, domain.Flow]:
    rows = await tx.fetch(queries.FLOWS, group_id)
    return {
        row["code"]: domain.Flow(row["code"], row["cleanliness"] == "dirty", frozenset(row["incompatible"]))
        for row in rows
    }


async def _state(tx: Tx, compartment: Compartment) -> CompartmentState:
    here, _ = await _aboard(tx, compartment)
    shown = {name: getattr(compartment, name) for name in CompartmentState.model_fields if name != "crate_ids"}
    return CompartmentState(**shown, crate_ids=sorted(here))
