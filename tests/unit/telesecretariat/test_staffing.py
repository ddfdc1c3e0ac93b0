"""Erlang's formulas against exact references and against each other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telesecretariat.staffing.domain import Load, Unstable, agents_needed, erlang_a, erlang_b, erlang_c

EXACT = 5e-8
# calls an hour, handling time, agents: P(wait), answered within 20 s, mean wait, occupancy
REFERENCE = [
    (200, 180, 14, 0.1741319, 0.8883500, 7.8359, 0.7143),
    (200, 180, 13, 0.2852705, 0.7955948, 17.1162, 0.7692),
    (200, 180, 12, 0.4493882, 0.6401580, 40.4449, 0.8333),
    (120, 240, 10, 0.4091802, 0.6536365, 49.1016, 0.8000),
    (120, 240, 11, 0.2449579, 0.8092266, 19.5966, 0.7273),
    (60, 150, 5, 0.1303713, 0.9065849, 7.8223, 0.5000),
    (90, 180, 7, 0.2172209, 0.8354627, 15.6399, 0.6429),
    (360, 240, 28, 0.3331385, 0.7612958, 19.9883, 0.8571),
]
PATIENCE = [
    (13, 300, 0.225797, 0.024963, 7.489, 0.7500),
    (10, 180, 0.542070, 0.125110, 22.520, 0.8749),
    (12, 180, 0.303224, 0.053092, 9.556, 0.7891),
]


@pytest.mark.parametrize(("calls", "handling", "agents", "waits", "level", "asa", "busy"), REFERENCE)
def test_erlang_c_is_exact(
    calls: int, handling: int, agents: int, waits: float, level: float, asa: float, busy: float
) -> None:
    found = erlang_c(Load(calls, handling), agents)
    assert found.wait_probability == pytest.approx(waits, abs=EXACT)
    assert found.service_level(20) == pytest.approx(level, abs=EXACT)
    assert found.mean_wait_s == pytest.approx(asa, abs=5e-5)
    assert found.occupancy == pytest.approx(busy, abs=5e-5)


@pytest.mark.parametrize(("agents", "patience", "waits", "abandons", "mean_wait", "busy"), PATIENCE)
def test_erlang_a_is_exact(
    agents: int, patience: int, waits: float, abandons: float, mean_wait: float, busy: float
) -> None:
    found = erlang_a(Load(200, 180), agents, patience)
    assert found.wait_probability == pytest.approx(waits, abs=5e-7)
    assert found.abandon_probability == pytest.approx(abandons, abs=5e-7)
    assert found.mean_wait_s == pytest.approx(mean_wait, abs=5e-4)
    assert found.occupancy == pytest.approx(busy, abs=5e-5)


def test_small_cases_that_are_done_by_hand() -> None:
    assert erlang_b(1, 2) == pytest.approx(0.2)
    assert erlang_c(Load(1, 3600), 2).wait_probability == pytest.approx(1 / 3)
    assert erlang_c(Load(2, 3600), 3).wait_probability == pytest.approx(4 / 9)
    assert erlang_c(Load(20, 3600), 22).wait_probability == pytest.approx(0.567915, abs=5e-7)


@given(erlangs=st.floats(0.1, 60), spare=st.floats(0.05, 8), handling=st.floats(10, 900), threshold=st.floats(0, 300))
def test_one_agent_more_never_makes_anyone_wait_longer(
    erlangs: float, spare: float, handling: float, threshold: float
) -> None:
    load, agents = Load(erlangs * 3600 / handling, handling), math.ceil(erlangs + spare)
    fewer, more = erlang_c(load, agents), erlang_c(load, agents + 1)
    assert 0 <= more.wait_probability <= fewer.wait_probability <= 1
    assert more.service_level(threshold) >= fewer.service_level(threshold) - 1e-12


@given(erlangs=st.floats(0.1, 40), spare=st.floats(0.5, 8))
def test_endless_patience_is_erlang_c(erlangs: float, spare: float) -> None:
    load, agents = Load(erlangs * 20, 180), math.ceil(erlangs + spare)
    patient, waiting = erlang_a(load, agents, 1e12), erlang_c(load, agents)
    assert patient.wait_probability == pytest.approx(waiting.wait_probability, rel=1e-6)
    assert patient.abandon_probability == pytest.approx(0, abs=1e-6)


def test_too_few_agents_have_no_figure_and_impatient_callers_still_do() -> None:
    with pytest.raises(Unstable):
        erlang_c(Load(200, 180), 10)
    assert erlang_a(Load(200, 180), 5, 60).abandon_probability > 0.4


@pytest.mark.parametrize("bad", [(0, 180), (-1, 180), (200, 0), (math.nan, 180), (200, math.inf)])
def test_a_load_that_is_none_is_refused(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        Load(*bad)


# The week of a centre of 30 GPs, 8h to 19h: 80 % within 20 s, busy at most 85 %, handling 165 s.
SHARES = (9, 13, 11.5, 10, 5.5, 5.5, 9.5, 8.5, 8.5, 8, 7, 4)


@pytest.mark.parametrize(
    ("day", "calls", "agents"),
    [
        ("Tuesday", 630, "5-6-6-5-4-4-5-5-5-5-4-3"),
        ("Monday", 850, "6-8-7-7-4-4-6-6-6-6-5-4"),
        ("influenza Monday", 1_190, "8-10-9-8-5-5-8-7-7-7-6-4"),
    ],
)
def test_a_day_of_the_centre_needs_these_agents(day: str, calls: int, agents: str) -> None:
    needed = [
        agents_needed(Load(calls * share / 100, 165), threshold_s=20, goal=0.8, most_busy=0.85).agents
        for share in SHARES
    ]
    assert "-".join(map(str, needed)) == agents, day
