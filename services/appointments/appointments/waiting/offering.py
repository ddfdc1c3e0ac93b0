"""A freed time goes to who waits longest, not to who looks first.

All of it in the transaction that gives the time back, or that ends the offer before: between two owners it is nobody's.
Locks of entries wait for nobody here, for the caller already holds those of an appointment and its time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

import asyncpg

from appointments.appointments.domain import (
    Audience,
    Denied,
    Mode,
    Record,
    Rules,
    check_notice,
    check_patient,
    local_date,
)
from appointments.appointments.rows import Appointment, Happening
from appointments.directory.parameters import StoredParameters
from appointments.holds import service as holds
from appointments.holds.service import Kept
from appointments.messages import service as messages
from appointments.messages.planned import OfferToTell
from appointments.needs import service as needs
from appointments.protocols.errors import ProtocolNotValid
from appointments.times import service as times
from appointments.times.errors import SlotNotOpen, SlotTaken
from appointments.times.service import Wish
from appointments.waiting import domain, queries
from appointments.waiting.domain import Quiet, Span, Terms, Wanted
from appointments.waiting.schemas import EntryState, OfferState
from contracts.appointments import WaitingChanged
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, TimeInvalid

MARGIN = timedelta(minutes=1)
"""How long the hold of an offer outlives it: the job ends it before; without a worker it dies by itself."""
GONE: frozenset[Happening] = frozenset({"cancel", "decline", "leave", "void", "fulfil", "miss"})


@dataclass(frozen=True, slots=True)
class Freed:
    """A time that became free: whose, where, from when until when (buffer included), by which appointment."""

    organisation_id: UUID
    schedule_id: UUID
    practitioner_id: UUID
    site_id: UUID
    start: datetime
    end: datetime
    cause_id: UUID

    @classmethod
    def of(cls, was: Appointment) -> "Freed":
        """What this appointment has just given back."""
        return cls(
            was.organisation_id,
            was.schedule_id,
            was.practitioner_id,
            was.site_id,
            was.start,
            was.occupied_until,
            was.id,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a time is, and how its centre offers times."""

    zone: str
    terms: Terms
    offers_per_entry: int
    offer_refusals: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry, and the time in the freed run that suits it."""

    entry: asyncpg.Record
    wish: Wish
    minutes: timedelta
    occupied: timedelta
    answer_by: datetime

    @property
    def kept(self) -> Kept:
        """The time as it is held: a little longer than it can be answered."""
        start = self.wish.start
        visit, span = asyncpg.Range(start, start + self.minutes), asyncpg.Range(start, start + self.occupied)
        return Kept(visit, span, self.answer_by + MARGIN)


async def freed(tx: Tx, time: Freed) -> None:
    """Offers a time that was just given back, in the same transaction, so that nobody is quicker than who waits."""
    if time.start > tx.now:
        await _offer(tx, new_id(), time)


async def _offer(tx: Tx, freed_id: UUID, time: Freed) -> bool:
    """Offers the time to the first entry that fits, and what that one does not need of it to others. False when there
    is none, and the time is everybody's.
    """
    taken = await _first(tx, freed_id, time)
    if taken is None:
        return False
    for start, end in ((time.start, taken.start), (taken.end, time.end)):
        if end - start >= domain.GRID:
            await freed(tx, replace(time, start=start, end=end))
    return True


async def _first(tx: Tx, freed_id: UUID, time: Freed) -> Span | None:
    """What the first entry that fits is offered, of this time and the free time around it."""
    place = await _place(tx, time)
    if place is None or domain.answer_by(tx.now, time.start, place.zone, place.terms) is None:
        return None
    span = asyncpg.Range(time.start, time.end)
    runs = await tx.fetch(queries.RUNS, time.practitioner_id, time.site_id, span, tx.now)
    if not runs:
        return None
    for entry in await _candidates(tx, freed_id, time, place):
        chosen = _choose(tx, entry, runs, time, place)
        if chosen is not None and await _keep(tx, freed_id, time, place, chosen):
            return Span(chosen.wish.start, chosen.wish.start + chosen.occupied)
    return None


async def _place(tx: Tx, time: Freed) -> Place | None:
    """None when nobody waits for anything at this centre."""
    row = await tx.fetchrow(queries.PLACE, time.organisation_id, time.site_id)
    if row is None:
        return None
    p = StoredParameters.model_validate(row["settings"])
    terms = Terms(
        far=timedelta(minutes=p.offer_far_minutes),
        near=timedelta(minutes=p.offer_near_minutes),
        soon=timedelta(minutes=p.offer_soon_minutes),
        until=timedelta(minutes=p.offer_until_minutes),
        quiet=Quiet(p.quiet_from, p.quiet_to),
    )
    return Place(row["timezone"], terms, p.offers_per_entry, p.offer_refusals)


async def _candidates(tx: Tx, freed_id: UUID, time: Freed, place: Place) -> Sequence[asyncpg.Record]:
    return await tx.fetch(
        queries.CANDIDATES,
        time.organisation_id,
        time.practitioner_id,
        time.site_id,
        local_date(time.start, place.zone),
        time.start,
        tx.now,
        place.offers_per_entry,
        local_date(tx.now, place.zone),
        time.cause_id,
        freed_id,
    )


def _choose(tx: Tx, entry: asyncpg.Record, runs: Sequence[asyncpg.Record], time: Freed, place: Place) -> Chosen | None:
    """The first run and mode in which the entry finds a time that it wants and may have."""
    wanted = _wanted(entry)

    def fits(visit: Span) -> bool:
        return wanted.suits(visit, tx.now, place.zone) and _may(tx, entry, visit.start, place.zone)

    for mode in [entry["linked_mode"]] if entry["linked_id"] else entry["modes"]:
        lengths = _lengths(entry, mode)
        for run in runs:
            open_ = entry["audience"] in run["audiences"] and mode in run["modes"]
            if not open_ or lengths is None or (run["reason_ids"] and entry["reason_id"] not in run["reason_ids"]):
                continue
            whole, gone = Span(run["start"], run["end"]), Span(time.start, time.end)
            start = domain.best_start(whole, gone, *lengths, fits)
            by = None if start is None else domain.answer_by(tx.now, start, place.zone, place.terms)
            if start is not None and by is not None:
                first = not entry["seen"] and not entry["linked_id"]
                wish = Wish(entry["reason_id"], mode, time.site_id, time.practitioner_id, start, first)
                return Chosen(entry, wish, *lengths, by)
    return None


def _wanted(entry: asyncpg.Record) -> Wanted:
    return Wanted(
        entry["from_date"],
        entry["to_date"],
        entry["weekdays"],
        entry["local_from"],
        entry["local_to"],
        timedelta(minutes=entry["min_notice_minutes"]),
        entry["linked_start"],
    )


def _lengths(entry: asyncpg.Record, mode: str) -> tuple[timedelta, timedelta] | None:
    """Of the visit, and with the time kept free behind it: of the appointment that would move, else the reason's."""
    if entry["linked_id"]:
        return entry["linked_minutes"], entry["linked_occupied"]
    way = next((each for each in entry["ways"] if each["mode"] == mode), None)
    if way is None:
        return None
    length = Mode(way["minutes"], way.get("first_visit_minutes"), way.get("buffer_minutes") or 0)
    minutes = length.length(first_visit=not entry["seen"])
    return minutes, minutes + length.buffer


