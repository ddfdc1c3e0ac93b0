"""iCalendar of one appointment, read back by the `icalendar` library and judged line by line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from appointments.calendar.domain import Entry, calendar, escape, fold

ENTRY = Entry(
    id="01990000-0000-7000-8000-000000000001",
    host="sante.example",
    version=3,
    status="booked",
    start=datetime(2026, 11, 24, 8, 20, tzinfo=UTC),
    end=datetime(2026, 11, 24, 8, 40, tzinfo=UTC),
    zone="Europe/Paris",
    changed_at=datetime(2026, 11, 22, 10, 0, 1, tzinfo=UTC),
    summary="Rendez-vous, Centre d'Autun",
    location="Centre d'Autun; entrée B, 1 rue de l'Essai, 71400 Autun",
)


def _read(text: str) -> tuple[Any, Any]:
    """The calendar and its one event, as the library understands them."""
    read: Any = Calendar.from_ical(text)
    [event] = read.walk("VEVENT")
    return read, event


def test_a_calendar_reads_the_instants_the_place_and_the_version() -> None:
    """SEQUENCE is the version less one, the UID holds the public host, the time is local with its zone."""
    read, event = _read(calendar(ENTRY))
    assert read["METHOD"] == "PUBLISH"
    assert event["UID"] == "01990000-0000-7000-8000-000000000001@sante.example"
    assert event["SEQUENCE"] == 2
    assert event["SUMMARY"] == ENTRY.summary
    assert event["LOCATION"] == ENTRY.location
    assert event["STATUS"] == "CONFIRMED"
    assert event["DTSTART"].dt == ENTRY.start
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=1)
    assert event["DTEND"].dt == ENTRY.end


@pytest.mark.parametrize(
    ("status", "said"), [("pending", "TENTATIVE"), ("cancelled", "CANCELLED"), ("booked", "CONFIRMED")]
)
def test_the_status_is_said(status: str, said: str) -> None:
    _, event = _read(calendar(replace(ENTRY, status=status)))
    assert event["STATUS"] == said


@pytest.mark.parametrize(
    ("zone", "start", "offset"),
    [
        ("Europe/Paris", datetime(2027, 3, 28, 0, 30, tzinfo=UTC), 1),  # half an hour before the missing hour
        ("Europe/Paris", datetime(2027, 3, 28, 1, 0, tzinfo=UTC), 2),
        ("Europe/Paris", datetime(2026, 10, 25, 7, 0, tzinfo=UTC), 1),
        ("Europe/Paris", datetime(2026, 7, 1, 7, 0, tzinfo=UTC), 2),
        ("Indian/Reunion", datetime(2026, 7, 1, 7, 0, tzinfo=UTC), 4),
        ("America/Martinique", datetime(2026, 7, 1, 7, 0, tzinfo=UTC), -4),
        ("America/Miquelon", datetime(2026, 7, 1, 7, 0, tzinfo=UTC), -2),
    ],
)
def test_the_zone_in_the_file_alone_gives_the_instant(zone: str, start: datetime, offset: int) -> None:
    """The offset is computed from the VTIMEZONE alone, as a calendar does that has never heard of the zone."""
    text = calendar(replace(ENTRY, zone=zone, start=start, end=start + timedelta(minutes=20)))
    name = f"Invented/{zone.replace('/', '-')}-{start:%Y%m%d%H%M}"
    invented = text.replace(f"TZID={zone}", f"TZID={name}").replace(f"TZID:{zone}", f"TZID:{name}")
    _, event = _read(invented)
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=offset)
    assert event["DTSTART"].dt == start


def test_lines_end_by_crlf_and_never_exceed_75_octets() -> None:
    long = replace(ENTRY, location="é" * 300, description="ligne 1\nligne 2")
    text = calendar(long)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    _, event = _read(text)
    assert event["LOCATION"] == "é" * 300
    assert event["DESCRIPTION"] == "ligne 1\nligne 2"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=200))
def test_any_text_survives_escaping_and_folding(text: str) -> None:
    _, event = _read(calendar(replace(ENTRY, location=text)))
    assert str(event.get("LOCATION", "")) == text


def test_a_name_cannot_add_a_line() -> None:
    """A site called `X\\r\\nATTENDEE:…` stays text."""
    assert escape("X\r\nATTENDEE:y") == "X\\nATTENDEE:y"
    assert fold("a" * 75) == "a" * 75 + "\r\n"
    assert fold("a" * 76) == "a" * 75 + "\r\n a\r\n"
