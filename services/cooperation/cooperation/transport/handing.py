"""Use cases of hand-overs: one person gives, another takes, each under their own badge; each crate is scanned twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from contracts.cooperation import HandoverRecorded
from cooperation.continuity.guard import refuse_without_plan
from cooperation.custody.moving import Subject, move
from cooperation.issues.opening import Subject as Concerned
from cooperation.issues.opening import open_issue
from cooperation.members.errors import ReferenceUnknown
from cooperation.members.parameters import group
from cooperation.orders.carrying import left
from cooperation.trace.recording import add, change
from cooperation.transport import crates, queries, vehicles
from cooperation.transport.errors import HandoverIncomplete, NotLocked, SamePersonHandsOver
from cooperation.transport.finding import crate_id, crate_ids, ours, place, reached
from cooperation.transport.packing import register, seal_differs
from cooperation.transport.rows import Crate, Handover
from cooperation.transport.schemas import HandoverIn, HandoverOut, HandoverTake
from cooperation.transport.seeing import handover
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Invalid, NotFound, WrongState

OLDEST = timedelta(hours=48)
AHEAD = timedelta(minutes=1)


async def give(tx: Tx, body: HandoverIn) -> HandoverOut:
    """Crates are given. They move when they are taken; left unattended they are in the locked place at once.

    Refused: `NOT_FOUND` for a place that is not the caller's, `WRONG_PLACE`, `ALREADY_GIVEN`, `CRATE_NOT_SEALED`,
    `MIXED_CLEANLINESS`, `ON_HOLD`, `RECALLED` unless it goes to quarantine, `NOT_LOCKED`, `NO_CONTINUITY_PLAN`."""
    at, start, end = _done_at(tx, body.at), await place(tx, body.from_place_id), await place(tx, body.to_place_id)
    if not reached(tx, start["organisation_id"]):
        raise NotFound
    if start["id"] == end["id"] or end["kind"] == "crate":
        raise Invalid(pointer="/to_place_id")
    chosen = await crates.all_locked(tx, await crate_ids(tx, body.crates))
    await vehicles.refuse_given(tx, chosen)
    await vehicles.refuse_not_in(tx, chosen, body.from_place_id)
    await vehicles.refuse_open(tx, chosen)
    await _refuse_way(tx, chosen, end)
    given = await _given(tx, body, at, start, end, chosen)
    if body.unattended is not None:
        await _carry(tx, given, chosen, start, end, at)
    await left(tx, [crate.id for crate in chosen], at)
    _tell(tx, given, chosen, (start, end), at)
    return await handover(tx, given.id)


async def take(tx: Tx, handover_id: UUID, body: HandoverTake) -> HandoverOut:
    """Another person takes them: each crate scanned, or a reason. Another seal than recorded, a crate that is not
    there: accepted, with an issue. Refused: `WRONG_STATE` when taken already, `SAME_PERSON`, `HANDOVER_INCOMPLETE`,
    `NOT_FOUND` at a place that is not the caller's, `ON_HOLD`, `RECALLED`; into a vehicle what `refuse_ride` says."""
    at, rows = _done_at(tx, body.at), await tx.fetch(queries.HANDED, handover_id)
    chosen = {crate.id: crate for crate in await crates.all_locked(tx, [row["crate_id"] for row in rows])}
    given = await _still_given(tx, handover_id)
    end = await _end(tx, given, body.quarantine_place_id)
    seals = {await crate_id(tx, each.code, f"/crates/{n}"): each.seal for n, each in enumerate(body.crates)}
    _refuse_incomplete(set(chosen), set(seals), {each.crate_id for each in body.missing})
    here = [chosen[each] for each in seals]
    await _refuse_way(tx, here, end)
    at = max(at, given.given_at)
    start = await place(tx, given.from_place_id)
    await _carry(tx, given, here, None if given.unattended else start, end, at)
    for crate in here:
        await tx.execute(queries.TAKEN, given.id, crate.id, seals[crate.id])
        await _compare(tx, crate, seals[crate.id], at)
    for each in body.missing:
        await tx.execute(queries.MISSING, given.id, each.crate_id, each.reason)
        about = Concerned("crate", each.crate_id, ours(tx, given.group_id), given.group_id)
        await open_issue(tx, about, "crate_missing", "major")
    taken = replace(given, state="taken", taken_by=tx.principal.sub, taken_at=at, take_by=None, to_place_id=end["id"])
    facts = {"crate_ids": list(seals), "missing": [each.crate_id for each in body.missing]}
    taken = await change(tx, given, taken, "handover.taken", at=at, facts=facts)
    _tell(tx, taken, here, (start, end), at)
    return await handover(tx, given.id)


