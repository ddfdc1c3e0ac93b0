"""Calendars as programs write them, and as somebody would who means harm."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.imports.calendar import MAX_EVENTS, read
from appointments.imports.domain import Row, Table, Unreadable

TODAY = date(2026, 11, 22)
_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//FR\r\n"


def event(*lines: str, uid: str = "a@example.org") -> str:
    """One event with these lines, and a title that nobody shall keep."""
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Chirurgie du genou", *lines, "END:VEVENT", ""])


def table(*events: str) -> Table:
    """A calendar of these events."""
    return read((_HEAD + "".join(events) + "END:VCALENDAR\r\n").encode(), TODAY)


def spans(*events: str) -> list[tuple[str, str]]:
    """Start and end of each absence of a calendar without fault."""
    found = table(*events)
    assert found.faults == []
    return [(row.cells["start"], row.cells["end"]) for row in found.rows]


def fault(*events: str) -> list[str]:
    """The codes of what is wrong."""
    return [code for _, _, code in table(*events).faults]


def test_days_instants_zones_and_floating_times() -> None:
    paris = "DTSTART;TZID=Europe/Paris:20261224T130000", "DTEND;TZID=Europe/Paris:20261224T180000"
    assert spans(
        event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261228", uid="1"),
        event("DTSTART;VALUE=DATE:20261230", uid="2"),
        event(*paris, uid="3"),
        event("DTSTART:20270601T080000Z", "DURATION:PT2H", uid="4"),
        event("DTSTART:20270601T080000", "DTEND:20270601T120000", uid="5"),
    ) == [
        ("2026-12-24", "2026-12-27"),
        ("2026-12-30", "2026-12-30"),
        ("2026-12-24T12:00:00Z", "2026-12-24T17:00:00Z"),
        ("2027-06-01T08:00:00Z", "2027-06-01T10:00:00Z"),
        ("2027-06-01T08:00:00", "2027-06-01T12:00:00"),
    ]


def test_nothing_of_what_an_event_says_is_kept() -> None:
    found = table(event("DTSTART;VALUE=DATE:20261224", "DESCRIPTION:opération", "LOCATION:CHU"))
    assert found.rows[0].cells["kind"] == "other"
    assert not {"genou", "opération", "CHU", "example.org"} & set(" ".join(found.rows[0].cells.values()).split())
    assert "example" not in str(found.rows[0].cells)


def test_cancelled_free_and_past_events_are_passed_over() -> None:
    day = "DTSTART;VALUE=DATE:20261224"
    assert spans(event(day, "STATUS:CANCELLED"), event(day, "TRANSP:TRANSPARENT")) == []
    assert spans(event("DTSTART;VALUE=DATE:20250101")) == []


def test_a_series_is_a_year_of_absences_at_the_hour_on_the_wall() -> None:
    """Every Monday 13:00 in Paris: also after the change of the clocks; what was left out and moved is not in it."""
    weekly = event(
        "DTSTART;TZID=Europe/Paris:20261005T130000",
        "DTEND;TZID=Europe/Paris:20261005T140000",
        "RRULE:FREQ=WEEKLY",
        "EXDATE;TZID=Europe/Paris:20261130T130000,20261207T130000",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Paris:20261214T130000",
        "DTSTART;TZID=Europe/Paris:20261215T130000",
        "DTEND;TZID=Europe/Paris:20261215T140000",
    )
    found = spans(weekly, moved)
    assert found[0] == ("2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z")
    assert found[1][0] == "2026-12-21T12:00:00Z"
    assert ("2027-04-05T11:00:00Z", "2027-04-05T12:00:00Z") in found
    assert found[-1] == ("2026-12-15T12:00:00Z", "2026-12-15T13:00:00Z")
    assert len(found) == 50 + 1
    refs = [row.cells["ref"] for row in table(weekly, moved).rows]
    assert len(set(refs)) == len(refs)
    assert refs[-1].endswith("@2026-12-14")


def test_folded_lines_windows_zones_and_definitions_that_come_along() -> None:
    bomb = (
        "BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
        "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    folded = event("DTSTART;TZID=Europe/Par\r\n is:20261224T130000", "DTEND;TZID=Europe/Paris:20261224T140000")
    assert spans(bomb + folded) == [("2026-12-24T12:00:00Z", "2026-12-24T13:00:00Z")]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=SECONDLY"], "RRULE_UNSUPPORTED"),
        (["DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=DAILY;BYHOUR=1,2,3"], "RRULE_UNSUPPORTED"),
        (["DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], "RRULE_UNSUPPORTED"),
        (["DTSTART;VALUE=DATE:20261224", "RDATE;VALUE=DATE:20261226"], "RRULE_UNSUPPORTED"),
        (["DTSTART;TZID=Mars/Olympus:20261224T130000", "DTEND;TZID=Mars/Olympus:20261224T140000"], "ZONE_UNKNOWN"),
        (["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261223"], "TIME_INVALID"),
        (["DTSTART;VALUE=DATE:20261224", "DTEND:20261225T000000Z"], "TIME_INVALID"),
        (["DTSTART:20261224T130000", "DTEND:20261224T140000Z"], "TIME_INVALID"),
        (["DTSTART:yesterday"], "TIME_INVALID"),
        (["DTEND:20261224T140000Z"], "TIME_INVALID"),
        (["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20491224"], "TIME_INVALID"),
    ],
)
def test_what_cannot_be_followed_is_a_fault_of_its_line(lines: list[str], code: str) -> None:
    good = event("DTSTART;VALUE=DATE:20261224", uid="good")
    found = table(good, event(*lines))
    assert [(line, each) for line, _, each in found.faults] == [(4 + 5, code)]


def test_bombs_end_at_the_horizon_and_large_files_are_not_read() -> None:
    day = "DTSTART;VALUE=DATE:20261224"
    assert spans(event(day, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")) == []
    assert len(spans(event(day, "RRULE:FREQ=DAILY;COUNT=10000"))) < 340
    many = [event(day, "RRULE:FREQ=DAILY", uid=str(n)) for n in range(7)]
    assert set(fault(*many)) == {"TOO_MANY_EVENTS"}
    for data in (b"x" * (1024 * 1024 + 1), b"BEGIN:VEVENT\r\n" * (MAX_EVENTS + 1)):
        with pytest.raises(Unreadable) as refused:
            read(data, TODAY)
        assert refused.value.code == "TOO_MANY_LINES"
    zones = _HEAD.encode() + b"BEGIN:VTIMEZONE\r\n" * 60_000  # each without an end, looked for once
    assert _read(zones) == []


def _read(data: bytes) -> list[Row]:
    """The rows; none of what is no calendar. Any other error than that breaks the test."""
    with contextlib.suppress(Unreadable):
        return read(data, TODAY).rows
    return []


@pytest.mark.parametrize(
    "data", [b"BEGIN:VEVENT\r\nDTSTART", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"a;b\r\n1;2\r\n"]
)
def test_what_is_no_calendar_says_so(data: bytes) -> None:
    assert _read(data) == []


@given(st.binary(max_size=200), st.text(max_size=60))
def test_whatever_comes_is_read_or_refused(noise: bytes, value: str) -> None:
    for data in (noise, (_HEAD + event(f"DTSTART:{value}", f"RRULE:{value}") + "END:VCALENDAR").encode()):
        assert len(_read(data)) <= 340
