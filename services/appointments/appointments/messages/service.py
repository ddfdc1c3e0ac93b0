"""Use cases of messages: planned with the change they tell of, read, and ordered again. `sending` lets them leave."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import asyncpg

from appointments.appointments.rows import Appointment
from appointments.messages import domain, queries
from appointments.messages.planned import OfferToTell, ProposalToTell, Told, What
from appointments.messages.schemas import Channel, Kind, MessageOut, State
from appointments.messages.sending import queries as sending
from appointments.needs import service as needs
from appointments.patients.fields import is_mobile
from appointments.patients.service import contact_value_of
from maillage import cursor
from maillage.database import Tx
from maillage.principal import Principal
from maillage.refusals import NotFound, WrongState
from maillage.wire import Page

_FACE_TO_FACE = frozenset({"telesecretary", "supervisor", "front_desk", "regulator"})
"""Who acts while the patient is on the phone or at the desk: he awaits the message that says so."""


async def plan(tx: Tx, appointment: Appointment, kind: Kind | None) -> list[Channel]:
    """Plans what the patient is told of this version of the appointment and its reminders, and drops what was planned
    for earlier ones. `kind` none: reminders only, for a change that the patient knows of.

    In the transaction of the change itself. Returns the channels; none when nobody can be reached or it has begun.
    """
    told = Told.of(appointment)
    if told.version > 1:
        await needs.settle(tx, appointment.id)  # what nobody could be told of is no longer so
    if told.start <= tx.now:
        await tx.execute(queries.DROP_EARLIER, told.appointment_id, told.version)
        return []
    return await _plan(tx, told, What(kind, _due(tx, told, kind), drops=told.version, reminds=True))


async def plan_series(tx: Tx, series_id: UUID, appointments: Sequence[Appointment]) -> list[Channel]:
    """One message for all visits of a series instead of a confirmation each; their reminders come with their silent
    bookings. It hangs on the first visit, whose link it carries. Returns the channels.
    """
    first = min(appointments, key=lambda each: each.start, default=None)
    if first is None or first.start <= tx.now:
        return []
    return await _plan(tx, Told.of(first), What("series", tx.now, series_id))


async def plan_proposal(tx: Tx, item: ProposalToTell) -> list[Channel]:
    """Tells the patient that the visit cannot take place as planned, and which time is proposed. What was planned of
    earlier rounds is dropped. Returns the channels; none: somebody must call.
    """
    told = await _told(tx, queries.TOLD_OF_APPOINTMENT, item.appointment_id)
    if item.number > 1:
        await drop(tx, item.item_id)
    return await _plan(tx, told, What("proposal", _quiet(tx, told), item.item_id, item.number))


async def plan_kept(tx: Tx, item: ProposalToTell) -> list[Channel]:
    """Tells who was proposed another time that the visit takes place as it was planned. Returns the channels."""
    told = await _told(tx, queries.TOLD_OF_APPOINTMENT, item.appointment_id)
    spoken_at = domain.due_when_spoken(tx.now, told.timezone, told.rhythm, before=told.start)
    return await _plan(tx, told, What("confirmation", spoken_at, item.item_id, item.number))


async def plan_offer(tx: Tx, offer: OfferToTell) -> list[Channel]:
    """Tells who waits that a time is free, and until when it is kept. Returns the channels; none: somebody must
    call.
    """
    told = await _told(tx, queries.TOLD_OF_OFFER, offer.offer_id)
    return await _plan(tx, told, What("offer", _quiet(tx, told), offer.offer_id))


async def plan_by_phone(tx: Tx, appointment: Appointment) -> list[Channel]:
    """Tells the patient that the teleconsultation goes on by telephone: at once, at any hour. Returns the channels."""
    return await _plan(tx, Told.of(appointment), What("by_phone", tx.now))


async def told_by(tx: Tx, message: asyncpg.Record) -> Told:
    """What a message is about, as it now stands."""
    if message["appointment_id"] is None:
        return await _told(tx, queries.TOLD_OF_OFFER, message["ref_id"])
    return await _told(tx, queries.TOLD_OF_APPOINTMENT, message["appointment_id"])


async def plan_otherwise(tx: Tx, told: Told, message: asyncpg.Record, tried: Sequence[str]) -> list[Channel]:
    """The same message by another channel than those tried. Returns the channels, none when there is no other."""
    same = replace(told, version=message["version"])
    what = What(message["kind"], _quiet(tx, told), message["ref_id"], message["number"], tried=tried)
    return await _plan(tx, same, what)


async def drop(tx: Tx, ref_id: UUID) -> None:
    """What was planned about an offer or a campaign's item that is over does not leave."""
    await tx.execute(queries.DROP, ref_id)


