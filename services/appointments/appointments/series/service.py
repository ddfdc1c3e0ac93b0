"""Use cases of series. A dry run is the series itself, in a transaction that is never committed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Record
from pydantic import JsonValue

from appointments.appointments import changes
from appointments.appointments import queries as appointment_queries
from appointments.appointments.domain import check_start, is_missing_hour
from appointments.appointments.errors import spoken
from appointments.appointments.reach import booked_by_of, people_of, reached
from appointments.appointments.rows import Appointment
from appointments.appointments.schemas import ActIn, ChangedOut
from appointments.callers import audience_of
from appointments.messages import service as messages
from appointments.schedules.recurrence import UnsupportedRule
from appointments.series import queries, taking
from appointments.series.domain import starts_of
from appointments.series.errors import RuleWithoutEnd, SeriesConflict
from appointments.series.schemas import RefusedVisit, SeriesIn, SeriesMade, SeriesOut, SeriesVisit
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound, Refusal, TimeInvalid
from maillage.words import Language


class Rehearsed(Exception):
    """Ends a dry run: nothing is committed, `made` says what would have been."""

    def __init__(self, made: SeriesMade) -> None:
        super().__init__()
        self.made = made


async def rehearse(tx: Tx, body: SeriesIn, language: Language) -> SeriesMade:
    """Does everything, then raises `Rehearsed`, which rolls it back."""
    _, visits, refused = await _take(tx, body, language)
    created = [visit.model_copy(update={"appointment_id": None}) for visit in visits]
    raise Rehearsed(SeriesMade(id=None, created=created, refused=refused, messages=[]))


async def book(tx: Tx, body: SeriesIn, language: Language) -> SeriesMade:
    """All visits that can be had, in one transaction. Refused: `SERIES_CONFLICT` when none can, or with `fail` when
    one cannot; else as one booking.
    """
    series_id, visits, refused = await _take(tx, body, language)
    if not visits or (refused and body.on_conflict == "fail"):
        listed: list[JsonValue] = [each.model_dump(mode="json") for each in refused]
        raise SeriesConflict(refused=listed)
    ids = [visit.appointment_id for visit in visits]
    await tx.execute(queries.BELONGS, series_id, ids)
    first = await reached(tx, _first(visits))
    planned = await messages.plan_series(tx, series_id, [first])
    tx.audit("series.create", "series", series_id, first.organisation_id, visits=len(visits), refused=len(refused))
    return SeriesMade(id=series_id, created=visits, refused=refused, messages=planned)


def _first(visits: Sequence[SeriesVisit]) -> UUID:
    first = min(visits, key=lambda visit: visit.start).appointment_id
    assert first is not None
    return first


async def _take(tx: Tx, body: SeriesIn, language: Language) -> tuple[UUID, list[SeriesVisit], list[RefusedVisit]]:
    """Each visit in the order of time, under the locks of the series."""
    series_id, (place, starts) = new_id(), await _asked(tx, body)
    rule = (body.rrule, body.on_conflict, tx.principal.sub, tx.now)
    values = (place["organisation_id"], body.patient_id, body.reason_id, *rule)
    await tx.execute(queries.INSERT, series_id, *values)
    zone = ZoneInfo(place["timezone"])
    visits: list[SeriesVisit] = []
    refused: list[RefusedVisit] = []
    for start in starts:
        made = await taking.take(tx, series_id, body, start, zone, language)
        if isinstance(made, Refusal):
            other = await taking.others(tx, body, start, made)
            refused.append(RefusedVisit(start=start, code=made.code, alternatives=other))
        else:
            visits.append(_visit(made, start, zone))
    return series_id, visits, refused


async def _asked(tx: Tx, body: SeriesIn) -> tuple[Record, list[datetime]]:
    """The place, locked after the patient, and the starts in order. Refused: `NOT_FOUND`, `NOT_ALLOWED`,
    `TIME_INVALID` with a pointer to what was written, `RRULE_UNSUPPORTED`.
    """
    if audience_of(tx.principal) not in ("secretariat", "partner"):
        raise NotAllowed
    owner = await tx.fetchval(queries.LOCK_PATIENT, body.patient_id)
    place = await tx.fetchrow(queries.LOCK_SITE, body.site_id, body.reason_id)
    if place is None or owner != place["organisation_id"]:
        raise NotFound
    written = {"/start": body.start} if body.start else {f"/starts/{n}": at for n, at in enumerate(body.starts)}
    for pointer, moment in written.items():
        _check(moment, place["timezone"], pointer, tx.now)
    if body.rrule is None or body.start is None:
        return place, sorted(body.starts)
    try:
        ahead = timedelta(days=place["max_ahead_days"])
        return place, starts_of(body.rrule, body.start, ZoneInfo(place["timezone"]), tx.now, ahead)
    except UnsupportedRule:
        raise RuleWithoutEnd(pointer="/rrule") from None


def _check(moment: datetime, zone: str, pointer: str, now: datetime) -> None:
    with spoken(pointer=pointer):
        check_start(moment, now)
    if is_missing_hour(moment, zone):
        raise TimeInvalid(pointer=pointer)


def _visit(made: ChangedOut, wanted: datetime, zone: ZoneInfo) -> SeriesVisit:
    return SeriesVisit(
        appointment_id=made.id,
        wanted=wanted.astimezone(zone),
        start=made.start,
        end=made.end,
        practitioner_id=made.practitioner_id,
    )


async def read(tx: Tx, series_id: UUID) -> SeriesOut:
    """One series with its visits. Refused: `NOT_FOUND`, also for one of somebody else."""
    row = await tx.fetchrow(queries.ONE, series_id)
    if row is None or booked_by_of(tx) not in (None, row["created_by"]):
        raise NotFound
    people = await people_of(tx)
    if people is not None and row["patient_id"] not in people:
        raise NotFound
    audience = audience_of(tx.principal)
    if audience != "public":
        tx.audit("appointment.read", "patient", row["patient_id"], row["organisation_id"], series=str(series_id))
    visits = await tx.fetch(appointment_queries.OF_SERIES, series_id)
    fields = {name: row[name] for name in SeriesOut.model_fields if name != "appointments"}
    return SeriesOut(appointments=[Appointment.of(visit).out(audience) for visit in visits], **fields)


async def cancel(tx: Tx, series_id: UUID, body: ActIn) -> SeriesOut:
    """Cancels the visits that are still to come; a second time does nothing. Refused: `NOT_FOUND`."""
    before = await read(tx, series_id)
    await tx.execute(queries.LOCK, before.id)
    await tx.fetch(queries.LOCK_VISITS, series_id)
    for row in await tx.fetch(queries.TO_COME, series_id, tx.now):
        await changes.act(tx, row["id"], "cancel", body)
    return await read(tx, series_id)
