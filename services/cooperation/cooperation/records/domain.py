"""A cycle as it was recorded: samples become a curve, and two recorders are compared. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from cooperation.loads.domain import CurveInvalid, Figures, Sample

MOST_SAMPLES: Final = 20_000
MOST_PROBES: Final = 12
LONGEST_S: Final = 7 * 86_400
HOTTEST_C: Final = 1_000
"""Beyond these, either way, what was sent is no second of a cycle and no temperature."""
LEAST_SHARED: Final = 2
"""So many samples of the second recorder lie within the plateau, at least."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a recorder sent. `samples`: `[seconds, [°C, …], kPa or null]` each, as they came; `second`: those of an
    independent recorder, with the same beginning."""

    cycle_no: int
    began_at: datetime
    samples: Sequence[object]
    second: Sequence[object] | None = None


def curve(samples: Sequence[object]) -> list[Sample]:
    """The samples as numbers. Raises CurveInvalid: no samples, too many, not numbers, time that does not go on, what no
    cycle and no probe shows."""
    if not 1 <= len(samples) <= MOST_SAMPLES:
        raise CurveInvalid
    read = [_sample(each) for each in samples]
    if any(after.at_s <= before.at_s for before, after in pairwise(read)):
        raise CurveInvalid
    if max(abs(read[0].at_s), abs(read[-1].at_s)) > LONGEST_S:
        raise CurveInvalid
    if any(abs(each) > HOTTEST_C for sample in read for each in sample.probes_c):
        raise CurveInvalid
    return read


def _sample(value: object) -> Sample:
    match value:
        case [at, [*probes]]:
            pressure: object = None
        case [at, [*probes], pressure]:
            pass
        case _:
            raise CurveInvalid
    if not 1 <= len(probes) <= MOST_PROBES:
        raise CurveInvalid
    kpa = None if pressure is None else _number(pressure)
    return Sample(_number(at), tuple([_number(each) for each in probes]), kpa)


def _number(value: object) -> float:
    """Strings and truths are no numbers; NaN and Infinity are seen by `Sample`."""
    if type(value) is float:
        return value
    if type(value) is int and abs(value) < 2**53:
        return float(value)
    raise CurveInvalid


def agrees(
    first: Sequence[Sample], second: Sequence[Sample], figures: Figures, within_k: float, max_gap_s: float
) -> bool:
    """Whether the second recorder shows, all through the plateau (the whole curve without one), the mean temperature of
    the first within so many kelvins. Too few samples, or a gap, are no agreement."""
    since, until = first[0].at_s, first[-1].at_s
    if figures.plateau_from_s is not None and figures.plateau_s > 0:
        since, until = figures.plateau_from_s, figures.plateau_from_s + figures.plateau_s
    shared = [sample for sample in second if since <= sample.at_s <= until]
    if len(shared) < LEAST_SHARED:
        return False
    times = [since, *(sample.at_s for sample in shared), until]
    if any(after - before > max_gap_s for before, after in pairwise(times)):
        return False
    place = 0
    for sample in shared:
        while place + 1 < len(first) and first[place + 1].at_s <= sample.at_s:
            place += 1
        if abs(_mean(sample) - _between(first, place, sample.at_s)) > within_k:
            return False
    return True


def _mean(sample: Sample) -> float:
    return sum(sample.probes_c) / len(sample.probes_c)


def _between(curve: Sequence[Sample], place: int, at_s: float) -> float:
    """The first recorder's mean at an instant, on the line between its samples."""
    before = curve[place]
    if before.at_s == at_s or place + 1 == len(curve):
        return _mean(before)
    after = curve[place + 1]
    share = (at_s - before.at_s) / (after.at_s - before.at_s)
    return _mean(before) + share * (_mean(after) - _mean(before))
