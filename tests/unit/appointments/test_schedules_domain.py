"""Windows that opening rules make: local hours, clock changes, holidays, exceptions, releases, clashes."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.schedules.domain import (
    Opening,
    OpeningException,
    OpeningRule,
    Release,
    Window,
    clashes,
    expand,
    instant,
    minutes_by_week,
    room_clashes,
)
from appointments.schedules.expansion import public_holidays
from appointments.schedules.recurrence import parse
from appointments.slots.domain import Length, Run, minute, offered

PARIS = ZoneInfo("Europe/Paris")
RULE, OTHER, CHANGE = UUID(int=1), UUID(int=2), UUID(int=3)
ROOM = UUID(int=9)
DAY = timedelta(days=1)


def opening(start: str, end: str, **more: object) -> Opening:
    return Opening("clinic", time.fromisoformat(start), time.fromisoformat(end), **more)  # type: ignore[arg-type]


def rule(what: Opening, first: str, rrule: str | None = "FREQ=DAILY", *, on_holidays: bool = False) -> OpeningRule:
    recurrence = parse(rrule, PARIS) if rrule else None
    return OpeningRule(RULE, what, date.fromisoformat(first), recurrence, on_holidays)


def windows(of: OpeningRule, start: str, days: int, *exceptions: OpeningException) -> list[Window]:
    begin = date.fromisoformat(start)
    end = begin + days * DAY
    return expand([of], exceptions, public_holidays("FR", begin, end), PARIS, begin, end)


def test_nine_is_nine_in_summer_and_in_winter() -> None:
    """Scenario 4: a rule Monday 9:00 is 07:00Z on 19 October 2026 and 08:00Z a week later."""
    found = windows(rule(opening("09:00", "12:00"), "2026-10-19", "FREQ=WEEKLY"), "2026-10-19", 8)
    assert [w.start for w in found] == [datetime(2026, 10, 19, 7, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("day", "hours", "times"), [("2026-10-24", 8, 24), ("2026-10-25", 9, 27), ("2027-03-28", 7, 21)]
)
def test_a_night_window_has_its_true_length_when_clocks_change(day: str, hours: int, times: int) -> None:
    """Scenario 4: 0:00-8:00 holds 24 times of 20 minutes, 27 in October, 21 in March."""
    (found,) = windows(rule(opening("00:00", "08:00"), day), day, 1)
    assert found.minutes == hours * 60
    run = Run(minute(found.start), minute(found.end))
    assert len(list(offered([run], Length(20), 20, 0, 10**9))) == times
    assert minutes_by_week([found]) == {found.local_date - found.local_date.weekday() * DAY: hours * 60}


def test_a_window_never_opens_at_an_hour_that_does_not_exist() -> None:
    """02:30 on 28 March 2027 is skipped: the window opens when clocks show 3:00, and a window inside the gap is
    none.
    """
    (found,) = windows(rule(opening("02:30", "08:00"), "2027-03-28"), "2027-03-28", 1)
    assert found.start.astimezone(PARIS).time() == time(3)
    assert windows(rule(opening("02:10", "02:50"), "2027-03-28"), "2027-03-28", 1) == []


def test_an_hour_that_comes_twice_is_its_first_passage() -> None:
    assert instant(date(2026, 10, 25), time(2, 30), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_window_may_cross_midnight_and_belongs_to_the_day_of_its_start() -> None:
    (found,) = windows(rule(opening("20:00", "01:00"), "2026-11-27", None), "2026-11-27", 2)
    assert (found.local_date, found.minutes) == (date(2026, 11, 27), 300)
    assert found.end == datetime(2026, 11, 28, 0, tzinfo=UTC)


def test_equal_hours_are_a_whole_day() -> None:
    (found,) = windows(rule(opening("08:00", "08:00"), "2026-11-27", None), "2026-11-27", 1)
    assert found.minutes == 24 * 60


def test_public_holidays_close_unless_the_rule_says_otherwise() -> None:
    """11 November and Easter Monday 2027 (29 March) by the library; Good Friday only in Alsace-Moselle."""
    closed = windows(rule(opening("09:00", "12:00"), "2026-11-09"), "2026-11-09", 5)
    assert [w.local_date.day for w in closed] == [9, 10, 12, 13]
    open_ = windows(rule(opening("09:00", "12:00"), "2026-11-09", on_holidays=True), "2026-11-09", 5)
    assert [w.local_date.day for w in open_] == [9, 10, 11, 12, 13]
    easter = (date(2027, 3, 20), date(2027, 4, 1))
    assert date(2027, 3, 29) in public_holidays("FR", *easter)
    assert date(2027, 3, 26) not in public_holidays("FR", *easter)
    assert date(2027, 3, 26) in public_holidays("FR-AM", *easter)


def test_an_exception_adds_removes_or_changes_one_day() -> None:
    base = rule(opening("09:00", "12:00"), "2026-11-23")
    changes = (
        OpeningException(CHANGE, date(2026, 11, 24), "remove"),
        OpeningException(CHANGE, date(2026, 11, 25), "change", RULE, opening("10:00", "11:00")),
        OpeningException(OTHER, date(2026, 11, 26), "add", None, opening("14:00", "15:00")),
    )
    found = [
        (w.local_date.day, w.start.astimezone(PARIS).hour, w.source_id)
        for w in windows(base, "2026-11-23", 4, *changes)
    ]
    assert found == [(23, 9, RULE), (25, 10, RULE), (26, 9, RULE), (26, 14, OTHER)]


def test_removing_one_rule_leaves_the_others() -> None:
    morning = rule(opening("09:00", "12:00"), "2026-11-23")
    evening = OpeningRule(OTHER, opening("14:00", "18:00"), date(2026, 11, 23), morning.recurrence)
    gone = OpeningException(CHANGE, date(2026, 11, 23), "remove", RULE)
    day = date(2026, 11, 23)
    found = expand([morning, evening], [gone], frozenset(), PARIS, day, day + DAY)
    assert [w.source_id for w in found] == [OTHER]


def test_an_exception_is_stronger_than_a_public_holiday() -> None:
    base = rule(opening("09:00", "12:00"), "2026-11-09")
    added = OpeningException(CHANGE, date(2026, 11, 11), "add", None, opening("09:00", "10:00"))
    assert [w.source_id for w in windows(base, "2026-11-11", 1, added)] == [CHANGE]


def test_a_release_opens_a_window_to_an_audience_later() -> None:
    """Scenario 12: for the regulator always, for the public from 10:00 the same day."""
    what = opening("14:00", "16:00", audiences=("regulator",), releases=(Release("public", 0, time(10)),))
    (found,) = windows(rule(what, "2026-11-24", None), "2026-11-24", 1)
    assert found.open_from == (("public", datetime(2026, 11, 24, 9, tzinfo=UTC)), ("regulator", None))


def test_a_release_of_a_listed_audience_holds_it_back() -> None:
    what = opening("14:00", "16:00", audiences=("regulator",), releases=(Release("regulator", 2, time(0)),))
    (found,) = windows(rule(what, "2027-03-29", None, on_holidays=True), "2027-03-29", 1)
    assert found.open_from == (("regulator", datetime(2027, 3, 26, 23, tzinfo=UTC)),)


def test_two_windows_at_once_clash_and_two_that_touch_do_not() -> None:
    morning = windows(rule(opening("09:00", "12:00"), "2026-11-23", None), "2026-11-23", 1)
    touching = windows(rule(opening("12:00", "13:00"), "2026-11-23", None), "2026-11-23", 1)
    over = windows(rule(opening("11:30", "13:00"), "2026-11-23", None), "2026-11-23", 1)
    assert clashes(morning + touching) == []
    (clash,) = clashes(morning + over)
    assert (clash.kind, clash.first, clash.second) == ("window", morning[0], over[0])


def test_a_long_window_clashes_with_each_one_that_it_covers() -> None:
    long = windows(rule(opening("08:00", "20:00"), "2026-11-23", None), "2026-11-23", 1)
    short = windows(rule(opening("09:00", "10:00"), "2026-11-23", None), "2026-11-23", 1)
    later = windows(rule(opening("11:00", "12:00"), "2026-11-23", None), "2026-11-23", 1)
    assert len(clashes(long + short + later)) == 2


def test_a_room_is_used_once_at_a_time() -> None:
    one = windows(rule(opening("09:00", "12:00", room_id=ROOM), "2026-11-23", None), "2026-11-23", 1)
    two = windows(rule(opening("11:00", "13:00", room_id=ROOM), "2026-11-23", None), "2026-11-23", 1)
    three = windows(rule(opening("11:00", "13:00"), "2026-11-23", None), "2026-11-23", 1)
    assert [c.kind for c in room_clashes(one + two + three)] == ["room"]
    assert room_clashes(one + three) == []


walls = st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0))  # as `HH:MM` is read


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), walls)
def test_local_time_makes_the_round_trip(day: date, wall: time) -> None:
    """I21: on every day, the instant shows the wall time again, or the hour just after a gap."""
    moment = instant(day, wall, PARIS)
    back = moment.astimezone(PARIS)
    assert moment.utcoffset() == timedelta(0)
    if (back.date(), back.time()) != (day, wall):
        assert (back.time(), wall.hour) == (time(3), 2)
        assert (moment - timedelta(minutes=1)).astimezone(PARIS).time() == time(1, 59)


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), walls, walls)
def test_a_window_is_never_empty_nor_longer_than_a_day_and_an_hour(day: date, start: time, end: time) -> None:
    for found in windows(
        rule(Opening("clinic", start, end), day.isoformat(), None, on_holidays=True), day.isoformat(), 1
    ):
        assert timedelta(0) < found.end - found.start <= timedelta(hours=25)
        assert found.local_date == day
