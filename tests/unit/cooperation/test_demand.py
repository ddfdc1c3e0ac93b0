"""Promises and the matching of packs to needs: the pure rules."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.demand.domain import (
    REPAIR_S,
    SEEDS_MIN,
    Departure,
    Fleet,
    Link,
    Pack,
    Spread,
    Stage,
    Wanted,
    allocate,
    arrives,
    foresee,
    leaves,
    remaining,
    seed,
    total,
)

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=PARIS)
DAILY = frozenset(range(1, 8))


def seeded(stage: Stage, _begins: timedelta) -> Spread:
    return seed(stage)


def test_the_seeds_add_up_to_those_of_the_design() -> None:
    steps = remaining("received", timedelta(), seeded, {})
    assert sum(SEEDS_MIN.values()) == 15 + 20 + 30 + 90 + 10
    assert total(steps)[0] == timedelta(minutes=165)
    assert steps[0].stage == "received"
    assert total(remaining("returning", timedelta(hours=9), seeded, {})) == total(steps), "its own wait is the road's"


def test_what_lies_beyond_the_median_is_added_as_independent() -> None:
    spreads = {"washing": Spread(600, 900), "washed": Spread(1200, 1600)}
    steps = remaining("washing", timedelta(), lambda stage, _: spreads.get(stage, Spread(0, 0)), {})
    assert total(steps) == (timedelta(seconds=1800), timedelta(seconds=1800 + 500))  # 300² + 400² = 500²


def test_what_has_passed_of_a_stage_is_taken_off() -> None:
    steps = remaining("sterilising", timedelta(minutes=60), seeded, {})
    assert (steps[0].p50_s, steps[0].p90_s) == (30 * 60, 75 * 60)
    late = remaining("sterilising", timedelta(hours=5), seeded, {})
    assert (late[0].p50_s, late[0].p90_s) == (0, 0)


@pytest.mark.parametrize(
    ("fleet", "minutes"), [(Fleet(2, 2), 90), (Fleet(2, 1), 180), (Fleet(2, 0), 90 + REPAIR_S / 60)]
)
def test_a_machine_out_of_service_slows_what_waits_for_it(fleet: Fleet, minutes: float) -> None:
    steps = {step.stage: step for step in remaining("packed", timedelta(), seeded, {"sterilising": fleet})}
    assert steps["sterilising"].p50_s == minutes * 60


def test_a_stage_is_looked_up_at_the_hour_when_it_begins() -> None:
    asked: dict[Stage, timedelta] = {}

    def spread(stage: Stage, begins: timedelta) -> Spread:
        asked[stage] = begins
        return seed(stage)

    remaining("washing", timedelta(minutes=5), spread, {})
    assert asked["washed"] == timedelta(minutes=10)
    assert asked["sterilising"] == timedelta(minutes=60)


def test_the_next_departure_is_by_the_local_clock() -> None:
    link = Link(35 * 60, (Departure(frozenset({1, 2, 3, 4, 5}), time(16, 30)), Departure(DAILY, time(6, 0))))
    assert leaves(link, MONDAY, PARIS) == MONDAY.replace(hour=16, minute=30)
    assert leaves(link, MONDAY.replace(hour=16, minute=30), PARIS) == MONDAY.replace(hour=16, minute=30)
    saturday = MONDAY + timedelta(days=5)
    assert leaves(link, saturday, PARIS) == (saturday + timedelta(days=1)).replace(hour=6)
    assert arrives(link, MONDAY, PARIS) == MONDAY.replace(hour=17, minute=5)
    assert arrives(Link(60), MONDAY, PARIS) == MONDAY + timedelta(minutes=1)
    before_the_change = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert leaves(link, before_the_change, PARIS) == datetime(2026, 10, 25, 5, 0, tzinfo=UTC)


def uid(number: int) -> UUID:
    return UUID(int=number)


SITES, COMPOSITIONS, DAY = [uid(901), uid(902)], [uid(801), uid(802)], date(2026, 3, 2)
packs = st.builds(
    Pack,
    run_id=st.integers(1, 400).map(uid),
    composition_id=st.sampled_from(COMPOSITIONS),
    released=st.booleans(),
    expires_on=st.one_of(st.none(), st.integers(-2, 5).map(lambda days: DAY + timedelta(days=days))),
    site_id=st.sampled_from([*SITES, None]),
    reserved=st.sampled_from([None, None, "OP-1", ""]),
)
wanteds = st.builds(
    Wanted,
    need_id=st.integers(500, 700).map(uid),
    operation_ref=st.sampled_from(["OP-1", "OP-2"]),
    composition_id=st.sampled_from(COMPOSITIONS),
    site_id=st.sampled_from(SITES),
    deadline=st.integers(0, 40).map(lambda hours: MONDAY + timedelta(hours=hours)),
    day=st.just(DAY),
    missing=st.integers(0, 4),
    refused=st.frozensets(st.integers(1, 5).map(uid), max_size=2),
)


def arrival(run_id: UUID, site_id: UUID) -> tuple[datetime, datetime]:
    hours = (run_id.int * 7 + site_id.int) % 36
    return MONDAY + timedelta(hours=hours), MONDAY + timedelta(hours=hours + run_id.int % 3)


@given(
    st.lists(packs, max_size=25, unique_by=lambda pack: pack.run_id),
    st.lists(wanteds, max_size=12, unique_by=lambda need: need.need_id),
)
def test_no_pack_is_kept_twice_and_each_fits(stock: Sequence[Pack], needs: Sequence[Wanted]) -> None:
    made = allocate(needs, stock, arrival)
    by_run = {pack.run_id: pack for pack in stock}
    assert len({run_id for _, run_id in made}) == len(made)
    for need in needs:
        kept = [by_run[run_id] for need_id, run_id in made if need_id == need.need_id]
        assert len(kept) <= need.missing
        for pack in kept:
            assert pack.released
            assert pack.composition_id == need.composition_id
            assert pack.expires_on is None or pack.expires_on >= need.day
            assert arrival(pack.run_id, need.site_id)[1] <= need.deadline
            assert pack.reserved in (None, need.operation_ref)
            assert pack.run_id not in need.refused
        left = [pack for pack in stock if pack.run_id not in {run_id for _, run_id in made}]
        usable = [
            pack
            for pack in left
            if pack.released
            and pack.composition_id == need.composition_id
            and (pack.expires_on is None or pack.expires_on >= need.day)
            and pack.reserved in (None, need.operation_ref)
            and pack.run_id not in need.refused
            and arrival(pack.run_id, need.site_id)[1] <= need.deadline
        ]
        assert not usable or len(kept) == need.missing, "nothing that fits is left while a need lacks a pack"
        last = max((pack.expires_on or date.max for pack in kept), default=date.min)
        assert all((pack.expires_on or date.max) >= last for pack in usable), "the earliest expiry goes first"


@given(
    st.lists(packs, max_size=25, unique_by=lambda pack: pack.run_id),
    st.lists(wanteds, max_size=12, unique_by=lambda need: need.need_id),
)
def test_a_need_is_never_said_to_stand_better_than_what_comes(stock: Sequence[Pack], needs: Sequence[Wanted]) -> None:
    found = foresee(needs, stock, arrival)
    for need in needs:
        state, p90 = found[need.need_id]
        assert (state == "covered") == (need.missing == 0)
        if state == "arriving":
            assert p90 is not None
            assert p90 <= need.deadline
        fitting = [pack for pack in stock if pack.composition_id == need.composition_id]
        in_time = [pack for pack in fitting if arrival(pack.run_id, need.site_id)[0] <= need.deadline]
        if state in ("arriving", "at_risk"):
            assert len(in_time) >= need.missing


def test_one_coming_pack_serves_one_need() -> None:
    need = Wanted(uid(1), "A", COMPOSITIONS[0], SITES[0], MONDAY + timedelta(hours=5), DAY, 1)
    later = Wanted(uid(2), "B", COMPOSITIONS[0], SITES[0], MONDAY + timedelta(hours=6), DAY, 1)
    pack = Pack(uid(10), COMPOSITIONS[0], released=False, expires_on=None, site_id=None)
    at = (MONDAY + timedelta(hours=4), MONDAY + timedelta(hours=5, minutes=30))
    found = foresee([later, need], [pack], lambda _run, _site: at)
    assert found == {uid(1): ("at_risk", at[1]), uid(2): ("short", None)}


def test_own_site_goes_first_among_equal_expiries() -> None:
    need = Wanted(uid(1), "A", COMPOSITIONS[0], SITES[0], MONDAY + timedelta(hours=5), DAY, 1)
    away = Pack(uid(10), COMPOSITIONS[0], released=True, expires_on=DAY, site_id=SITES[1])
    home = Pack(uid(11), COMPOSITIONS[0], released=True, expires_on=DAY, site_id=SITES[0])
    assert allocate([need], [away, home], lambda _run, _site: (MONDAY, MONDAY)) == [(uid(1), uid(11))]
