"""Use cases that write a round: its order, and several residents of a care home at once. All or nothing."""

from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg

from appointments.appointments import changes
from appointments.appointments import service as appointments
from appointments.appointments.reach import reached
from appointments.appointments.schemas import BookIn, ChangedOut
from appointments.callers import audience_of
from appointments.rounds import domain, queries
from appointments.rounds.errors import RoundChanged, RoundTooLong
from appointments.rounds.schemas import CareHomeIn, CareHomeOut, ReorderIn, RoundOut
from appointments.rounds.service import READERS, Round, load, show, stop_of
from appointments.times import service as times
from appointments.times.service import Wish
from maillage.database import Tx
from maillage.refusals import FieldError, NotAllowed, NotFound, Refusal, VersionStale
from maillage.words import Language


async def reorder(tx: Tx, body: ReorderIn) -> RoundOut:
    """Puts the coming visits of one window into another order: each keeps its length and the gap behind it, and is
    moved with its history. Patients are told when their time is more than half an hour from the one they know.

    Refused: 412 `VERSION_STALE`, `ROUND_CHANGED`, `ROUND_TOO_LONG`, and what a move refuses.
    """
    await tx.fetch(queries.LOCK_VISITS, list(body.appointment_ids))
    found = await load(tx, body.practitioner_id, body.day)
    if body.version != found.version:
        raise VersionStale(version=found.version)
    stops, window = _of_one_window(tx, found, body.appointment_ids)
    starts = domain.retimed(stops, window.end)
    if isinstance(starts, int):
        raise RoundTooLong(fits=starts)
    new = {stop.id: start for stop, start in zip(stops, starts, strict=True) if start != stop.start}
    await _retime(tx, new)
    tx.audit("round.reorder", "practitioner", body.practitioner_id, found.organisation_id, moved=len(new))
    return await show(tx, body.practitioner_id, body.day)


def _of_one_window(tx: Tx, found: Round, ids: tuple[UUID, ...]) -> tuple[list[domain.Stop], domain.Window]:
    """The named visits in the wished order: all that are still to come in one window, and no other."""
    window = found.windows.get(ids[0])
    coming = {
        row["id"]: stop_of(row)
        for row in found.rows
        if row["status"] in ("pending", "booked") and row["start"] > tx.now and found.windows[row["id"]] == window
    }
    if window is None or set(ids) != set(coming):
        raise RoundChanged
    return [coming[each] for each in ids], window


async def _retime(tx: Tx, new: dict[UUID, datetime]) -> None:
    """All give their time back before the first takes its new one, so none is in another's way."""
    moving = [await reached(tx, each, lock=True) for each in sorted(new)]
    told = {row["id"]: row["told"] for row in await tx.fetch(queries.TOLD, sorted(new))}
    for appointment in moving:
        await changes.give_back(tx, appointment)
    for appointment in moving:
        start = new[appointment.id]
        silent = abs(start - told[appointment.id]) <= domain.UNTOLD
        await changes.retime(tx, appointment, start, silent=silent)


async def book_care_home(tx: Tx, body: CareHomeIn, language: Language = "fr") -> CareHomeOut:
    """Visits of several residents, one right behind the other in the first free run of the day that holds them all.

    Refused: `ROUND_TOO_LONG` with how many fit, and what a booking refuses, with the patient's place in the list.
    """
    if tx.principal.role not in READERS:
        raise NotAllowed
    starts = await _in_a_row(tx, body)
    await tx.fetch(queries.LOCK_PATIENTS, list(body.patients))
    booked = [
        await _book(tx, body, place, patient_id, start, language)
        for place, (patient_id, start) in enumerate(zip(body.patients, starts, strict=True))
    ]
    return CareHomeOut(items=booked)


async def _in_a_row(tx: Tx, body: CareHomeIn) -> list[datetime]:
    wish = Wish(body.reason_id, "care_home", body.site_id, body.practitioner_id, tx.now)
    known = await times.facts(tx, wish, audience_of(tx.principal))
    if known.doctor is None:
        raise NotFound
    windows = await tx.fetch(queries.WINDOWS, body.practitioner_id, body.day, body.day, ["care_home"])
    free = [
        cast(tuple[datetime, datetime], (run.lower, run.upper))
        for window in windows
        if window["site_id"] == body.site_id and (not window["reason_ids"] or body.reason_id in window["reason_ids"])
        for run in cast("list[asyncpg.Range[datetime]]", window["free"])
    ]
    earliest = max(tx.now + known.rules.min_notice + domain.SOON, body.not_before or tx.now)
    needed = known.mode.length(first_visit=False) + known.mode.buffer
    starts = domain.in_a_row(free, earliest, needed, len(body.patients))
    if isinstance(starts, int):
        raise RoundTooLong(fits=starts)
    return starts


async def _book(
    tx: Tx, body: CareHomeIn, place: int, patient_id: UUID, start: datetime, language: Language
) -> ChangedOut:
    wanted = BookIn(
        reason_id=body.reason_id,
        mode="care_home",
        site_id=body.site_id,
        practitioner_id=body.practitioner_id,
        start=start,
        patient_id=patient_id,
        place_id=body.place_id,
        note=body.note,
    )
    try:
        return await appointments.book(tx, wanted, language)
    except Refusal as refusal:
        pointed = any(error.pointer == "/place_id" for error in refusal.errors)
        if not pointed:
            refusal.errors = (FieldError(f"/patients/{place}", refusal.code, refusal.detail),)
        raise
