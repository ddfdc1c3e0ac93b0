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
        # A sum is finite when each part is; it is asked of every sample of every curve.
        if not self.probes_c or not math.isfinite(self.at_s + sum(self.probes_c) + (self.pressure_kpa or 0.0)):
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


@dataclass(frozen=True, slots=True)
class _Curve:
    """The samples with what is asked of each many times: its coldest and hottest probe."""

    samples: Sequence[Sample]
    at_s: list[float]
    coldest: list[float]
    hottest: list[float]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "_Curve":
        at_s = [sample.at_s for sample in samples]
        if any(after <= before for before, after in pairwise(at_s)):
            raise CurveInvalid
        if len({len(sample.probes_c) for sample in samples}) > 1:
            raise CurveInvalid
        coldest = [min(sample.probes_c) for sample in samples]
        return cls(samples, at_s, coldest, [max(sample.probes_c) for sample in samples])

    @property
    def longest_gap_s(self) -> float:
        return max((after - before for before, after in pairwise(self.at_s)), default=0.0)


def judge(curve: Sequence[Sample], programme: Programme) -> Judgement:
    """Whether the cycle was as its programme asks. Raises CurveInvalid when time stands still or goes back, or the
    number of probes changes."""
    read = _Curve.of(curve)
    figures = _figures(read, programme)
    failings = tuple(_failings(read, figures, programme))
    return Judgement("not_conform" if failings else "conform", failings, figures)


def _lethality(curve: _Curve, floor_c: float) -> tuple[float, float]:
    """Seconds at 80 °C, above the floor and in all: each interval counts its lower end, of its coldest probe."""
    counted = total = 0.0
    warm = [math.pow(10, (coldest - A0_REFERENCE_C) / STEP_C) for coldest in curve.coldest]
    floor = math.pow(10, (floor_c - A0_REFERENCE_C) / STEP_C)
    for (at, then), (before, after) in zip(pairwise(curve.at_s), pairwise(warm), strict=True):
        least = before if before < after else after
        total += least * (then - at)
        if least >= floor:
            counted += least * (then - at)
    return counted, total


def _figures(curve: _Curve, programme: Programme) -> Figures:
    first, last, held = 0, -1, 0.0
    for begins, ends in _stretches(curve, programme):
        length = curve.at_s[ends] - curve.at_s[begins]
        if length > held:
            first, last, held = begins, ends, length
    within = range(first, last + 1)
    a0_s, all_s = _lethality(curve, programme.a0_floor_c)
    return Figures(
        plateau_s=held,
        plateau_from_s=curve.at_s[first] if within else None,
        a0_s=a0_s,
        f0_min=all_s * math.pow(10, (A0_REFERENCE_C - F0_REFERENCE_C) / STEP_C) / 60,
        coldest_c=min((curve.coldest[place] for place in within), default=None),
        hottest_c=max((curve.hottest[place] for place in within), default=None),
        widest_spread_k=max((curve.hottest[place] - curve.coldest[place] for place in within), default=None),
        longest_gap_s=curve.longest_gap_s,
    )


def _stretches(curve: _Curve, programme: Programme) -> Iterator[tuple[int, int]]:
    """First and last sample of each unbroken stretch in which every sample is as it must be."""
    holds = [_holds(curve, place, programme) for place in range(len(curve.samples))]
    first = 0
    for place in range(1, len(holds) + 1):
        broken = place == len(holds) or not holds[place] or not holds[place - 1]
        if broken or curve.at_s[place] - curve.at_s[place - 1] > programme.max_gap_s:
            if place - 1 > first:
                yield first, place - 1
            first = place


def _holds(curve: _Curve, place: int, programme: Programme) -> bool:
    coldest, hottest = curve.coldest[place], curve.hottest[place]
    if not (programme.temp_c <= coldest and hottest <= programme.temp_c + programme.band_k):
        return False
    return hottest - coldest <= programme.spread_k and _saturated(curve, place, programme)


def _saturated(curve: _Curve, place: int, programme: Programme) -> bool:
    """Whether every probe is near the temperature of saturated steam; true where the programme does not ask."""
    if programme.kind != "steam" or programme.saturation_k is None:
        return True
    pressure_kpa = curve.samples[place].pressure_kpa
    if pressure_kpa is None:
        return False
    saturated = saturation_temperature_c(pressure_kpa)
    low, high = saturated - programme.saturation_k, saturated + programme.saturation_k
    return low <= curve.coldest[place] and curve.hottest[place] <= high


def _failings(curve: _Curve, figures: Figures, programme: Programme) -> Iterator[Failing]:
    if len(curve.samples) < 2:
        yield "too_few_samples"
        return
    if programme.most_c is not None and max(curve.hottest) > programme.most_c:
        yield "too_hot"
    if programme.kind == "washing":
        if figures.a0_s < programme.a0_min:
            yield "a0_too_low"
        if figures.longest_gap_s > programme.max_gap_s:
            yield "gap_in_curve"
        return
    if figures.plateau_s < programme.plateau_s:
        yield "plateau_too_short"
        yield from _why_short(curve, programme)


def _why_short(curve: _Curve, programme: Programme) -> Iterator[Failing]:
    """What broke stretches that were hot enough: told beside, so that a person knows where to look."""
    hot = [
        place
        for place in range(len(curve.samples) - 1)
        if min(curve.coldest[place], curve.coldest[place + 1]) >= programme.temp_c
    ]
    if any(curve.at_s[place + 1] - curve.at_s[place] > programme.max_gap_s for place in hot):
        yield "gap_in_curve"
    if any(curve.hottest[place] - curve.coldest[place] > programme.spread_k for place in hot):
        yield "probe_spread"
    if not all(_saturated(curve, place, programme) for place in hot):
        yield "steam_not_saturated"
