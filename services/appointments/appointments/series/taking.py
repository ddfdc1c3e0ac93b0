"""One visit of a series: its time, or the nearest that can be had."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from appointments.appointments import service as appointments
from appointments.appointments.schemas import BookIn, ChangedOut
from appointments.series.domain import AROUND, day_bounds
from appointments.series.schemas import SeriesIn
from appointments.slots import schemas as slots
from appointments.slots.service import alternatives
from appointments.slots.service import slots as free_times
from maillage.database import Tx
from maillage.refusals import Refusal
from maillage.words import Language

ELSEWHERE = frozenset({"SLOT_TAKEN", "SLOT_NOT_OPEN", "PATIENT_BUSY", "GAP_TOO_SHORT", "TIME_INVALID"})
"""What another time may mend."""
OF_ONE_VISIT = ELSEWHERE | {"NOTICE_TOO_SHORT", "TOO_FAR_AHEAD", "AGE_NOT_ALLOWED", "PROTOCOL_NOT_VALID"}
"""What says no to one visit; anything else (an unknown patient, a closed reason) says no to the series."""
TRIES = 5
"""How many near times are tried: what the search has found may be the patient's own other visit."""
SEEN = 200


async def take(
    tx: Tx, series_id: UUID, body: SeriesIn, start: datetime, zone: ZoneInfo, language: Language
) -> ChangedOut | Refusal:
    """Books one visit, or says why not; nothing is left of what failed."""
    refusal: Refusal | None = None
    wanted: Sequence[UUID | None] = body.practitioner_ids or [None]
    for practitioner_id in wanted:
        made = await _booked(tx, series_id, body, practitioner_id, start, language)
        if not isinstance(made, Refusal):
            return made
        refusal = refusal or made
    assert refusal is not None
    if body.on_conflict != "nearest" or refusal.code not in ELSEWHERE:
        return refusal
    async for slot in _near(tx, body, start, zone):
        made = await _booked(tx, series_id, body, _whom(body, slot), slot.start, language)
        if not isinstance(made, Refusal):
            return made
    return refusal


async def others(tx: Tx, body: SeriesIn, start: datetime, refusal: Refusal) -> list[slots.Slot]:
    """Times to choose from instead of one that was refused."""
    found = refusal.extra.get("alternatives")
    if found is None and refusal.code in ("SLOT_NOT_OPEN", "PATIENT_BUSY"):
        one = body.practitioner_ids[0] if body.practitioner_ids else None
        wish = slots.Wish(
            reason_id=body.reason_id, mode=body.mode, site_id=body.site_id, start=start, practitioner_id=one
        )
        found = await alternatives(tx, wish)
    return [slots.Slot.model_validate(slot) for slot in cast(list[JsonValue], found or [])]


async def _booked(
    tx: Tx, series_id: UUID, body: SeriesIn, practitioner_id: UUID | None, start: datetime, language: Language
) -> ChangedOut | Refusal:
    shared = {"patient_id", "reason_id", "mode", "site_id", "requester", "place_id", "visit_address", "call_id", "note"}
    fields = {name: getattr(body, name) for name in shared}
    visit = BookIn(practitioner_id=practitioner_id, start=start, **fields)
    try:
        async with tx.attempt():
            return await appointments.book(tx, visit, language, series_id=series_id)
    except Refusal as refusal:
        if refusal.code not in OF_ONE_VISIT:
            raise
        return refusal


async def _near(tx: Tx, body: SeriesIn, start: datetime, zone: ZoneInfo) -> AsyncIterator[slots.Slot]:
    """Free times of the same day, then of the days around; at each step those preferred first, then the nearest."""
    begins, ends = day_bounds(start.astimezone(zone).date(), zone)
    for spans in (((begins, ends),), ((begins - AROUND, begins), (ends, ends + AROUND))):
        found: list[slots.Slot] = []
        for lower, upper in spans:
            found += await _free(tx, body, max(lower, tx.now), upper)
        found.sort(key=lambda slot: (_whom(body, slot) not in body.practitioner_ids, abs(slot.start - start)))
        for slot in found[:TRIES]:
            yield slot


async def _free(tx: Tx, body: SeriesIn, lower: datetime, upper: datetime) -> Sequence[slots.Slot]:
    if lower >= upper:
        return []
    asked = slots.SlotsAsked(
        reason=str(body.reason_id), mode=body.mode, site=(str(body.site_id),), start=lower, end=upper, limit=SEEN
    )
    found: list[slots.Slot] = []
    if body.practitioner_ids:
        preferred = asked.model_copy(update={"practitioner": tuple(body.practitioner_ids)})
        found += (await free_times(tx, preferred)).items
    return found + list((await free_times(tx, asked)).items)


def _whom(body: SeriesIn, slot: slots.Slot) -> UUID:
    """The one preferred most of those who are free then, else the least booked."""
    return next((who for who in body.practitioner_ids if who in slot.practitioners), slot.practitioners[0])
