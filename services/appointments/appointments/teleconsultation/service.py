"""Use cases of teleconsultations: what a join and the timed job do on the base; `joining` calls the provider between
them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import asyncpg

from appointments.appointments import changes
from appointments.appointments.reach import reached
from appointments.appointments.rows import Appointment
from appointments.appointments.schemas import ChangedOut
from appointments.callers import audience_of
from appointments.links import service as links
from appointments.messages import service as messages
from appointments.needs import service as needs
from appointments.teleconsultation import domain, queries
from appointments.teleconsultation.errors import NotByVideo, RoomNotOpen
from appointments.teleconsultation.schemas import ByPhoneIn
from appointments.teleconsultation.video import Adapter, Room
from maillage.database import Tx
from maillage.ids import new_token
from maillage.refusals import NotAllowed, WrongState

LIVE = ("pending", "booked", "arrived")
HOSTS = ("practitioner", "nurse")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """A teleconsultation as the provider is asked for it. `room` none: not yet opened."""

    id: UUID
    ref: str
    start: datetime
    end: datetime
    room: Room | None
    patient_seen_at: datetime | None = None


async def for_patient(tx: Tx, appointment_id: UUID) -> Visit | None:
    """The visit whose room the patient asks for; None while the door is closed, or by telephone. Refused: 404."""
    granted = appointment_id if await links.granted(tx, appointment_id) else None
    appointment = await reached(tx, appointment_id, lock=True, granted=granted)
    is_open = domain.patients_door(appointment.start, tx.now) == "open"
    if appointment.mode != "teleconsultation" or appointment.status not in ("booked", "arrived") or not is_open:
        return None
    visit = await _visit(tx, appointment)
    if visit is not None:
        await tx.execute(queries.PATIENT_SEEN, appointment.id, tx.now)
        tx.audit("room.join", "appointment", appointment.id, appointment.organisation_id)
    return visit


async def for_host(tx: Tx, appointment_id: UUID) -> Visit:
    """The same for the practitioner of the visit. Refused: 404, 403 for another's visit, `NOT_BY_VIDEO`,
    `ROOM_NOT_OPEN`.
    """
    appointment = await reached(tx, appointment_id, lock=True)
    person_id = await tx.fetchval(queries.PERSON_OF, appointment.practitioner_id)
    if tx.principal.role not in HOSTS or person_id is None or person_id != tx.principal.person_id:
        raise NotAllowed
    if appointment.mode != "teleconsultation" or appointment.status not in (*LIVE, "fulfilled"):
        raise NotByVideo
    if domain.hosts_door(appointment.start, appointment.end, tx.now) != "open":
        opens, closes = appointment.start - domain.OPENED_BEFORE, appointment.end + domain.HOST_AFTER_END
        raise RoomNotOpen(opens_at=opens.isoformat(), closes_at=closes.isoformat())
    visit = await _visit(tx, appointment)
    if visit is None:
        raise NotByVideo
    await tx.execute(queries.HOST_SEEN, appointment.id, tx.now)
    tx.audit("room.host", "appointment", appointment.id, appointment.organisation_id)
    return visit


async def to_open(tx: Tx, appointment_id: UUID) -> Visit | None:
    """A visit that the timed job found; None when it changed meanwhile."""
    appointment = await reached(tx, appointment_id, lock=True)
    return await _visit(tx, appointment) if appointment.status in LIVE else None


async def _visit(tx: Tx, appointment: Appointment) -> Visit | None:
    """With the word by which the provider knows it; None when it has gone over to the telephone."""
    row = await _room(tx, appointment)
    if row["fallback_at"] is not None:
        return None
    room = Room(cast(Adapter, row["provider"]), row["room_ref"]) if row["opened_at"] else None
    return Visit(appointment.id, row["ref"], appointment.start, appointment.end, room, row["patient_seen_at"])


async def _room(tx: Tx, appointment: Appointment) -> asyncpg.Record:
    await tx.execute(queries.ENSURE, appointment.id, appointment.organisation_id, new_token(), appointment.start)
    row = await tx.fetchrow(queries.ROOM, appointment.id)
    assert row is not None
    return row


async def opened(tx: Tx, visit: Visit, room: Room) -> None:
    """The provider has opened a room."""
    await tx.execute(queries.OPENED, visit.id, visit.start, room.provider, room.id, tx.now)


async def by_phone(tx: Tx, appointment_id: UUID, body: ByPhoneIn, if_match: int | None = None) -> ChangedOut:
    """The visit goes on by telephone: noted, told, and given to the telesecretaries when no number is known. A second
    time: the same answer, and nothing happens.

    Refused: 404, 403 for the public, `NOT_BY_VIDEO`, `WRONG_STATE`, 412.
    """
    if audience_of(tx.principal) != "secretariat":
        raise NotAllowed
    appointment = await changes.asked(tx, appointment_id, if_match)
    if appointment.mode != "teleconsultation":
        raise NotByVideo
    if appointment.status not in LIVE:
        raise WrongState(state=appointment.status, allowed=[])
    return await _fall_back(tx, appointment, body.reason)


async def give_up_video(tx: Tx, visit: Visit) -> None:
    """The provider did not answer in time: by telephone, unless the visit has changed meanwhile."""
    appointment = await reached(tx, visit.id, lock=True)
    if appointment.status in LIVE and appointment.start == visit.start:
        await _fall_back(tx, appointment, "video provider unavailable")


async def _fall_back(tx: Tx, appointment: Appointment, why: str) -> ChangedOut:
    audience = audience_of(tx.principal)
    if (await _room(tx, appointment))["fallback_at"] is not None:
        return appointment.changed_out(audience, [])
    await tx.execute(queries.FALL_BACK, appointment.id, tx.now, why)
    noted = await changes.note(tx, appointment, "by_phone", appointment.status, why, by_phone=True)
    channels = await messages.plan_by_phone(tx, noted)
    if await tx.fetchval(queries.PHONE_OF, appointment.id) is None:
        due_at, patient_id = max(tx.now, appointment.start), appointment.patient_id
        organisation_id = appointment.organisation_id
        await needs.need(tx, "teleconsultation", appointment.id, patient_id, organisation_id, due_at, needs.URGENT)
    return noted.changed_out(audience, list(channels))


async def due(tx: Tx) -> list[UUID]:
    """Visits whose room is to be opened now, the soonest first."""
    # allow day-of-a-place: the days on both sides are looked at too
    today = tx.now.date()
    days = [today - DAY, today, today + DAY]
    return [row["id"] for row in await tx.fetch(queries.DUE, days, tx.now - DAY / 24, tx.now + domain.OPENED_BEFORE)]


async def done(tx: Tx) -> list[tuple[UUID, Room]]:
    """Rooms that nobody needs any more."""
    rows = await tx.fetch(queries.DONE, tx.now - domain.HOST_AFTER_END)
    return [(row["appointment_id"], Room(cast(Adapter, row["provider"]), row["room_ref"])) for row in rows]


async def closed(tx: Tx, appointment_id: UUID) -> None:
    """The provider has closed it."""
    await tx.execute(queries.CLOSED, appointment_id, tx.now)


async def is_development_room(tx: Tx, ref: str) -> bool:
    """Whether a page of ours stands for this room."""
    return bool(await tx.fetchval(queries.DEVELOPMENT_ROOM, ref))
