"""Use cases of appointments: booking and reading. What happens to one afterwards is in `changes`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from appointments.appointments import queries
from appointments.appointments.delegating import delegated
from appointments.appointments.domain import Audience, Status, check_notice, check_patient, check_start, local_date
from appointments.appointments.errors import OverbookLimit, PatientBusy, ReasonRequired, spoken
from appointments.appointments.reach import booked_by_of, people_of, reached
from appointments.appointments.rows import Appointment
from appointments.appointments.schemas import AppointmentOut, BookIn, ChangedOut, ChangeOut, HistoryOut
from appointments.appointments.telling import tell
from appointments.callers import audience_of, channel_of
from appointments.holds import service as holds
from appointments.patients import service as patients
from appointments.rounds import where
from appointments.times import service as times
from appointments.times.service import Crew, Doctor, Facts, Wish
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound
from maillage.wire import Page
from maillage.words import Language


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking that has passed the rules and now wants its time."""

    id: UUID
    patient_id: UUID
    wish: Wish
    known: Facts
    body: BookIn
    audience: Audience
    status: Status
    language: Language
    visit: "asyncpg.Range[datetime]"
    span: "asyncpg.Range[datetime]"
    call_id: UUID | None
    hold_id: UUID | None = None
    walk_in: bool = False
    series_id: UUID | None = None


async def book(tx: Tx, body: BookIn, language: Language = "fr", *, series_id: UUID | None = None) -> ChangedOut:
    """A time for a patient: from a hold of the caller, or at once. One transaction; refused as in the endpoint.

    A visit of a series is confirmed with the others, in one message.
    """
    audience = audience_of(tx.principal)
    if body.hold_id is not None:
        return await _confirm(tx, body, body.hold_id, audience, language)
    assert body.reason_id is not None
    assert body.site_id is not None
    assert body.start is not None
    wish = Wish(body.reason_id, body.mode, body.site_id, body.practitioner_id, body.start, body.first_visit)
    with spoken(pointer="/start"):
        check_start(wish.start, tx.now)
    patient_id, known = await judged(tx, body, wish, audience)
    with spoken(pointer="/start"):
        check_notice(known.rules, wish.start, tx.now)
    if body.forced:
        await may_overbook(tx, known, wish, body.overbook_reason)
    visit, span = known.spans(wish)
    status: Status = "pending" if known.needs_confirmation and audience != "secretariat" else "booked"
    booking = Booking(
        new_id(), patient_id, wish, known, body, audience, status, language, visit, span, body.call_id,
        series_id=series_id,
    )  # fmt: skip
    crew, row = await times.take(tx, wish, known, audience, span, lambda crew: insert(tx, booking, crew))
    return await _booked(tx, booking, crew, row)


async def _confirm(tx: Tx, body: BookIn, hold_id: UUID, audience: Audience, language: Language) -> ChangedOut:
    """The hold's time changes owner: nothing is taken, nothing can be lost to others."""
    hold = await holds.locked_for_booking(tx, hold_id)
    wish = Wish(hold["reason_id"], hold["mode"], hold["site_id"], hold["practitioner_id"], hold["start"])
    patient_id, known = await judged(tx, body, wish, audience)
    if known.doctor is None:
        raise NotFound
    crew = Crew(known.doctor, hold["resource_ids"][1:])
    visit, span = asyncpg.Range(hold["start"], hold["end"]), asyncpg.Range(hold["start"], hold["occupied_until"])
    status: Status = "pending" if known.needs_confirmation and audience != "secretariat" else "booked"
    call_id = body.call_id or hold["call_id"]
    booking = Booking(
        new_id(), patient_id, wish, known, body, audience, status, language, visit, span, call_id, hold_id
    )
    return await _booked(tx, booking, crew, await insert(tx, booking, crew))


async def judged(tx: Tx, body: BookIn, wish: Wish, audience: Audience) -> tuple[UUID, Facts]:
    """The patient, known or made from an identity, and the facts with his record: the rules of the reason are met, and
    it is said where a visit outside is.
    """
    patient_id = body.patient_id
    if patient_id is None:
        assert body.identity is not None
        reason = await times.facts(tx, wish, audience)
        row = await patients.find_or_create(tx, body.identity, tx.principal.contact, reason.organisation_id)
        patient_id = cast(UUID, row["id"])
    elif audience == "public" and patient_id not in await patients.reachable_ids(tx):
        raise NotFound
    known = await times.facts(tx, wish, audience, patient_id)
    assert known.record is not None
    with spoken(phone=known.phone):
        check_patient(known.rules, known.record, local_date(wish.start, known.zone), audience, tx.now)
    if body.visit_address is not None:
        where.check_address(wish.mode)
    if wish.mode in where.OUTSIDE:
        await where.check(tx, wish.mode, body.place_id, body.visit_address, audience, known.organisation_id)
    return patient_id, known


