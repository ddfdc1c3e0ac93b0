"""Buckets of local time on the days the clocks change; time cut at borders; the three levels by their names."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telesecretariat.reports.domain import Bucket, Counts, Window, buckets, midnight, sliced

PARIS = ZoneInfo("Europe/Paris")
WHOLE = Window(time(0), None, frozenset(range(1, 8)))


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2027, 3, 28), 23), (date(2026, 3, 2), 24)],
)
def test_a_day_has_as_many_hours_as_it_has(day: date, hours: int) -> None:
    """Scenario 11."""
    found = buckets(midnight(day, PARIS), midnight(day + timedelta(days=1), PARIS), "hour", PARIS, WHOLE)
    assert len(found) == hours
    assert all(each.ends - each.begins == timedelta(hours=1) for each in found)
    assert len({each.begins.astimezone(PARIS).isoformat() for each in found}) == hours


def test_buckets_are_those_of_the_wall_clock_and_cut_at_the_ends() -> None:
    begins, ends = datetime(2026, 11, 23, 7, 10, tzinfo=UTC), datetime(2026, 11, 23, 8, 20, tzinfo=UTC)
    found = buckets(begins, ends, "30min", PARIS, WHOLE)
    local = [each.begins.astimezone(PARIS).strftime("%H:%M") for each in found]
    assert local == ["08:10", "08:30", "09:00"]
    assert found[-1].ends == ends


def test_only_the_hours_and_days_asked_for() -> None:
    begins, ends = midnight(date(2026, 11, 20), PARIS), midnight(date(2026, 11, 25), PARIS)
    opened = Window(time(8), time(20), frozenset({1, 5}))
    found = [each.begins.astimezone(PARIS) for each in buckets(begins, ends, "hour", PARIS, opened)]
    assert {each.isoweekday() for each in found} == {1, 5}
    assert [each.hour for each in found] == [*range(8, 20)] * 2
    assert len(buckets(begins, ends, "day", PARIS, opened)) == 2
    assert len(buckets(begins, ends, "month", PARIS, opened)) == 1


instants = st.integers(0, 13 * 86_400).map(
    lambda seconds: datetime(2026, 10, 20, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(instants, instants, instants, instants, st.sampled_from(["15min", "30min", "hour", "day", "month"]))
def test_what_is_cut_sums_to_what_it_was(a: datetime, b: datetime, c: datetime, d: datetime, step: str) -> None:
    (first, last), (begins, ends) = sorted((a, b)), sorted((c, d))
    cut = buckets(first, last, step, PARIS, WHOLE)  # type: ignore[arg-type]
    assert all(low.ends == high.begins for low, high in pairwise(cut))
    pieces = list(sliced(begins, ends, cut))
    common = max(timedelta(0), min(ends, last) - max(begins, first))
    assert sum(each.seconds for each in pieces) == pytest.approx(common.total_seconds())
    assert len({each.place for each in pieces}) == len(pieces)


def test_a_talk_over_a_border() -> None:
    """9:50 to 10:20: ten minutes in the ninth hour, twenty in the tenth."""
    nine = datetime(2026, 11, 23, 8, tzinfo=UTC)
    cut = [Bucket(nine + timedelta(hours=n), nine + timedelta(hours=n + 1)) for n in range(2)]
    pieces = list(sliced(nine + timedelta(minutes=50), nine + timedelta(minutes=80), cut))
    assert [(each.place, each.seconds / 60) for each in pieces] == [(0, 10), (1, 20)]


def test_three_levels_of_the_same_calls() -> None:
    """Scenario 10: ten answered, four of them in time; two hung up in time, and shortly."""
    counts = Counts(10, 2, 2, 0, 0, in_time=4, gone_in_time=2)
    assert (counts.sl_answered, counts.sl_with_abandons, counts.sl_offered) == (0.4, 0.5, 0.4)
    nobody = Counts(0, 0, 0, 0, 0, 0, 0)
    assert (nobody.sl_answered, nobody.sl_with_abandons, nobody.sl_offered, nobody.answered_rate) == (None,) * 4
