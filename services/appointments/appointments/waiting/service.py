"""Use cases of waiting entries: put somebody on the list, read it, take him off; and what the clock ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.appointments.domain import local_date
from appointments.appointments.reach import booked_by_of, people_of
from appointments.callers import audience_of
from appointments.waiting import offering, queries
from appointments.waiting.errors import AlreadyWaiting
from appointments.waiting.schemas import EntryIn, EntryOut, EntryState, OfferOut
from maillage import cursor
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.jobs import one_by_one
from maillage.principal import system
from maillage.refusals import FieldNotAllowed, Invalid, NotFound, TimeInvalid, WrongState
from maillage.wire import Page
from maillage.words import Language

LIVE: tuple[EntryState, ...] = ("waiting", "offered")
ELSEWHERE = frozenset({"home", "care_home"})
"""Modes for which it must be said where: only an appointment that knows it can be moved."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; None: not asked. Without states: who waits."""

    states: Sequence[EntryState] | None = None
    site: UUID | None = None
    practitioner: UUID | None = None
    patient: UUID | None = None


async def wait(tx: Tx, body: EntryIn, language: Language = "fr") -> EntryOut:
    """Puts somebody on the list. Refused as in the endpoint."""
    audience = audience_of(tx.principal)
    if body.priority is not None and audience in ("public", "partner"):
        raise FieldNotAllowed(pointer="/priority")
    people = await people_of(tx)
    if people is not None and body.patient_id not in people:
        raise NotFound
    organisation_id = await _judged(tx, body)
    await tx.execute(queries.LOCK_PATIENT, body.patient_id)
    same = await tx.fetchval(queries.SAME, body.patient_id, body.reason_id, body.from_date, body.to_date)
    if same is not None:
        raise AlreadyWaiting if booked_by_of(tx) else AlreadyWaiting(entry_id=str(same))
    entry_id = new_id()
    await _add(tx, entry_id, organisation_id, body, language)
    offering.changed(tx, entry_id, organisation_id, "waiting", 1)
    tx.audit("waiting.add", "waiting_entry", entry_id, organisation_id, audience=audience)
    return await _entry(tx, entry_id)


async def _judged(tx: Tx, body: EntryIn) -> UUID:
    """The centre of the entry. Refused: `NOT_FOUND` for what is not there or closed to this audience, `TIME_INVALID`
    for days gone by or after the linked appointment, `INVALID` for a mode that the reason has not.
    """
    linked = body.linked_appointment_id
    places = (body.site_ids, body.practitioner_ids)
    whose = (body.reason_id, body.patient_id, *places, linked, tx.now, booked_by_of(tx))
    known = await tx.fetchrow(queries.SPOKEN_OF, *whose)
    if known is None or audience_of(tx.principal) not in known["bookable_by"] or not known["patient"]:
        raise NotFound
    for pointer, given, found in (
        ("/site_ids", set(body.site_ids), known["sites"]),
        ("/practitioner_ids", set(body.practitioner_ids), known["practitioners"]),
        ("/linked_appointment_id", {linked} - {None}, 0 if known["linked_on"] is None else 1),
    ):
        if len(given) != found:
            raise NotFound(pointer=pointer)
    if body.to_date < local_date(tx.now, known["timezone"]):
        raise TimeInvalid(pointer="/to_date")
    if linked is not None and known["linked_on"] < body.from_date:
        raise TimeInvalid(pointer="/from_date")
    asked = set(body.modes)
    if asked - set(known["modes"]) or (linked is None and asked & ELSEWHERE):
        raise Invalid(pointer="/modes")
    if linked is not None and known["linked_mode"] not in asked:
        raise Invalid(pointer="/modes")
    return cast(UUID, known["organisation_id"])


async def _add(tx: Tx, entry_id: UUID, organisation_id: UUID, body: EntryIn, language: Language) -> None:
    requester = body.requester.model_dump(mode="json", exclude_none=True) if body.requester else None
    await tx.execute(
        queries.ADD,
        entry_id,
        organisation_id,
        body.patient_id,
        body.reason_id,
        body.modes,
        body.site_ids,
        body.practitioner_ids,
        body.from_date,
        body.to_date,
        sorted(set(body.weekdays)),
        body.local_from,
        body.local_to,
        body.min_notice_minutes,
        body.priority or 0,
        body.linked_appointment_id,
        audience_of(tx.principal),
        language,
        requester,
        tx.principal.sub,
        tx.now,
    )


async def read(tx: Tx, entry_id: UUID) -> EntryOut:
    """One entry in the caller's reach."""
    row = await _reached(tx, entry_id)
    if audience_of(tx.principal) != "public":
        tx.audit("waiting.read", "patient", row["patient_id"], row["organisation_id"], entry=str(entry_id))
    return _out(row)


