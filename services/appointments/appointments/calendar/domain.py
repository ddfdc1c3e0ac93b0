"""iCalendar (RFC 5545) of one appointment: pure text. No reason of the visit, no name of a patient."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

_WIDTH = 75
_STATUS = {"pending": "TENTATIVE", "cancelled": "CANCELLED", "entered-in-error": "CANCELLED"}
Method = Literal["PUBLISH", "REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment for a calendar. `version` counts from 1; `host` is the public name that makes the UID unique."""

    id: str
    host: str
    version: int
    status: str
    start: datetime
    end: datetime
    zone: str
    changed_at: datetime
    summary: str
    location: str
    description: str = ""


def calendar(entry: Entry, method: Method = "PUBLISH") -> str:
    """The file, lines ended by CRLF and folded at 75 octets. The UID never changes; SEQUENCE follows the version."""
    zone = ZoneInfo(entry.zone)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Maillage//Appointments//FR",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        *_timezone(entry.zone, zone, entry.start),
        "BEGIN:VEVENT",
        f"UID:{entry.id}@{entry.host}",
        f"SEQUENCE:{entry.version - 1}",
        f"DTSTAMP:{_utc(entry.changed_at)}",
        f"LAST-MODIFIED:{_utc(entry.changed_at)}",
        f"DTSTART;TZID={entry.zone}:{_local(entry.start.astimezone(zone))}",
        f"DTEND;TZID={entry.zone}:{_local(entry.end.astimezone(zone))}",
        f"SUMMARY:{escape(entry.summary)}",
        f"LOCATION:{escape(entry.location)}",
        *([f"DESCRIPTION:{escape(entry.description)}"] if entry.description else []),
        f"STATUS:{_STATUS.get(entry.status, 'CONFIRMED')}",
        "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(fold(line) for line in lines)


def escape(text: str) -> str:
    """TEXT of RFC 5545 3.3.11: a new line, a comma or a semicolon in a name stays part of it."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def fold(line: str) -> str:
    """One content line, folded so that no part exceeds 75 octets and no character is cut (RFC 5545 3.1)."""
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _WIDTH:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + octets
    return "\r\n".join([*parts, part]) + "\r\n"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _local(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%S")


def _timezone(name: str, zone: ZoneInfo, around: datetime) -> Iterator[str]:
    """VTIMEZONE with the clock changes from a year before to a year after: all that one appointment needs."""
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{name}"
    first = around.astimezone(UTC) - timedelta(days=400)
    changes = list(_changes(zone, first, first + timedelta(days=800)))
    for moment in changes or [first]:
        before = (moment - timedelta(seconds=1)).astimezone(zone)
        after = moment.astimezone(zone)
        kind = "DAYLIGHT" if after.dst() else "STANDARD"
        was, now = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
        yield f"BEGIN:{kind}"
        yield f"DTSTART:{_local((moment + was).replace(tzinfo=None))}"
        yield f"TZOFFSETFROM:{_offset(was)}"
        yield f"TZOFFSETTO:{_offset(now)}"
        yield f"TZNAME:{after.tzname()}"
        yield f"END:{kind}"
    yield "END:VTIMEZONE"


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Instants at which the offset of a zone changes, to the minute."""
    day = first.replace(second=0, microsecond=0)
    while day < last:
        following = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield _change_between(zone, day, following)
        day = following


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    was = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        if middle.astimezone(zone).utcoffset() == was:
            low = middle
        else:
            high = middle
    return high


def _offset(delta: timedelta) -> str:
    minutes = int(delta.total_seconds() // 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60:02d}{minutes % 60:02d}"
