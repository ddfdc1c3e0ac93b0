"""The evidence of a release: nothing is assumed, and another fact is another hash."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.loads.evidence import CLOCKS_APART, Known, Pack, hash_of, items

ENDED = datetime(2026, 3, 2, 17, 2, tzinfo=UTC)
PACK = Pack("r1", intact=True, dry=True, clean=None, seen_at=ENDED + timedelta(minutes=9), dated=True)
WHOLE = Known(
    kind="steam",
    load_id="l1",
    cycle_no=4,
    machine_state="in_service",
    tests={"leak": "conform", "bowie_dick": "conform"},
    tests_wanted=("leak", "bowie_dick"),
    programme_id="p1",
    programme_valid=True,
    record="c1",
    verdict="conform",
    failings=(),
    second_agrees=True,
    controls={"integrator": ("conform", "k1")},
    controls_wanted=("integrator",),
    packs=(PACK, replace(PACK, run_id="r2")),
    issues=(),
    cycle_ended_at=ENDED,
)
UNKNOWN: dict[str, Any] = {
    "machine_state": None, "tests": None, "programme_valid": None, "record": None, "verdict": None,
    "second_agrees": None, "controls": {}, "cycle_ended_at": None,
}  # fmt: skip
"""Each fact that may be missing, missing."""


def lacking(known: Known) -> dict[str, str]:
    """Items that are not ok, with their state."""
    return {item.name: item.state for item in items(known) if item.state != "ok"}


def test_everything_is_there() -> None:
    assert lacking(WHOLE) == {}
    assert [item.name for item in items(WHOLE)] == [
        "machine_in_service", "tests_of_day", "programme_valid", "record_present", "verdict_conform",
        "second_recorder_agrees", "indicator_read", "packs_seen", "no_open_issue",
    ]  # fmt: skip


@given(st.sets(st.sampled_from(sorted(UNKNOWN)), min_size=1))
def test_what_is_not_known_is_missing(names: set[str]) -> None:
    """However much is missing, each of it is named, and none of it is ok."""
    known = replace(WHOLE, **{name: UNKNOWN[name] for name in names})
    named = {
        "machine_state": "machine_in_service", "tests": "tests_of_day", "programme_valid": "programme_valid",
        "record": "record_present", "verdict": "verdict_conform", "second_agrees": "second_recorder_agrees",
        "controls": "indicator_read", "cycle_ended_at": "packs_seen",
    }  # fmt: skip
    assert lacking(known) == {named[name]: "missing" for name in names}


@pytest.mark.parametrize(
    ("pack", "seen"),
    [
        (replace(PACK, intact=None), False),
        (replace(PACK, dry=None), False),
        (replace(PACK, seen_at=None), False),
        (replace(PACK, dated=False), False),
        (replace(PACK, seen_at=ENDED - CLOCKS_APART), True),
        (replace(PACK, seen_at=ENDED - CLOCKS_APART - timedelta(seconds=1)), False),
        (replace(PACK, intact=False, dry=False), True),
    ],
)
def test_a_pack_is_seen_after_the_cycle_by_somebody_who_looked(pack: Pack, seen: bool) -> None:
    """What was seen torn or wet was seen: that pack is not released, the others may be."""
    [item] = [item for item in items(replace(WHOLE, packs=(PACK, pack))) if item.name == "packs_seen"]
    assert (item.state, item.done, item.of) == ("ok" if seen else "missing", 2 if seen else 1, 2)


def test_what_failed_weighs_more_than_what_is_missing() -> None:
    known = replace(WHOLE, tests={"leak": "failed"}, controls={"helix": ("failed", "k2")}, issues=("i1",))
    assert lacking(known) == {"tests_of_day": "failed", "indicator_read": "failed", "no_open_issue": "failed"}


def test_a_wash_asks_for_what_a_wash_has() -> None:
    washed = replace(PACK, intact=None, dry=None, clean=True)
    known = replace(
        WHOLE, kind="washing", tests_wanted=(), tests={}, second_agrees=None, controls={}, controls_wanted=()
    )
    assert lacking(known) == {"packs_seen": "missing"}
    assert lacking(replace(known, packs=(washed,))) == {}
    assert lacking(replace(known, packs=(washed,), controls={"soil": ("failed", "k3")})) == {"indicator_read": "failed"}


def test_another_fact_is_another_hash() -> None:
    others: dict[str, Any] = UNKNOWN | {
        "load_id": "l2", "cycle_no": 5, "tests_wanted": (), "programme_id": "p2", "issues": ("i1",),
        "packs": (PACK,), "controls_wanted": (),
    }  # fmt: skip
    left = {field.name for field in fields(Known)} - set(others)
    assert left == {"kind", "failings"}, "these follow from the load and the record"
    del others["cycle_ended_at"]  # so does this
    hashes = [hash_of(replace(WHOLE, **{name: value})) for name, value in others.items()]
    again = replace(WHOLE, packs=(replace(PACK, seen_at=ENDED), WHOLE.packs[1]))
    assert len({hash_of(WHOLE), hash_of(again), *hashes}) == len(hashes) + 2
    same = replace(WHOLE, tests={"bowie_dick": "conform", "leak": "conform"})
    assert hash_of(same) == hash_of(WHOLE)
