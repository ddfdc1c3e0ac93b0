"""An iCalendar file (RFC 5545) as the table of absences that it means. Pure.

What an event is about is never read: the diary of a doctor says where he goes when he is ill. Time zones are taken by
their names; definitions that the file brings along are left out, for their rules are programs of others. Recurrence is
our own evaluator's, which never looks past its horizon.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.error import BrokenCalendarProperty

from appointments.imports.domain import Row, Table, Unreadable
from appointments.schedules.recurrence import UnsupportedRule, occurrences, parse

MAX_BYTES: Final = 1024 * 1024
MAX_EVENTS: Final = 2_000
MAX_ABSENCES: Final = 2_000
HORIZON: Final = timedelta(days=366)
DAY: Final = timedelta(days=1)
_BEGIN = re.compile(rb"^BEGIN:VEVENT[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_LOCAL = "%Y-%m-%dT%H:%M:%S"


class Wrong(ValueError):
    """An event cannot be read; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Span:
    """When an event is: local days, or instants; a floating one has no zone."""

    start: datetime
    end: datetime
    whole_days: bool

    def at(self, day: date) -> "Span":
        """The same wall times on another day."""
        moved = day - self.start.date()
        return Span(self.start + moved, self.end + moved, self.whole_days)


@dataclass(slots=True)
class Found:
    """What has been read so far."""

    rows: list[Row] = field(default_factory=list)
    faults: list[tuple[int, str | None, str]] = field(default_factory=list)


def read(data: bytes, today: date) -> Table:
    """The absences from `today` to a year ahead; events that are cancelled or leave their time free are passed over.

    Raises `Unreadable`: `TOO_MANY_LINES` (1 MB, 2,000 events), `CALENDAR_UNREADABLE`.
    """
    lines = [data.count(b"\n", 0, begin.start()) + 1 for begin in _BEGIN.finditer(data)]
    if len(data) > MAX_BYTES or len(lines) > MAX_EVENTS:
        raise Unreadable("TOO_MANY_LINES")
    events = _events(data)
    if len(events) != len(lines):
        raise Unreadable("CALENDAR_UNREADABLE")
    found = Found()
    moved = {key for event in events if (key := _override(event)) is not None}
    for line, event in zip(lines, events, strict=True):
        try:
            _take(found, line, event, moved, today)
        except Wrong as wrong:
            found.faults.append((line, None, wrong.code))
        except (BrokenCalendarProperty, ValueError, OverflowError, AttributeError):
            found.faults.append((line, None, "TIME_INVALID"))
    return Table({}, rows=found.rows, faults=found.faults)


def _events(data: bytes) -> list[Event]:
    try:
        calendar = Calendar.from_ical(_without_zones(data))
        return [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, OverflowError, RecursionError) as error:
        raise Unreadable("CALENDAR_UNREADABLE") from error


def _without_zones(data: bytes) -> bytes:
    """Line by line: a pattern over the whole file would look for the end of a definition from each beginning anew."""
    kept: list[bytes] = []
    inside = False
    for line in data.splitlines(keepends=True):
        word = line.strip().upper()
        inside = inside or word == b"BEGIN:VTIMEZONE"
        if not inside:
            kept.append(line)
        inside = inside and word != b"END:VTIMEZONE"
    return b"".join(kept)


def _take(found: Found, line: int, event: Event, moved: set[tuple[str, date]], today: date) -> None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return
    uid, span, own_day = _uid(event), _span(event), _override(event)
    for each in [span] if own_day else _repeated(event, uid, span, moved, today):
        if each.end.date() < today or each.start.date() > today + HORIZON:
            continue
        if len(found.rows) >= MAX_ABSENCES:
            raise Wrong("TOO_MANY_EVENTS")
        day = own_day[1] if own_day else each.start.date() if "RRULE" in event else None
        found.rows.append(Row(line, _cells(each, f"{uid}@{day}" if day else uid)))


