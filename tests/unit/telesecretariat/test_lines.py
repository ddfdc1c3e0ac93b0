"""When 03 85 34 71 00 is answered: Monday to Friday 8-20h, Saturday 8-12h, not on holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telesecretariat.lines.domain import Calendar, Range, is_duty_time, may_still_be_served, opening

PARIS = ZoneInfo("Europe/Paris")
WEEK = {day: (Range(time(8), time(20)),) for day in range(5)} | {5: (Range(time(8), time(12)),)}
HOLIDAYS = frozenset({date(2026, 11, 11), date(2026, 12, 25), date(2027, 1, 1), date(2027, 5, 8)})
LINE = Calendar(PARIS, WEEK, HOLIDAYS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_a_holiday_is_closed_until_the_next_working_day() -> None:
    told = opening(LINE, at("2026-11-11T10:15"))
    assert (told.open, told.cause, told.next_opening) == (False, "holiday", at("2026-11-12T08:00"))
    assert is_duty_time(LINE, at("2026-11-11T10:15"))
    assert opening(LINE, at("2027-05-08T09:00")).cause == "holiday", "a Saturday on which the line would be open"


def test_saturday_closes_at_noon_and_who_waits_then_is_still_served() -> None:
    last = at("2026-11-14T11:59:50")
    assert opening(LINE, last).until == at("2026-11-14T12:00")
    noon = opening(LINE, at("2026-11-14T12:00:00"))
    assert (noon.open, noon.cause, noon.next_opening) == (False, "hours", at("2026-11-16T08:00"))
    drain = timedelta(minutes=15)
    assert may_still_be_served(LINE, last, at("2026-11-14T12:03"), drain)
    assert not may_still_be_served(LINE, last, at("2026-11-14T12:15"), drain)
    assert not may_still_be_served(LINE, at("2026-11-14T12:00:00"), at("2026-11-14T12:03"), drain)


def test_an_exception_closes_a_day_or_opens_a_holiday_and_a_daytime_closing_is_no_duty_time() -> None:
    line = Calendar(PARIS, WEEK, HOLIDAYS, {date(2026, 11, 24): (), date(2026, 11, 11): (Range(time(9), time(12)),)})
    closed = opening(line, at("2026-11-24T10:00"))
    assert (closed.open, closed.cause, closed.next_opening) == (False, "closed_day", at("2026-11-25T08:00"))
    assert not is_duty_time(line, at("2026-11-24T10:00"))
    assert opening(line, at("2026-11-11T10:00")).open


@pytest.mark.parametrize(
    ("instant", "duty"),
    [
        ("2026-11-23T07:59:59", True),
        ("2026-11-23T08:00", False),
        ("2026-11-23T19:59:59", False),
        ("2026-11-23T20:00", True),
        ("2026-11-21T11:59:59", False),
        ("2026-11-21T12:00", True),
        ("2026-11-22T10:00", True),
        ("2026-12-25T10:00", True),
    ],
)
def test_duty_time_is_that_of_the_law(instant: str, duty: bool) -> None:
    assert is_duty_time(LINE, at(instant)) is duty


def test_a_line_that_never_closes_says_no_end_within_a_day_and_ranges_that_touch_are_one() -> None:
    halves = (Range(time(8), time(12)), Range(time(12), time(20)))
    assert opening(Calendar(PARIS, {0: halves}), at("2026-11-23T09:00")).until == at("2026-11-23T20:00")
    whole = Calendar(PARIS, {day: (Range(time(0), time.max),) for day in range(2)})
    assert opening(whole, at("2026-11-23T09:00")).until == at("2026-11-25T00:00")
    never = opening(Calendar(PARIS, {}), at("2026-11-23T09:00"))
    assert (never.open, never.until, never.next_opening) == (False, None, None)


def test_the_hour_that_a_clock_change_skips_is_left_out_and_the_one_it_repeats_counts_twice() -> None:
    night = Calendar(PARIS, {6: (Range(time(1), time(4)),)})
    (spring,) = night.spans(date(2027, 3, 28))
    assert spring[1] - spring[0] == timedelta(hours=2)
    (autumn,) = night.spans(date(2026, 10, 25))
    assert autumn[1] - autumn[0] == timedelta(hours=4)
    assert Calendar(PARIS, {6: (Range(time(2), time(3)),)}).spans(date(2027, 3, 28)) == []
    with pytest.raises(ValueError, match="before"):
        Range(time(20), time(8))


@given(minutes=st.integers(0, 400 * 24 * 60))
def test_what_is_said_holds_until_the_instant_that_is_said_and_no_longer(minutes: int) -> None:
    instant = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    told = opening(LINE, instant)
    assert told.until is not None
    assert told.until > instant
    assert opening(LINE, told.until).open is not told.open
    assert opening(LINE, told.until - timedelta(seconds=1)).open is told.open