def _may(tx: Tx, entry: asyncpg.Record, start: datetime, zone: str) -> bool:
    """The rules of the reason, as a booking will judge them."""
    rules = Rules(
        timedelta(minutes=entry["reason_notice_minutes"]),
        timedelta(days=entry["max_ahead_days"]),
        entry["min_age"],
        entry["max_age"],
        entry["first_visit"],
        entry["known_patient_only"],
        entry["max_live"],
    )
    near = None if entry["near_id"] is None else str(entry["near_id"])
    online = entry["online_blocked_until"]
    record = Record(entry["birth_date"], entry["seen"], online, entry["live_online"], near)
    moving = entry["linked_id"] is not None
    try:
        check_notice(rules, start, tx.now)
        day: date = local_date(start, zone)
        check_patient(rules, record, day, cast(Audience, entry["audience"]), tx.now, moving=moving)
    except Denied:
        return False
    return True


async def _keep(tx: Tx, freed_id: UUID, time: Freed, place: Place, chosen: Chosen) -> bool:
    """Holds the time for the entry and tells the patient; False when he cannot have it after all."""
    entry, offer_id = chosen.entry, new_id()
    if await tx.fetchval(queries.ELSEWHERE, entry["patient_id"], chosen.kept.visit, entry["linked_id"]):
        return False
    if await tx.fetchval(queries.LOCK_UNCHANGED, entry["id"], entry["version"]) is None:
        return False
    audience, owner = cast(Audience, entry["audience"]), f"offer:{offer_id}"
    try:
        known = await times.facts(tx, chosen.wish, audience)
        hold_id = await holds.keep_for(tx, owner, chosen.wish, known, audience, chosen.kept)
    except (SlotTaken, SlotNotOpen, NotFound, ProtocolNotValid, TimeInvalid):
        return False
    await _write(tx, freed_id, time, place, chosen, offer_id, hold_id)
    return True