def _cells(span: Span, ref: str) -> dict[str, str]:
    """As a line of the table would have it: floating times as they stand, others in UTC."""
    if span.whole_days:
        start, end = f"{span.start:%Y-%m-%d}", f"{span.end - DAY:%Y-%m-%d}"
    else:
        start, end = (
            each.strftime(_LOCAL) if each.tzinfo is None else each.astimezone(UTC).strftime(_LOCAL) + "Z"
            for each in (span.start, span.end)
        )
    return {"start": start, "end": end, "kind": "other", "ref": ref}


def _uid(event: Event) -> str:
    """Hashed: some programs write addresses and titles into it."""
    uid = str(event.get("UID", ""))
    if not uid:
        raise Wrong("UID_MISSING")
    return hashlib.sha256(uid.encode()).hexdigest()[:32]


def _override(event: Event) -> tuple[str, date] | None:
    """Which day of which series this event stands for; None for an event of its own."""
    try:
        value = getattr(event.get("RECURRENCE-ID"), "dt", None)
    except BrokenCalendarProperty:
        return None
    if not isinstance(value, date) or not event.get("UID"):
        return None
    return _uid(event), value.date() if isinstance(value, datetime) else value


def _span(event: Event) -> Span:
    start = _moment(event, "DTSTART")
    whole = not isinstance(start, datetime)
    first = start if isinstance(start, datetime) else datetime.combine(start, time())
    length = getattr(event.get("DURATION"), "dt", None)
    if isinstance(length, timedelta):
        last = first + length
    elif "DTEND" in event:
        end = _moment(event, "DTEND")
        last = end if isinstance(end, datetime) else datetime.combine(end, time())
        if isinstance(end, datetime) == whole or (first.tzinfo is None) != (last.tzinfo is None):
            raise Wrong("TIME_INVALID")
    else:
        last = first + DAY if whole else first
    if not first < last <= first + 3 * HORIZON:
        raise Wrong("TIME_INVALID")
    return Span(first, last, whole)


def _moment(event: Event, name: str) -> datetime | date:
    given = event.get(name)
    value = getattr(given, "dt", None)
    if not isinstance(value, date) or not 2000 <= value.year < 2200:
        raise Wrong("TIME_INVALID")
    if isinstance(value, datetime) and value.tzinfo is None and "TZID" in getattr(given, "params", {}):
        raise Wrong("ZONE_UNKNOWN")
    return value


def _repeated(event: Event, uid: str, span: Span, moved: set[tuple[str, date]], today: date) -> Iterator[Span]:
    """The event on each of its days that no other event stands for; itself, when it does not recur."""
    if "RRULE" not in event:
        if "RDATE" in event:
            raise Wrong("RRULE_UNSUPPORTED")
        yield span
        return
    rule = event["RRULE"]
    if isinstance(rule, list) or "RDATE" in event:
        raise Wrong("RRULE_UNSUPPORTED")
    left_out = _left_out(event, span)
    zone = span.start.tzinfo if isinstance(span.start.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    since = today - (span.end - span.start) - DAY
    try:
        parsed = parse(rule.to_ical().decode(), zone)
    except UnsupportedRule as error:
        raise Wrong("RRULE_UNSUPPORTED") from error
    for day in occurrences(parsed, span.start.date(), since, today + HORIZON):
        if day not in left_out and (uid, day) not in moved:
            yield span.at(day)


def _left_out(event: Event, span: Span) -> set[date]:
    """EXDATE: once or several times, each with one or several values; as days on the event's own clock."""
    given = event.get("EXDATE", [])
    values = [each.dt for one in (given if isinstance(given, list) else [given]) for each in one.dts]
    zone = span.start.tzinfo
    return {
        value.astimezone(zone).date() if isinstance(value, datetime) and value.tzinfo and zone
        else value.date() if isinstance(value, datetime) else value
        for value in values
    }  # fmt: skip
