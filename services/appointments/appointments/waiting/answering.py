"""What somebody answers to an offer: yes books the held time or moves a linked visit onto it; no passes it on."""

from typing import cast
from uuid import UUID

import asyncpg

from appointments.appointments import onto
from appointments.appointments import service as appointments
from appointments.appointments.domain import Status, check_patient, local_date
from appointments.appointments.errors import spoken
from appointments.appointments.reach import booked_by_of, people_of, reached
from appointments.appointments.rows import Appointment
from appointments.appointments.schemas import BookIn, ChangedOut, RequesterIn
from appointments.appointments.service import Booking
from appointments.appointments.telling import tell
from appointments.callers import audience_of
from appointments.times import service as times
from appointments.times.service import Crew, Wish
from appointments.waiting import offering, queries
from appointments.waiting.errors import OfferExpired
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound

LIVE = "sent"


async def accept(tx: Tx, offer_id: UUID, *, granted: UUID | None = None) -> ChangedOut:
    """The offered time becomes the person's appointment; a linked later one moves onto it, and its time is offered in
    turn. Accepted before: the same answer. `granted`: the offer whose link this visitor has opened.

    Refused: `NOT_FOUND`, `OFFER_EXPIRED` 410, `PATIENT_BUSY` and what a booking refuses; see `withdrawn_from`.
    """
    offer = await _reached(tx, offer_id, granted)
    if offer["state"] == "accepted":
        taken = await reached(tx, offer["appointment_id"], granted=offer["appointment_id"])
        return taken.changed_out(audience_of(tx.principal), [])
    if offer["state"] != LIVE or offer["expires_at"] <= tx.now:
        raise OfferExpired
    linked = await _linked(tx, offer)
    hold = await tx.fetchrow(queries.HOLD_OF_OFFER, offer["hold_id"])
    if hold is None or (linked is not None and linked.start <= hold["start"]):
        raise OfferExpired  # its time was closed, or the appointment moved by hand: it is no longer sooner
    await offering.settle(tx, offer, "accepted", "booked")
    await tx.execute(queries.CLOSE_FREED, offer["freed_time_id"], "taken", tx.now)
    booked = await (_book(tx, offer, hold) if linked is None else onto.move_onto(tx, linked, offer["hold_id"]))
    await tx.execute(queries.TOOK, offer_id, booked.id)
    return booked


async def decline(tx: Tx, offer_id: UUID, *, granted: UUID | None = None) -> None:
    """No, thank you: the person waits on, the time goes to the next. Declined before: nothing happens again.

    Refused: `NOT_FOUND`, `OFFER_EXPIRED` 410 once it is over or accepted.
    """
    offer = await _reached(tx, offer_id, granted)
    if offer["state"] == "declined":
        return
    if offer["state"] != LIVE or offer["expires_at"] <= tx.now:
        raise OfferExpired
    await offering.pass_on(tx, offer, "declined")


async def give_up_unfit(tx: Tx, offer_id: UUID, *, granted: UUID | None = None) -> None:
    """After an acceptance that was refused (the person is elsewhere at that time, or against a rule): the offer is void
    and its time goes on. In its own transaction, for the refusal has undone the first.
    """
    offer = await _reached(tx, offer_id, granted)
    if offer["state"] == LIVE and offer["expires_at"] > tx.now:
        await offering.pass_on(tx, offer, "void")


async def _reached(tx: Tx, offer_id: UUID, granted: UUID | None) -> asyncpg.Record:
    """The offer, locked after its patient. Refused: `NOT_FOUND`, also for one of somebody else."""
    seen = await tx.fetchrow(queries.OFFER, offer_id)
    if seen is None:
        raise NotFound
    if granted != offer_id:
        people = await people_of(tx)
        if people is not None and seen["patient_id"] not in people:
            raise NotFound
        if booked_by_of(tx) not in (None, seen["created_by"]):
            raise NotFound
    await tx.execute(queries.LOCK_PATIENT, seen["patient_id"])
    offer = await tx.fetchrow(queries.OFFER_LOCKED, offer_id)
    assert offer is not None
    return offer


async def _linked(tx: Tx, offer: asyncpg.Record) -> Appointment | None:
    """The later appointment that is to move, locked, if it still lives."""
    linked = cast(UUID | None, offer["linked_appointment_id"])
    if linked is None:
        return None
    appointment = await reached(tx, linked, lock=True, granted=linked)
    return appointment if appointment.status in ("pending", "booked") else None


async def _book(tx: Tx, offer: asyncpg.Record, hold: asyncpg.Record) -> ChangedOut:
    """A new appointment from the hold, under the audience for which the time was open, shown as its caller may see."""
    audience, patient_id = offer["audience"], offer["patient_id"]
    wish = Wish(offer["reason_id"], hold["mode"], hold["site_id"], hold["practitioner_id"], hold["start"])
    known = await times.facts(tx, wish, audience, patient_id)
    if known.doctor is None or known.record is None:
        raise OfferExpired
    with spoken(phone=known.phone):
        check_patient(known.rules, known.record, local_date(wish.start, known.zone), audience, tx.now)
    status: Status = "pending" if known.needs_confirmation and audience != "secretariat" else "booked"
    requester = RequesterIn.model_validate(offer["requester"]) if offer["requester"] else None
    body = BookIn(hold_id=offer["hold_id"], patient_id=patient_id, requester=requester)
    visit, span = asyncpg.Range(hold["start"], hold["end"]), asyncpg.Range(hold["start"], hold["occupied_until"])
    judged = (wish, known, body, audience, status, offer["language"], visit, span, None, offer["hold_id"])
    booking = Booking(new_id(), patient_id, *judged)
    crew = Crew(known.doctor, hold["resource_ids"][1:])
    row = await appointments.insert(tx, booking, crew)
    if row["outcome"] != "ok":
        raise OfferExpired
    appointment = await appointments.written(tx, booking, crew, row)
    return await tell(
        tx, appointment, "book", audience_of(tx.principal), channel=appointment.channel, offer=str(offer["id"])
    )
