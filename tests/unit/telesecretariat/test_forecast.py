"""What a day will bring, from like days: which days those are, what makes it more or less, how far it may be off."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from telesecretariat.lines.domain import Calendar, Range
from telesecretariat.lines.rows import public_holidays
from telesecretariat.staffing.forecast import Slot, candidates, factor, forecast, is_special, slots

PARIS = ZoneInfo("Europe/Paris")
HOURS = {day: (Range(time(8), time(20)),) for day in range(5)} | {5: (Range(time(8), time(12)),)}
CENTRE = Calendar(
    PARIS, HOURS, public_holidays("FR"), {date(2026, 10, 19): (Range(time(8), time(12)),), date(2026, 10, 5): ()}
)
MONDAY = date(2026, 11, 23)


def half_hours(day: date, *hours: int) -> list[Slot]:
    """The first half hour of each of these hours."""
    begins = [datetime.combine(day, time(hour), PARIS).astimezone(UTC) for hour in hours]
    return [Slot(at, at + timedelta(minutes=30), hour * 2) for at, hour in zip(begins, hours, strict=True)]


def test_like_days_are_ordinary_days_of_the_same_name() -> None:
    """Not the Monday after All Saints', not the one with other hours, not the closed one; never today itself."""
    found = candidates(CENTRE, MONDAY, today=MONDAY)
    assert found[:4] == [date(2026, 11, 16), date(2026, 11, 9), date(2026, 10, 26), date(2026, 10, 12)]
    assert len(found) == 12
    assert {day.weekday() for day in found} == {0}
    later = candidates(CENTRE, MONDAY + timedelta(weeks=3), today=MONDAY + timedelta(days=1))
    assert later[:2] == [MONDAY, date(2026, 11, 16)]
    assert candidates(CENTRE, date(2026, 11, 16), today=MONDAY)[0] == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("day", "special"),
    [(date(2026, 11, 11), True), (date(2026, 11, 12), True), (date(2026, 11, 13), False), (date(2026, 11, 15), True)],
)
def test_holidays_the_day_after_and_closed_days_tell_nothing(day: date, special: bool) -> None:
    assert is_special(CENTRE, day) is special


def test_more_call_after_a_holiday() -> None:
    assert factor(CENTRE, date(2026, 11, 12)) == 1.4
    assert factor(CENTRE, date(2026, 11, 2)) == pytest.approx(1.4 / 1.35)
    assert factor(CENTRE, MONDAY) == 1.0


def test_half_hours_are_those_of_the_open_line() -> None:
    assert [slot.place for slot in slots(CENTRE, MONDAY)] == list(range(16, 40))
    assert slots(CENTRE, date(2026, 11, 11)) == []
    always = Calendar(PARIS, {6: (Range(time.min, time.max),)})
    assert len(slots(always, date(2026, 10, 25))) == 50
    assert len(slots(always, date(2026, 3, 29))) == 46


def test_the_mean_of_eight_days_their_spread_and_the_level_of_today() -> None:
    """Days of 10, 20 … 100 calls at 9h: the latest eight are 30 to 100. Today 9h brought half of the 65 expected."""
    wanted = half_hours(MONDAY, 9, 10)
    history = {MONDAY - timedelta(weeks=11 - n): {18: 10 * n, 20: 40} for n in range(1, 11)}
    now = wanted[0].ends
    found = forecast(wanted, history, {18: 65, 20: 3}, now, 2.0)
    assert found is not None
    nine, ten = found.slots
    assert (nine.calls, nine.actual, found.level) == (130, 65, 0.5)
    assert [nine.p10, nine.p90] == pytest.approx([74, 186])
    assert (ten.calls, ten.p10, ten.p90, ten.actual) == (40, 40, 40, None)
    assert found.days[0] == MONDAY - timedelta(weeks=1)
    assert len(found.days) == 8


def test_of_few_calls_nothing_is_concluded() -> None:
    wanted = half_hours(MONDAY, 9, 10)
    found = forecast(wanted, {MONDAY - timedelta(weeks=1): {18: 9, 20: 4}}, {18: 90}, wanted[0].ends, 1.0)
    assert found is not None
    assert (found.level, found.slots[1].calls) == (1.0, 4)
    assert forecast(wanted, {}, {}, wanted[0].begins, 1.0) is None
