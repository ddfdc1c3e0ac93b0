"""The starts of a series: wall times, an end, and no more than a year of weeks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.schedules.recurrence import UnsupportedRule
from appointments.series.domain import MOST, starts_of

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
FIRST = datetime(2026, 11, 24, 9, 20, tzinfo=PARIS)
HALF_A_YEAR = timedelta(days=180)


def _starts(rule: str, first: datetime = FIRST, ahead: timedelta = HALF_A_YEAR) -> list[datetime]:
    return starts_of(rule, first, PARIS, NOW, ahead)


def test_the_wall_time_stays_over_the_change_of_clocks() -> None:
    starts = _starts("FREQ=WEEKLY;COUNT=4", datetime(2027, 3, 16, 9, 20, tzinfo=PARIS))
    assert [start.astimezone(UTC).hour for start in starts] == [8, 8, 7, 7]
    assert {f"{start:%a %H:%M}" for start in starts} == {"Tue 09:20"}


def test_until_is_included_and_february_has_no_31st() -> None:
    assert [start.day for start in _starts("FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261203")] == [24, 26, 1, 3]
    monthly = _starts("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", datetime(2026, 12, 31, 9, tzinfo=PARIS))
    assert [start.month for start in monthly] == [12, 1, 3]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY",
        "FREQ=SECONDLY;COUNT=3",
        "FREQ=DAILY;COUNT=53",
        "FREQ=DAILY;UNTIL=20270401",
        "FREQ=WEEKLY;UNTIL=20280101",
        "FREQ=MONTHLY;COUNT=12",
        "FREQ=DAILY;UNTIL=20261101",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "FREQ=DAILY;COUNT=3;UNTIL=20261201",
        "nonsense",
    ],
)
def test_a_rule_without_an_end_in_reach_is_refused(rule: str) -> None:
    with pytest.raises(UnsupportedRule):
        _starts(rule)


@given(st.sampled_from(["DAILY", "WEEKLY"]), st.integers(1, 3), st.integers(1, MOST), st.integers(0, 400))
def test_as_many_as_counted_or_none(frequency: str, interval: int, count: int, ahead: int) -> None:
    rule = f"FREQ={frequency};INTERVAL={interval};COUNT={count}"
    last = FIRST + timedelta(days=(7 if frequency == "WEEKLY" else 1) * interval * (count - 1))
    reached = last.date() <= (NOW + timedelta(days=ahead)).astimezone(PARIS).date()
    if reached:
        starts = _starts(rule, ahead=timedelta(days=ahead))
        assert (len(starts), starts[0], starts[-1].date()) == (count, FIRST, last.date())
    else:
        with pytest.raises(UnsupportedRule):
            _starts(rule, ahead=timedelta(days=ahead))
