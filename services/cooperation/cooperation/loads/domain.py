"""The verdict on a cycle, from the machine's own curve. Pure: only numbers in, one answer out.

A washer is judged by A0 (ISO 15883-1, annex A), a steam steriliser by an unbroken plateau in its band with every probe
and saturated steam (EN 285). F0 is told and decides nothing. Limits come from the versioned programme, never from here.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

Verdict = Literal["conform", "not_conform"]
Failing = Literal[
    "plateau_too_short", "probe_spread", "steam_not_saturated", "gap_in_curve", "too_hot", "a0_too_low",
    "too_few_samples",
]  # fmt: skip

KELVIN: Final = 273.15
A0_REFERENCE_C: Final = 80.0
F0_REFERENCE_C: Final = 121.1
STEP_C: Final = 10.0
"""The z value: ten times as fast for ten degrees more."""

# Coefficients of the saturation line, IAPWS-IF97 region 4 (equations 30 and 31, table 34).
_N: Final = (
    0.11670521452767e4, -0.72421316703206e6, -0.17073846940092e2, 0.12020824702470e5, -0.32325550322333e7,
    0.14915108613530e2, -0.48232657361591e4, 0.40511340542057e6, -0.23855557567849, 0.65017534844798e3,
)  # fmt: skip
TRIPLE_KPA: Final = 0.611213
CRITICAL_KPA: Final = 22_064.0


class CurveInvalid(ValueError):
    """Not a curve: a value that is no number, or time that does not go on."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One instant: seconds since the beginning of the cycle, probes in degrees Celsius, absolute pressure in kPa."""

    at_s: float
    probes_c: tuple[float, ...]
    pressure_kpa: float | None = None

    def __post_init__(self) -> None:
        values = (self.at_s, *self.probes_c, self.pressure_kpa or 0.0)
        if not self.probes_c or not all(math.isfinite(value) for value in values):
            raise CurveInvalid


@dataclass(frozen=True, slots=True)
class Programme:
    """What the cycle had to be. Degrees Celsius, kelvins, seconds."""

    kind: Literal["washing", "steam", "low_temperature"]
    temp_c: float
    plateau_s: float = 0.0
    band_k: float = 3.0
    spread_k: float = 2.0
    saturation_k: float | None = 2.0
    max_gap_s: float = 5.0
    a0_min: float = 0.0
    a0_floor_c: float = 65.0
    most_c: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What was reckoned. Seconds; A0 in seconds at 80 °C; F0 in minutes at 121.1 °C; degrees within the plateau."""

    plateau_s: float
    plateau_from_s: float | None
    a0_s: float
    f0_min: float
    coldest_c: float | None
    hottest_c: float | None
    widest_spread_k: float | None
    longest_gap_s: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, why not, and the figures that it rests on."""

    verdict: Verdict
    failings: tuple[Failing, ...]
    figures: Figures = field(compare=False)


def saturation_temperature_c(pressure_kpa: float) -> float:
    """Temperature of saturated steam at an absolute pressure (IF97 region 4, equation 31); NaN outside the line."""
    if not TRIPLE_KPA <= pressure_kpa <= CRITICAL_KPA:
        return math.nan
    beta = math.pow(pressure_kpa / 1000, 0.25)
    e = beta * beta + _N[2] * beta + _N[5]
    f = _N[0] * beta * beta + _N[3] * beta + _N[6]
    g = _N[1] * beta * beta + _N[4] * beta + _N[7]
    d = 2 * g / (-f - math.sqrt(f * f - 4 * e * g))
    kelvin = (_N[9] + d - math.sqrt((_N[9] + d) * (_N[9] + d) - 4 * (_N[8] + _N[9] * d))) / 2
    return kelvin - KELVIN


def saturation_pressure_kpa(temp_c: float) -> float:
    """Absolute pressure of saturated steam at a temperature (IF97 region 4, equation 30)."""
    kelvin = temp_c + KELVIN
    theta = kelvin + _N[8] / (kelvin - _N[9])
    a = theta * theta + _N[0] * theta + _N[1]
    b = _N[2] * theta * theta + _N[3] * theta + _N[4]
    c = _N[5] * theta * theta + _N[6] * theta + _N[7]
    root: float = (2 * c / (-b + math.sqrt(b * b - 4 * a * c))) ** 4
    return root * 1000


def judge(curve: Sequence[Sample], programme: Programme) -> Judgement:
    """Whether the cycle was as its programme asks. Raises CurveInvalid when time stands still or goes back."""
    steps = list(pairwise(curve))
    if any(after.at_s <= before.at_s or len(after.probes_c) != len(before.probes_c) for before, after in steps):
        raise CurveInvalid
    figures = _figures(steps, programme)
    failings = tuple(_failings(curve, steps, figures, programme))
    return Judgement("not_conform" if failings else "conform", failings, figures)