async def listed(tx: Tx, asked: Filter, after: str | None, limit: int) -> Page[EntryOut]:
    """The queue: by priority, then age."""
    last = cursor.decode(after, int, datetime, UUID) or (None, None, None)
    rows = await tx.fetch(
        queries.LIST,
        await people_of(tx),
        booked_by_of(tx),
        list(asked.states or LIVE),
        asked.site,
        asked.practitioner,
        asked.patient,
        *last,
        limit + 1,
    )
    shown = rows[:limit]
    end = shown[-1] if len(rows) > limit else None
    following = None if end is None else cursor.encode(end["priority"], end["created_at"], end["id"])
    return Page[EntryOut](items=[_out(row) for row in shown], next_cursor=following)


async def withdraw(tx: Tx, entry_id: UUID, *, granted: UUID | None = None) -> None:
    """Takes somebody off the list; a live offer counts as declined and its time goes on. Again: nothing happens.

    Refused: `NOT_FOUND`, `WRONG_STATE` once it has become an appointment or its days are over. `granted`: the entry of
    an offer whose link this visitor has opened.
    """
    row = await _reached(tx, entry_id, granted)
    await tx.execute(queries.LOCK_PATIENT, row["patient_id"])
    entry = await tx.fetchrow(queries.LOCK, entry_id)
    assert entry is not None
    if entry["state"] == "withdrawn":
        return
    if entry["state"] not in LIVE:
        raise WrongState(state=entry["state"], allowed=[])
    offer_id = await tx.fetchval(queries.LIVE_OF_ENTRY, entry_id)
    if offer_id is None:
        await _end(tx, entry_id, "withdrawn")
        return
    offer = await tx.fetchrow(queries.OFFER_LOCKED, offer_id)
    assert offer is not None
    await offering.pass_on(tx, offer, "declined", "withdrawn")


async def _end(tx: Tx, entry_id: UUID, state: EntryState) -> None:
    row = await tx.fetchrow(queries.SET_STATE, entry_id, state, tx.now)
    assert row is not None
    offering.changed(tx, entry_id, row["organisation_id"], state, row["version"])
    tx.audit(f"waiting.{state}", "waiting_entry", entry_id, row["organisation_id"])


# --- what the clock ends ------------------------------------------------------------------------------------------


async def expire_offers(database: Database) -> None:
    """Timed job: offers nobody answered, and those whose hold has ended, are over; their times go to the next."""
    await one_by_one(database, expire_offer, await database.run(system("appointments"), _due))


async def _due(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.DUE, tx.now)]


async def expire_offer(tx: Tx, offer_id: UUID) -> None:
    """Ends one offer that is due; one that is being answered in this moment is left to its answer."""
    offer = await tx.fetchrow(queries.OFFER_LOCKED_IF_LEFT_ALONE, offer_id)
    if offer is not None:
        await offering.pass_on(tx, offer, "expired" if offer["expires_at"] <= tx.now else "void")


async def expire_entries(database: Database) -> None:
    """Timed job: who waited for days that are over waits no more."""
    await one_by_one(database, _expire_entry, await database.run(system("appointments"), _over))


async def _over(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.OVER, tx.now)]


async def _expire_entry(tx: Tx, entry_id: UUID) -> None:
    entry = await tx.fetchrow(queries.LOCK, entry_id)
    if entry is not None and entry["state"] == "waiting":
        await _end(tx, entry_id, "expired")


# --- reading ------------------------------------------------------------------------------------------------------


async def _reached(tx: Tx, entry_id: UUID, granted: UUID | None = None) -> asyncpg.Record:
    row = await tx.fetchrow(queries.ROW, entry_id)
    if row is None:
        raise NotFound
    if granted == entry_id:
        return row
    people = await people_of(tx)
    if people is not None and row["patient_id"] not in people:
        raise NotFound
    if booked_by_of(tx) not in (None, row["created_by"]):
        raise NotFound
    return row


async def _entry(tx: Tx, entry_id: UUID) -> EntryOut:
    row = await tx.fetchrow(queries.ROW, entry_id)
    assert row is not None
    return _out(row)


def _out(row: asyncpg.Record) -> EntryOut:
    own = {name: row[name] for name in EntryOut.model_fields if name not in ("offer", "created_at")}
    created = row["created_at"].astimezone(ZoneInfo(row["timezone"]))
    return EntryOut.model_validate({**own, "created_at": created, "offer": _offer(row)})


def _offer(row: asyncpg.Record) -> OfferOut | None:
    if row["offer_id"] is None:
        return None
    zone = ZoneInfo(row["offer_zone"])
    fields = {name: row[f"offer_{name}"] for name in OfferOut.model_fields}
    times = {name: fields[name].astimezone(zone) for name in ("start", "end", "expires_at")}
    return OfferOut.model_validate({**fields, **times})
