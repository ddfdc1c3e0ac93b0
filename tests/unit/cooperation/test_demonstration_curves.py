"""The cycles of the demonstration are judged like those of machines."""

from random import Random

import pytest

from cooperation.demonstration import curves
from cooperation.loads.domain import Programme, Sample, judge

STEAM = Programme("steam", 134.0, plateau_s=1080)
WASH = Programme("washing", 90.0, a0_min=3000.0)


def curve(rows: list[list[object]]) -> list[Sample]:
    return [Sample(at, tuple(probes), pressure) for at, probes, pressure in rows]  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_a_good_cycle_is_conform_and_a_dip_is_seen_whatever_the_sum_says(seed: int) -> None:
    good = judge(curve(curves.steam(134.0, 1080, Random(seed), None)), STEAM)
    dipped = judge(curve(curves.steam(134.0, 1080, Random(seed), "dip")), STEAM)
    assert good.verdict == "conform"
    assert (dipped.verdict, dipped.failings[0]) == ("not_conform", "plateau_too_short")
    assert dipped.figures.f0_min > 350.97, "the sum of lethality alone would have let it pass"


@pytest.mark.parametrize("seed", range(5))
def test_a_cold_wash_is_not_conform(seed: int) -> None:
    assert judge(curve(curves.wash(3000.0, Random(seed), None)), WASH).verdict == "conform"
    assert judge(curve(curves.wash(3000.0, Random(seed), "cold")), WASH).failings == ("a0_too_low",)
    low = Programme("low_temperature", 55.0, plateau_s=1680, band_k=5.0, saturation_k=None)
    assert judge(curve(curves.low(55.0, 1680, Random(seed))), low).verdict == "conform"