async def _write(
    tx: Tx, freed_id: UUID, time: Freed, place: Place, chosen: Chosen, offer_id: UUID, hold_id: UUID
) -> None:
    entry = chosen.entry
    during = asyncpg.Range(time.start, time.end)
    owner = (time.organisation_id, time.schedule_id, time.practitioner_id, time.site_id)
    await tx.execute(queries.ADD_FREED, freed_id, *owner, during, time.cause_id, tx.now)
    day = local_date(tx.now, place.zone)
    values = (offer_id, entry["id"], freed_id, hold_id, chosen.answer_by, tx.now, day)
    version = cast(int, await tx.fetchval(queries.ADD_OFFER, *values))
    changed(tx, entry["id"], time.organisation_id, "offered", version, offer_id)
    tx.audit("waiting.offer", "waiting_entry", entry["id"], time.organisation_id, offer=str(offer_id))
    if not await messages.plan_offer(tx, OfferToTell(offer_id)):
        away = chosen.wish.start - tx.now
        priority = needs.URGENT if away <= domain.NEAR else needs.SOON if away <= domain.FAR else needs.ORDINARY
        patient = (entry["patient_id"], time.organisation_id)
        await needs.need(tx, "offer", offer_id, *patient, due_at=chosen.answer_by, priority=priority)


def changed(
    tx: Tx, entry_id: UUID, organisation_id: UUID, state: EntryState, version: int, offer_id: UUID | None = None
) -> None:
    """Screens that show the list read it again."""
    event = WaitingChanged(entry_id=entry_id, state=state, offer_id=offer_id, version=version)
    tx.emit(event, organisation_id)


# --- how an offer ends --------------------------------------------------------------------------------------------


async def settle(tx: Tx, offer: asyncpg.Record, state: OfferState, entry_state: EntryState) -> None:
    """Writes how a live offer, locked by the caller, ended; what was planned to be said of it is dropped."""
    await tx.execute(queries.END_OFFER, offer["id"], state, tx.now, offer["appointment_id"])
    row = await tx.fetchrow(queries.SET_STATE, offer["entry_id"], entry_state, tx.now)
    assert row is not None
    await messages.drop(tx, offer["id"])
    await needs.settle(tx, offer["id"])
    changed(tx, row["id"], row["organisation_id"], entry_state, row["version"], offer["id"])
    tx.audit(f"waiting.{state}", "waiting_entry", row["id"], row["organisation_id"], offer=str(offer["id"]))


async def pass_on(tx: Tx, offer: asyncpg.Record, state: OfferState, entry_state: EntryState = "waiting") -> None:
    """Ends a live offer, locked by the caller, and offers its time to the next in the same act, or opens it to all."""
    await settle(tx, offer, state, entry_state)
    await holds.give_up(tx, [offer["hold_id"]])
    refused = 0 if state == "void" else 1
    refusals = cast(int, await tx.fetchval(queries.REFUSED, offer["freed_time_id"], refused))
    row = await tx.fetchrow(queries.FREED, offer["freed_time_id"])
    assert row is not None
    time = Freed(*(row[name] for name in Freed.__dataclass_fields__))
    place = await _place(tx, time)
    if place is None or refusals >= place.offer_refusals or not await _offer(tx, row["id"], time):
        await tx.execute(queries.CLOSE_FREED, row["id"], "open", tx.now)


async def follow(tx: Tx, appointment: Appointment, happening: Happening) -> None:
    """An appointment changed otherwise than by its booking. One that an entry would move: gone, the entry waits on
    without it; moved before an offered time, that offer is void.
    """
    if happening not in GONE and happening != "move":
        return
    for row in await tx.fetch(queries.OF_LINKED, appointment.id):
        if happening != "move":
            await tx.execute(queries.UNLINK, row["id"], tx.now)
        elif row["offer_id"] is not None and row["offered_start"] >= appointment.start:
            await give_up(tx, row["offer_id"])


async def give_up(tx: Tx, offer_id: UUID) -> None:
    """An offer that has lost its sense or its time is void, and goes on; one that is being answered is left alone."""
    offer = await tx.fetchrow(queries.OFFER_LOCKED_IF_LEFT_ALONE, offer_id)
    if offer is not None:
        await pass_on(tx, offer, "void")


async def lost(tx: Tx) -> None:
    """After holds were ended by an absence or a closure: the offers that stood on them are void."""
    for row in await tx.fetch(queries.LOST):
        await give_up(tx, row["id"])
