"""Use cases of visits without an appointment: a place in a walk-in window of today, taken at the desk."""

from dataclasses import replace
from datetime import date, datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.appointments import changes
from appointments.appointments import service as appointments
from appointments.appointments.rows import Appointment
from appointments.appointments.schemas import BookIn
from appointments.appointments.service import Booking
from appointments.appointments.telling import tell
from appointments.callers import audience_of
from appointments.patients.shown import called
from appointments.times import service as times
from appointments.times.errors import SlotNotOpen, SlotTaken
from appointments.times.service import Doctor, Facts, Wish
from appointments.walk_ins import domain, queries
from appointments.walk_ins.errors import NoWalkInToday, WalkInFull
from appointments.walk_ins.schemas import QueueOut, Waiting, WalkInIn, WalkInOut, WalkInState
from maillage import cursor as cursors
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound
from maillage.words import Language

DESK = ("front_desk", "practitioner", "nurse")
ROUNDS = 20
"""How often places are looked at again when other desks took them meanwhile: each round, one of them got one."""
STATES: dict[str, WalkInState] = {"booked": "waiting", "arrived": "waiting", "fulfilled": "seen"}


async def take_in(tx: Tx, body: WalkInIn, language: Language = "fr") -> WalkInOut:
    """The next place of today for somebody at the desk: booked and arrived in one act.

    Refused: 403 for who is not at the desk, `WALK_IN_FULL`, `NO_WALK_IN_TODAY`, and what a booking refuses of the
    patient and the reason.
    """
    if tx.principal.role not in DESK:
        raise NotAllowed
    wish = Wish(body.reason_id, "on_site", body.site_id, body.practitioner_id, domain.rounded_up(tx.now))
    asked = BookIn(
        reason_id=body.reason_id,
        site_id=body.site_id,
        start=wish.start,
        patient_id=body.patient_id,
        identity=body.identity,
        note=body.note,
    )
    patient_id, known = await appointments.judged(tx, asked, wish, audience_of(tx.principal))
    if body.practitioner_id is not None and known.doctor is None:
        raise NotFound
    for _ in range(ROUNDS):
        choices = await _choices(tx, wish, known)
        for place, doctor in choices:
            chosen = replace(wish, practitioner_id=doctor.practitioner_id, start=place.start)
            made = await _try(tx, asked, patient_id, chosen, replace(known, doctor=doctor), language)
            if made is not None:
                return await _arrived(tx, made)
    raise WalkInFull


async def _choices(tx: Tx, wish: Wish, known: Facts) -> list[tuple[domain.Place, Doctor]]:
    """Where there is a place now, the best first. Refused: `NO_WALK_IN_TODAY`, `WALK_IN_FULL`."""
    today = tx.now.astimezone(ZoneInfo(known.zone)).date()
    asked = (wish.site_id, today, tx.now, wish.reason_id, wish.practitioner_id)
    rows = await tx.fetch(queries.WINDOWS, *asked, list(known.professions))
    windows = [
        domain.Window(row["practitioner_id"], row["load"], [(run.lower, run.upper) for run in row["free"]])
        for row in rows
    ]
    found = domain.places(windows, tx.now, known.mode.length(first_visit=False) + known.mode.buffer)
    if not found:
        following = cast(datetime | None, await tx.fetchval(queries.NEXT, *asked))
        opening = following.astimezone(ZoneInfo(known.zone)).isoformat() if following else None
        raise WalkInFull(next_opening=opening) if rows else NoWalkInToday(next_opening=opening)
    doctors = {
        row["practitioner_id"]: Doctor(row["practitioner_id"], row["schedule_id"], row["rpps"], row["person_id"])
        for row in rows
    }
    return [(place, doctors[place.practitioner_id]) for place in found]


async def _try(
    tx: Tx, asked: BookIn, patient_id: UUID, wish: Wish, known: Facts, language: Language
) -> Appointment | None:
    """The appointment, or None when another desk was faster."""
    visit, span = known.spans(wish)
    audience = audience_of(tx.principal)
    booking = Booking(
        new_id(), patient_id, wish, known, asked, audience, "booked", language, visit, span, None, walk_in=True
    )
    try:
        crew, row = await times.take(
            tx, wish, known, audience, span, lambda crew: appointments.insert(tx, booking, crew)
        )
    except (SlotTaken, SlotNotOpen):
        return None
    made = await appointments.written(tx, booking, crew, row)
    await tell(tx, made, "book", audience, silent=True, channel=made.channel, walk_in=True)
    return made


async def _arrived(tx: Tx, made: Appointment) -> WalkInOut:
    """He is here, whenever his turn is: no guard of arrivals, and nothing that a message could tell him."""
    arrived = await changes.note(tx, made, "arrive", "arrived")
    rank = cast(int, await tx.fetchval(queries.RANK, arrived.id))
    return WalkInOut.model_validate({**dict(arrived.out(audience_of(tx.principal))), "rank": rank})


async def queue(tx: Tx, site_id: UUID, day: date | None, limit: int, cursor: str | None) -> QueueOut:
    """Who waits in which order at a site on a local day, today by default; at most `limit` lines. Professionals of the
    centre; refused: 404 for a site out of reach, 403 for others.
    """
    if audience_of(tx.principal) != "secretariat":
        raise NotAllowed
    site = await tx.fetchrow(queries.SITE, site_id)
    if site is None:
        raise NotFound
    zone = ZoneInfo(site["timezone"])
    day = day or tx.now.astimezone(zone).date()
    after = cursors.decode(cursor, int) or (0,)
    rows = await tx.fetch(queries.QUEUE, site_id, day, after[0], limit + 1)
    counts = await tx.fetchrow(queries.COUNTS, site_id, day)
    assert counts is not None
    tx.audit("walk_ins.read", "site", site_id, site["organisation_id"], day=day.isoformat())
    following = cursors.encode(rows[limit - 1]["rank"]) if len(rows) > limit else None
    items = [_line(row, zone) for row in rows[:limit]]
    return QueueOut(
        items=items, waiting=counts["waiting"], seen=counts["seen"], left=counts["gone"], next_cursor=following
    )


def _line(row: asyncpg.Record, zone: ZoneInfo) -> Waiting:
    state = STATES.get(row["status"], "left")
    return Waiting(
        rank=row["rank"],
        state=state,
        appointment_id=row["appointment_id"],
        version=row["version"],
        patient_id=row["patient_id"],
        display_name=called(row),
        practitioner_id=row["practitioner_id"],
        arrived_at=row["arrived_at"].astimezone(zone),
        estimated_at=row["start"].astimezone(zone) if state == "waiting" else None,
    )
