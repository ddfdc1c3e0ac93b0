"""The verdict on a cycle: known values of the norms, the pharmacist's scenarios, and curves against a naive reading."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.loads.domain import (
    CurveInvalid,
    Programme,
    Sample,
    judge,
    saturation_pressure_kpa,
    saturation_temperature_c,
)

STEAM = Programme("steam", 134, plateau_s=18 * 60)
WASH = Programme("washing", 90, a0_min=3000)


def held(temp_c: float, seconds: int, probes: int = 2) -> list[Sample]:
    """So long at one temperature in saturated steam, each second."""
    pressure = saturation_pressure_kpa(temp_c)
    return [Sample(float(at), (temp_c,) * probes, pressure) for at in range(seconds + 1)]


def changed(curve: list[Sample], where: range, change: Callable[[Sample], Sample]) -> list[Sample]:
    """The curve with some samples changed."""
    return [change(each) if place in where else each for place, each in enumerate(curve)]


@pytest.mark.parametrize(("temp_c", "seconds", "a0"), [(80, 600, 600), (90, 60, 600), (90, 300, 3000)])
def test_a0(temp_c: float, seconds: int, a0: float) -> None:
    assert judge(held(temp_c, seconds), WASH).figures.a0_s == pytest.approx(a0, rel=1e-12)


def test_f0() -> None:
    assert judge(held(134, 18 * 60), STEAM).figures.f0_min == pytest.approx(350.97, abs=0.005)


def test_saturated_steam() -> None:
    assert saturation_temperature_c(100) + 273.15 == pytest.approx(372.755919, abs=5e-7)
    assert saturation_pressure_kpa(134) == pytest.approx(304.20, abs=0.005)
    assert math.isnan(saturation_temperature_c(0.1))


@given(st.floats(1, 370))
def test_the_line_is_the_same_both_ways(temp_c: float) -> None:
    assert saturation_temperature_c(saturation_pressure_kpa(temp_c)) == pytest.approx(temp_c, abs=1e-6)


def test_a_plateau_that_is_long_enough_conforms() -> None:
    judged = judge(held(134.5, 18 * 60), STEAM)
    assert (judged.verdict, judged.failings) == ("conform", ())
    assert (judged.figures.plateau_s, judged.figures.plateau_from_s) == (1080, 0)


def test_one_second_less_does_not() -> None:
    judged = judge(held(134.5, 18 * 60 - 1), STEAM)
    assert (judged.verdict, judged.failings) == ("not_conform", ("plateau_too_short",))


def test_a_broken_plateau_does_not_conform_whatever_its_f0() -> None:
    """Scenario 3: 134.5 °C, but 133.6 °C for 20 s at minute 11 of 18."""
    cold = saturation_pressure_kpa(133.6)
    curve = changed(held(134.5, 18 * 60), range(660, 680), lambda each: Sample(each.at_s, (133.6, 133.6), cold))
    judged = judge(curve, STEAM)
    assert judged.verdict == "not_conform"
    assert judged.figures.f0_min == pytest.approx(392.4, abs=0.1)
    assert judged.figures.plateau_s == 659


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        (lambda each: replace(each, probes_c=(134.5, 136.9)), "probe_spread"),
        (lambda each: replace(each, pressure_kpa=saturation_pressure_kpa(134.5) * 1.1), "steam_not_saturated"),
        (lambda each: replace(each, pressure_kpa=None), "steam_not_saturated"),
        (lambda each: replace(each, probes_c=(137.2, 137.2)), "plateau_too_short"),
    ],
)
def test_what_breaks_a_plateau_is_named(change: Callable[[Sample], Sample], failing: str) -> None:
    judged = judge(changed(held(134.5, 18 * 60), range(500, 502), change), STEAM)
    assert judged.verdict == "not_conform"
    assert failing in judged.failings


def test_a_hole_in_the_curve_breaks_it() -> None:
    curve = held(134.5, 18 * 60)
    assert judge(curve[:500] + curve[504:], STEAM).verdict == "conform"
    broken = judge(curve[:500] + curve[505:], STEAM)
    assert (broken.verdict, broken.failings) == ("not_conform", ("plateau_too_short", "gap_in_curve"))


def test_nothing_is_assumed() -> None:
    assert judge([], STEAM).failings == ("too_few_samples",)
    assert judge(held(134.5, 0), STEAM).failings == ("too_few_samples",)
    for wrong in (math.nan, math.inf):
        with pytest.raises(CurveInvalid):
            Sample(0.0, (wrong,), 300.0)
    with pytest.raises(CurveInvalid):
        judge([*held(134.5, 10), Sample(10.0, (134.5, 134.5), 300.0)], STEAM)
    with pytest.raises(CurveInvalid):
        judge([*held(134.5, 10), Sample(11.0, (134.5,), 300.0)], STEAM)


def test_a_wash_counts_nothing_under_its_floor_and_wants_the_whole_curve() -> None:
    cool = held(64.9, 100_000)
    assert judge(cool, WASH).figures.a0_s == 0
    curve = held(90, 310)
    assert judge(curve, WASH).verdict == "conform"
    assert judge(curve[:5] + curve[12:], WASH).failings == ("gap_in_curve",)
    assert judge(held(96, 310), replace(WASH, most_c=95)).failings == ("too_hot",)


@given(st.lists(st.sampled_from([133.9, 134.0, 135.5, 137.0, 137.1]), min_size=2, max_size=60), st.integers(1, 20))
def test_the_longest_stretch_is_the_longest(temps: list[float], wanted: int) -> None:
    """Against every pair of samples, tried one by one."""
    programme = replace(STEAM, plateau_s=float(wanted), saturation_k=None)
    curve = [Sample(float(at), (temp,)) for at, temp in enumerate(temps)]
    longest = max(
        (b - a for a in range(len(temps)) for b in range(a + 1, len(temps))
         if all(134.0 <= each <= 137.0 for each in temps[a : b + 1])),
        default=0,
    )  # fmt: skip
    judged = judge(curve, programme)
    assert judged.figures.plateau_s == longest
    assert (judged.verdict == "conform") == (longest >= wanted)