async def insert(tx: Tx, booking: Booking, crew: Crew) -> asyncpg.Record:
    """Tries to take the time with a crew and to write the appointment: a row with `outcome`, `changed`, `booked`."""
    values = _columns(tx, booking, crew)
    row = (
        await tx.fetchrow(queries.BOOK, *values)
        if booking.hold_id is None
        else await tx.fetchrow(queries.CONFIRM, *values, booking.hold_id)
    )
    assert row is not None
    return row


def _columns(tx: Tx, booking: Booking, crew: Crew) -> list[object]:
    """In the order of BOOK."""
    body, known, wish = booking.body, booking.known, booking.wish
    person = tx.principal.person_id
    return [
        booking.id,
        known.organisation_id,
        booking.patient_id,
        wish.reason_id,
        wish.mode,
        crew.doctor.schedule_id,
        crew.doctor.practitioner_id,
        wish.site_id,
        body.place_id,
        crew.assistants,
        crew.rooms,
        booking.visit,
        booking.span,
        local_date(wish.start, known.zone),
        booking.status,
        booking.audience,
        channel_of(tx.principal, booking.call_id),
        tx.principal.sub,
        booking.call_id,
        _requester(body),
        body.forced,
        body.overbook_reason,
        person if booking.audience == "regulator" else None,
        tx.principal.org if booking.audience == "partner" else None,
        body.note,
        booking.language,
        tx.now,
        tx.principal.role,
        booking.walk_in,
        _address(body),
    ]


def _address(body: BookIn) -> dict[str, JsonValue] | None:
    return body.visit_address.model_dump(mode="json", exclude_none=True) if body.visit_address else None


def _requester(body: BookIn) -> dict[str, object] | None:
    return body.requester.model_dump(mode="json", exclude_none=True) if body.requester else None


async def _booked(tx: Tx, booking: Booking, crew: Crew, row: asyncpg.Record) -> ChangedOut:
    """What the others hear, once the row is written."""
    appointment = await written(tx, booking, crew, row)
    return await tell(
        tx,
        appointment,
        "book",
        booking.audience,
        silent=booking.series_id is not None,
        channel=appointment.channel,
        overbooked=appointment.overbooked,
        hold_id=str(booking.hold_id) if booking.hold_id else None,
    )


async def written(tx: Tx, booking: Booking, crew: Crew, row: asyncpg.Record) -> Appointment:
    """As it now stands; the patient's own other appointment refuses it."""
    if not row["booked"]:
        await refuse_busy(tx, booking.patient_id, booking.visit, None)
    return await delegated(tx, _appointment(tx, booking, crew), booking.known.protocol)


def _appointment(tx: Tx, booking: Booking, crew: Crew) -> Appointment:
    """As it was just written, without reading it again."""
    body, known, wish = booking.body, booking.known, booking.wish
    return Appointment(
        id=booking.id,
        organisation_id=known.organisation_id,
        patient_id=booking.patient_id,
        reason_id=wish.reason_id,
        mode=wish.mode,  # type: ignore[arg-type]  # it is one of the reason's modes
        schedule_id=crew.doctor.schedule_id,
        practitioner_id=crew.doctor.practitioner_id,
        site_id=wish.site_id,
        place_id=body.place_id,
        resource_ids=crew.resource_ids,
        start=cast(datetime, booking.visit.lower),
        end=cast(datetime, booking.visit.upper),
        occupied_until=cast(datetime, booking.span.upper),
        status=booking.status,
        version=1,
        audience=booking.audience,
        channel=channel_of(tx.principal, booking.call_id),
        booked_by=tx.principal.sub,
        call_id=booking.call_id,
        requester=_requester(body),  # type: ignore[arg-type]  # JSON
        overbooked=body.forced,
        overbook_reason=body.overbook_reason,
        late=False,
        excused=False,
        cancel_reason=None,
        conflict=None,
        note=body.note,
        language=booking.language,
        partner_id=tx.principal.org if booking.audience == "partner" else None,
        created_at=tx.now,
        changed_at=tx.now,
        series_id=booking.series_id,
        protocol_id=None,
        delegating_physician_id=None,
        protocol_until=None,
        timezone=known.zone,
        finess=known.site_finess,
        rpps=crew.doctor.rpps,
        unscheduled=known.unscheduled,
        settings=known.settings,
        phone=known.phone,
        visit_address=_address(body),
        walk_in=booking.walk_in,
    )