async def _told(tx: Tx, query: str, key: UUID) -> Told:
    row = await tx.fetchrow(query, key)
    if row is None:
        raise NotFound
    return Told.read(row)


def _due(tx: Tx, told: Told, kind: Kind | None) -> datetime:
    """When an SMS or a call may go: at once for who just asked for the change, in person or by himself."""
    booked = kind == "confirmation" and told.version == 1
    if booked or tx.principal.kind in ("patient", "visitor") or tx.principal.role in _FACE_TO_FACE:
        return tx.now
    return domain.due_when_spoken(tx.now, told.timezone, told.rhythm, before=told.start)


def _quiet(tx: Tx, told: Told) -> datetime:
    return domain.due_when_spoken(tx.now, told.timezone, told.rhythm)


async def _plan(tx: Tx, told: Told, what: What) -> list[Channel]:
    # An offer is planned while somebody else gives his time back: neither that one's contact nor his kind counts.
    caller = None if what.kind == "offer" else tx.principal
    requester = _believed(caller, told)
    ways = _given_ways(caller, requester)
    reminders: list[tuple[Channel, int, datetime]] = []
    if what.reminds and told.status == "booked":
        reminders = list(domain.reminders_of(told.start, told.timezone, told.rhythm, tx.now))
    rows = await tx.fetch(
        queries.PLAN,
        told.appointment_id,
        told.version,
        what.kind,
        told.organisation_id,
        told.patient_id,
        told.language,
        tx.now,
        *_columns(ways),
        requester.get("patient_id"),
        what.ref_id,
        what.number,
        what.spoken_at,
        what.drops,
        told.reason_id,
        *_columns(reminders),
        what.tried,
    )
    return sorted(row["channel"] for row in rows if row["kind"] == what.kind)


def _columns(rows: Sequence[tuple[object, object, object]]) -> tuple[list[object], list[object], list[object]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def _believed(caller: Principal | None, told: Told) -> Mapping[str, str]:
    """Who asked for the visit, when a professional says so: the public could have strangers written to."""
    public = caller is not None and caller.kind in ("patient", "visitor")
    if public or told.audience == "public" or told.requester is None:
        return {}
    return {name: value for name, value in told.requester.items() if isinstance(value, str) and value}


def _given_ways(caller: Principal | None, requester: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Contacts that came with the request: proved by the caller himself (0), or told on the phone (1)."""
    ways: list[tuple[str, str, int]] = []
    if caller is not None and caller.contact is not None:
        ways.append((*contact_value_of(caller.contact), 0))
    phone = requester.get("phone")
    if phone:
        ways.append(("mobile" if is_mobile(phone) else "landline", phone, 1))
    return ways


async def messages(
    tx: Tx,
    appointment_id: UUID | None,
    patient_id: UUID | None,
    kind: Kind | None,
    state: State | None,
    limit: int,
    after: str | None,
) -> Page[MessageOut]:
    """Messages, newest first."""
    last = cursor.decode(after, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.LIST, appointment_id, patient_id, kind, state, *last, limit + 1)
    page = rows[:limit]
    following = cursor.encode(page[-1]["created_at"], page[-1]["id"]) if len(rows) > limit else None
    return Page(items=[_out(row) for row in page], next_cursor=following)


async def resend(tx: Tx, message_id: UUID) -> MessageOut:
    """Sends a message again, by order of a person. Refused: `WRONG_STATE` while it is under way or when overtaken."""
    row = await tx.fetchrow(queries.LOCK, message_id)
    if row is None:
        raise NotFound
    overtaken = await tx.fetchval(sending.OVERTAKEN, message_id, tx.now)
    if row["state"] not in domain.AGAIN_BY_HAND or overtaken:
        raise WrongState(state="overtaken" if overtaken else row["state"], allowed=[])
    again = await tx.fetchrow(queries.AGAIN, message_id, tx.now)
    assert again is not None
    tx.audit("message.resend", "message", message_id, row["organisation_id"], channel=row["channel"], was=row["state"])
    return _out(again)


def _out(row: asyncpg.Record) -> MessageOut:
    shown = {name: row[name] for name in MessageOut.model_fields if name not in ("appointment_version", "to")}
    to = domain.masked(str(row["recipient"]))
    return MessageOut.model_validate({**shown, "appointment_version": row["version"], "to": to})
