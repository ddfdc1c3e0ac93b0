"""The simulation of a day: against Erlang where Erlang is exact, and what must hold of any day."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telesecretariat.staffing.domain import Load, erlang_a, erlang_c
from telesecretariat.staffing.simulation import Day, Interval, quantile, replicate


def steady(calls_per_hour: float, handling_s: float, agents: int, patience_s: float | None = None) -> Day:
    """Forty-eight hours alike, as Erlang assumes; the first of them are the run-up."""
    hours = tuple(Interval(calls_per_hour, agents) for _ in range(48))
    return Day(hours, 3600, handling_s, 0, patience_s, talk="exponential")


@pytest.mark.parametrize(("calls", "handling_s", "agents"), [(200, 180, 13), (120, 240, 11), (60, 150, 5)])
def test_without_abandonment_it_is_erlang_c(calls: float, handling_s: float, agents: int) -> None:
    """Within one point of the service level, and the waits with it."""
    exact = erlang_c(Load(calls, handling_s), agents)
    hours = [
        hour for seed in range(20) for hour in replicate(steady(calls, handling_s, agents), random.Random(seed))[3:]
    ]
    offered = sum(hour.offered for hour in hours)
    assert sum(hour.within for hour in hours) / offered == pytest.approx(exact.service_level(20), abs=0.01)
    assert sum(hour.abandoned for hour in hours) == 0


def test_with_patience_it_is_erlang_a() -> None:
    exact = erlang_a(Load(200, 180), 10, 180)
    hours = [hour for seed in range(20) for hour in replicate(steady(200, 180, 10, 180), random.Random(seed))[3:]]
    offered = sum(hour.offered for hour in hours)
    assert sum(hour.abandoned for hour in hours) / offered == pytest.approx(exact.abandon_probability, abs=0.01)


days = st.builds(
    Day,
    st.lists(st.builds(Interval, st.floats(0, 40), st.integers(0, 6)), min_size=1, max_size=8).map(tuple),
    st.just(1800.0),
    st.floats(1, 600),
    st.floats(0, 120),
    st.none() | st.floats(1, 600),
)


@given(days, st.integers(0, 2**32))
@settings(max_examples=60)
def test_every_call_has_one_end(day: Day, seed: int) -> None:
    outcomes = replicate(day, random.Random(seed))
    assert replicate(day, random.Random(seed)) == outcomes
    for outcome in outcomes:
        assert outcome.offered == outcome.answered + outcome.abandoned
        assert 0 <= outcome.within <= outcome.answered


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1.0])
def test_what_is_no_number_makes_no_day(wrong: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Day((Interval(wrong, 3),), 1800, 130, 35, None)
    with pytest.raises(ValueError, match="finite"):
        Day((Interval(3, 3),), 1800, wrong, 35, None)


def test_quantiles() -> None:
    assert quantile([], 0.5) is None
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([0.0, 10.0], 0.9) == pytest.approx(9.0)