async def may_overbook(tx: Tx, known: Facts, wish: Wish, reason: str | None, besides: UUID | None = None) -> None:
    """Refused: 403 without the right or over another's times; `REASON_REQUIRED`; `OVERBOOK_LIMIT` per half-day."""
    reach = tx.principal.reach("appointment.overbook")
    doctor: Doctor | None = known.doctor
    if reach is None or (reach == "s" and (doctor is None or doctor.person_id != tx.principal.person_id)):
        raise NotAllowed
    if not reason:
        raise ReasonRequired(pointer="/overbook_reason")
    if doctor is not None:
        limit = known.limits.overbook_limit
        await keep_overbook_limit(tx, doctor.practitioner_id, wish.start, known.zone, limit, besides)


async def keep_overbook_limit(
    tx: Tx, practitioner_id: UUID, start: datetime, zone: str, limit: int, besides: UUID | None
) -> None:
    """Refused: `OVERBOOK_LIMIT`. Overbookings of one practitioner are judged one after the other."""
    await tx.execute(queries.LOCK_PRACTITIONER, practitioner_id)
    day = local_date(start, zone)
    counted = await tx.fetchval(queries.OVERBOOKED, practitioner_id, day, start, zone, besides)
    if cast(int, counted) >= limit:
        raise OverbookLimit(limit=limit)


async def refuse_busy(tx: Tx, patient_id: UUID, visit: "asyncpg.Range[datetime]", besides: UUID | None) -> None:
    """Raises `PATIENT_BUSY`, naming the other appointment to those who may read it."""
    other = await tx.fetchrow(queries.PATIENT_AT, patient_id, visit, besides)
    if other is None or tx.principal.reach("appointment.read") is None or booked_by_of(tx) is not None:
        raise PatientBusy
    raise PatientBusy(appointment_id=str(other["id"]), start=other["start"].isoformat())


# --- reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; None: not asked."""

    day: date | None = None
    site: UUID | None = None
    practitioner: UUID | None = None
    patient: UUID | None = None
    statuses: list[Status] | None = None
    conflict: bool | None = None
    call_id: UUID | None = None


async def read(tx: Tx, appointment_id: UUID, *, granted: UUID | None = None) -> AppointmentOut:
    """One appointment in the caller's reach."""
    found = await reached(tx, appointment_id, granted=granted)
    _note_opened(tx, found.patient_id, found.organisation_id, appointment_id)
    return found.out(audience_of(tx.principal))


def _note_opened(tx: Tx, patient_id: UUID, organisation_id: UUID, appointment_id: UUID | None = None) -> None:
    """Somebody looked at what one patient comes for: it is in the audit of the patient. A day's list is not: it says
    nobody's name, and who works with it opens the files one by one."""
    if audience_of(tx.principal) != "public":
        what = str(appointment_id) if appointment_id else None
        tx.audit("appointment.read", "patient", patient_id, organisation_id, appointment=what)


async def history(tx: Tx, appointment_id: UUID) -> HistoryOut:
    """All that happened to it, oldest first."""
    found = await reached(tx, appointment_id)
    _note_opened(tx, found.patient_id, found.organisation_id, appointment_id)
    public = audience_of(tx.principal) == "public"
    rows = await tx.fetch(queries.HISTORY, appointment_id)
    return HistoryOut(items=[ChangeOut(**{**dict(row), "by": None if public else row["by"]}) for row in rows])


async def listed(tx: Tx, asked: Filter, after: str | None, limit: int) -> Page[AppointmentOut]:
    """Appointments by start. Asked for neither day, patient nor call: from today on, for professionals."""
    last = cursor.decode(after, datetime, UUID) or (None, None)
    people = await people_of(tx)
    narrow = asked.day or asked.patient or asked.call_id or people is not None
    rows = await tx.fetch(
        queries.LIST,
        people,
        booked_by_of(tx),
        asked.day,
        asked.site,
        asked.practitioner,
        asked.patient,
        asked.statuses,
        asked.conflict,
        asked.call_id,
        None if narrow else tx.now,
        *last,
        limit + 1,
    )
    shown = rows[:limit]
    if asked.patient is not None and shown:
        _note_opened(tx, asked.patient, shown[0]["organisation_id"])
    following = cursor.encode(shown[-1]["start"], shown[-1]["id"]) if len(rows) > limit else None
    audience = audience_of(tx.principal)
    return Page[AppointmentOut](items=[Appointment.of(row).out(audience) for row in shown], next_cursor=following)