async def _given(
    tx: Tx, body: HandoverIn, at: datetime, start: Record, end: Record, chosen: Sequence[Crate]
) -> Handover:
    take_by = None
    if body.unattended is not None:
        if not end["locked"]:
            raise NotLocked
        take_by = at + timedelta(hours=(await group(tx, start["group_id"])).parameters.unattended_h)
    await _refuse_other_stop(tx, body.stop_id, {start["site_id"], end["site_id"]})
    whose = end if start["organisation_id"] == start["group_id"] else start
    made = Handover(
        id=new_id(),
        organisation_id=whose["organisation_id"],
        created_at=tx.now,
        group_id=start["group_id"],
        from_place_id=start["id"],
        to_place_id=end["id"],
        stop_id=body.stop_id,
        given_by=tx.principal.sub,
        given_at=at,
        unattended=body.unattended.reason if body.unattended else None,
        take_by=take_by,
    )
    await add(tx, made, "handover.given", at=at, facts={"crate_ids": [crate.id for crate in chosen]})
    rows = [(made.id, crate.id, made.organisation_id, made.group_id, crate.seal) for crate in chosen]
    await tx.executemany(queries.ADD_HANDED, rows)
    return made


async def _still_given(tx: Tx, handover_id: UUID) -> Handover:
    row = await tx.fetchrow(queries.LOCK_HANDOVER, handover_id)
    if row is None:
        raise NotFound
    given = Handover.of(row)
    if not reached(tx, (await place(tx, given.to_place_id))["organisation_id"]):
        raise NotFound
    if given.state != "given":
        raise WrongState(state=given.state, allowed=["given"])
    if given.given_by == tx.principal.sub:
        raise SamePersonHandsOver
    return given


async def _end(tx: Tx, given: Handover, quarantine_place_id: UUID | None) -> Record:
    """Where they are put: the place they were given to, or the quarantine of its site."""
    end = await place(tx, given.to_place_id)
    if quarantine_place_id is None:
        return end
    quarantine = await place(tx, quarantine_place_id)
    same = end["site_id"] is None or quarantine["site_id"] == end["site_id"]
    if quarantine["kind"] != "quarantine" or not same or not reached(tx, quarantine["organisation_id"]):
        raise Invalid(pointer="/quarantine_place_id")
    return quarantine


async def _refuse_way(tx: Tx, chosen: Sequence[Crate], end: Record) -> None:
    if end["kind"] == "compartment":
        await vehicles.refuse_blocked_ride(tx, chosen)
        return
    vehicles.refuse_unclean(chosen, end["cleanliness"])
    await refuse_without_plan(tx, end["id"])
    if end["kind"] != "quarantine":
        await crates.refuse_blocked_within(tx, [crate.id for crate in chosen])


async def _carry(
    tx: Tx, given: Handover, chosen: Sequence[Crate], start: Record | None, end: Record, at: datetime
) -> None:
    """Crates go into place. `start`: where they come from, None when they were left at the end before."""
    if not chosen:
        return
    if end["kind"] == "compartment":
        compartment = await vehicles.locked(tx, end["id"])
        await vehicles.come_aboard(tx, compartment, chosen, at, handover_id=given.id)
    else:
        for crate in chosen:
            thing = Subject("crate", crate.id, crate.organisation_id, crate.group_id)
            await move(tx, thing, end["id"], at, handover_id=given.id)
    if start is not None and start["kind"] == "compartment":
        await vehicles.went_ashore(tx, await vehicles.any_locked(tx, start["id"]), chosen, at)


async def _compare(tx: Tx, crate: Crate, seal: str | None, at: datetime) -> None:
    if seal == crate.seal:
        return
    await seal_differs(tx, crate)
    if seal is not None:
        await register(tx, crate, seal)
    await change(tx, crate, replace(crate, seal=seal), "crate.seal_differed", at=at)


async def _refuse_other_stop(tx: Tx, stop_id: UUID | None, sites: set[UUID | None]) -> None:
    stop = None if stop_id is None else await tx.fetchrow(queries.STOP, stop_id)
    if stop_id is not None and (stop is None or stop["site_id"] not in sites):
        raise ReferenceUnknown(pointer="/stop_id")


def _refuse_incomplete(given: set[UUID], scanned: set[UUID], excused: set[UUID]) -> None:
    missing, unexpected = given - scanned - excused, (scanned | excused) - given
    if missing or unexpected or scanned & excused:
        unexpected |= scanned & excused
        raise HandoverIncomplete(
            missing=[str(each) for each in sorted(missing)], unexpected=[str(each) for each in sorted(unexpected)]
        )


def _done_at(tx: Tx, at: datetime | None) -> datetime:
    if at is not None and not tx.now - OLDEST <= at <= tx.now + AHEAD:
        raise Invalid(pointer="/at")
    return at or tx.now


def _tell(tx: Tx, told: Handover, chosen: Sequence[Crate], ends: tuple[Record, Record], at: datetime) -> None:
    """To the organisations at both ends, as far as the caller reaches; each is told of the same crates."""
    owners = {end["organisation_id"] for end in ends}
    event = HandoverRecorded(
        handover_id=told.id,
        state=told.state,
        from_place_id=told.from_place_id,
        to_place_id=told.to_place_id,
        crate_ids=[crate.id for crate in chosen],
        at=at,
    )
    for owner in sorted({ours(tx, owner) for owner in owners}):
        tx.emit(event, owner)