def a0_s(steps: Sequence[tuple[Sample, Sample]], floor_c: float) -> float:
    """Lethality of wet heat for a wash: each interval counts the lower end of its coldest probe, under the floor not
    at all."""
    return _lethality(steps, A0_REFERENCE_C, floor_c)


def f0_min(steps: Sequence[tuple[Sample, Sample]]) -> float:
    """Lethality of moist heat, in minutes at 121.1 °C; for people to read."""
    return _lethality(steps, F0_REFERENCE_C, -math.inf) / 60


def _lethality(steps: Sequence[tuple[Sample, Sample]], reference_c: float, floor_c: float) -> float:
    total = 0.0
    for before, after in steps:
        coldest = min(*before.probes_c, *after.probes_c)
        if coldest >= floor_c:
            total += math.pow(10, (coldest - reference_c) / STEP_C) * (after.at_s - before.at_s)
    return total


def _figures(steps: Sequence[tuple[Sample, Sample]], programme: Programme) -> Figures:
    begins, ends, held = 0, -1, 0.0
    for first, last in _stretches(steps, programme):
        length = steps[last][1].at_s - steps[first][0].at_s
        if length > held:
            begins, ends, held = first, last, length
    within = [*(step[0] for step in steps[begins : ends + 1]), *(step[1] for step in steps[ends : ends + 1])]
    probes = [value for sample in within for value in sample.probes_c]
    return Figures(
        plateau_s=held,
        plateau_from_s=within[0].at_s if within else None,
        a0_s=a0_s(steps, programme.a0_floor_c),
        f0_min=f0_min(steps),
        coldest_c=min(probes, default=None),
        hottest_c=max(probes, default=None),
        widest_spread_k=max((max(s.probes_c) - min(s.probes_c) for s in within), default=None),
        longest_gap_s=max((after.at_s - before.at_s for before, after in steps), default=0.0),
    )


def _stretches(steps: Sequence[tuple[Sample, Sample]], programme: Programme) -> Iterator[tuple[int, int]]:
    """First and last interval of each unbroken stretch in which every sample is as it must be."""
    first: int | None = None
    for place, (before, after) in enumerate(steps):
        good = (
            after.at_s - before.at_s <= programme.max_gap_s and _holds(before, programme) and _holds(after, programme)
        )
        if good and first is None:
            first = place
        elif not good and first is not None:
            yield first, place - 1
            first = None
    if first is not None:
        yield first, len(steps) - 1


def _holds(sample: Sample, programme: Programme) -> bool:
    coldest, hottest = min(sample.probes_c), max(sample.probes_c)
    if not (programme.temp_c <= coldest and hottest <= programme.temp_c + programme.band_k):
        return False
    if hottest - coldest > programme.spread_k:
        return False
    if programme.kind != "steam" or programme.saturation_k is None:
        return True
    if sample.pressure_kpa is None:
        return False
    saturated = saturation_temperature_c(sample.pressure_kpa)
    return all(abs(value - saturated) <= programme.saturation_k for value in sample.probes_c)


def _failings(
    curve: Sequence[Sample], steps: Sequence[tuple[Sample, Sample]], figures: Figures, programme: Programme
) -> Iterator[Failing]:
    if len(curve) < 2:
        yield "too_few_samples"
        return
    if programme.most_c is not None and max(max(sample.probes_c) for sample in curve) > programme.most_c:
        yield "too_hot"
    if programme.kind == "washing":
        if figures.a0_s < programme.a0_min:
            yield "a0_too_low"
        if figures.longest_gap_s > programme.max_gap_s:
            yield "gap_in_curve"
        return
    if figures.plateau_s < programme.plateau_s:
        yield "plateau_too_short"
        yield from _why_short(steps, programme)


def _why_short(steps: Sequence[tuple[Sample, Sample]], programme: Programme) -> Iterator[Failing]:
    """What broke stretches that were hot enough: told beside, so that a person knows where to look."""
    hot = [step for step in steps if min(*step[0].probes_c, *step[1].probes_c) >= programme.temp_c]
    if any(after.at_s - before.at_s > programme.max_gap_s for before, after in hot):
        yield "gap_in_curve"
    if any(max(sample.probes_c) - min(sample.probes_c) > programme.spread_k for sample, _ in hot):
        yield "probe_spread"
    if programme.kind == "steam" and programme.saturation_k is not None:
        limit = programme.saturation_k
        for sample, _ in hot:
            saturated = math.nan if sample.pressure_kpa is None else saturation_temperature_c(sample.pressure_kpa)
            if not all(abs(value - saturated) <= limit for value in sample.probes_c):
                yield "steam_not_saturated"
                return
