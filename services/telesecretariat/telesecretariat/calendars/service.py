"""Use cases of calendars."""

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from asyncpg import Record

from maillage.database import Tx
from maillage.ids import new_id
from maillage.wire import Page
from telesecretariat.calendars import queries
from telesecretariat.calendars.errors import CalendarOverlap
from telesecretariat.calendars.schemas import CalendarIn, CalendarOut, CalendarPatch, Span
from telesecretariat.keeping import after, centre_of, merged, paged, present, wire


async def calendars(tx: Tx, given: str | None, limit: int) -> Page[CalendarOut]:
    """The calendars that the caller reaches."""
    return paged(CalendarOut, await queries.calendars(tx, after(given), limit + 1), limit)


async def calendar(tx: Tx, calendar_id: UUID) -> CalendarOut:
    """One calendar."""
    return wire(CalendarOut, await queries.calendar(tx, calendar_id))


async def add_calendar(tx: Tx, body: CalendarIn) -> CalendarOut:
    """A new calendar of a client's centre. Refused: `REFERENCE_UNKNOWN`, `CALENDAR_OVERLAP`."""
    _refuse_overlap(body)
    centre = await centre_of(tx, body.client_id)
    given = body.model_dump(mode="json")
    row = await queries.add(tx, new_id(), centre, [given[name] for name in queries.SET])
    return _noted(tx, row, "calendar.create")


async def change_calendar(tx: Tx, calendar_id: UUID, body: CalendarPatch, if_match: int | None) -> CalendarOut:
    """What changes of a calendar; its lines tell at once whether they are open. Refused: `VERSION_STALE`,
    `CALENDAR_OVERLAP`."""
    _refuse_overlap(body)
    old = present(await queries.calendar(tx, calendar_id, lock=True), if_match)
    row = await queries.change(tx, calendar_id, merged(old, body, queries.SET))
    return _noted(tx, row, "calendar.change")


def _refuse_overlap(body: CalendarIn | CalendarPatch) -> None:
    week = [[span for span in body.weekly or () if span.weekday == day] for day in range(7)]
    if any(_overlap(spans) for spans in week):
        raise CalendarOverlap(pointer="/weekly")
    dates = [each.date for each in body.exceptions or ()]
    if len(set(dates)) < len(dates) or any(_overlap(each.ranges) for each in body.exceptions or ()):
        raise CalendarOverlap(pointer="/exceptions")


def _overlap(spans: Sequence[Span]) -> bool:
    """Whether two ranges of one day share a time; that one begins where another ends is fine."""
    ordered = sorted(spans, key=lambda span: span.opens)
    return any(second.opens < first.closes for first, second in pairwise(ordered))


def _noted(tx: Tx, row: Record | None, action: str) -> CalendarOut:
    out = wire(CalendarOut, row)
    tx.audit(action, "calendar", out.id, out.organisation_id, version=out.version)
    return out
