"""What may be together, and until when an order is taken: pure rules."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.orders.domain import FROM, out_of_range, side, taken_until
from cooperation.transport.domain import Filling, Flow, Hold, Rider, why_not_fill, why_not_ride

PARIS = ZoneInfo("Europe/Paris")
WASTE = Flow("waste", dirty=True, incompatible=frozenset({"sterilisation"}))
FLOWS = {"waste": WASTE, "meals": Flow("meals", incompatible=frozenset({"laundry"})), "laundry": Flow("laundry")}
riders = st.builds(Rider, st.sampled_from(["sterilisation", "waste", "meals", "laundry"]), st.booleans())


@pytest.mark.parametrize(
    ("crate", "goods", "why"),
    [
        (Filling(0, "empty", False, False), "clean", None),
        (Filling(2, "clean", False, False), "dirty", "MIXED_CLEANLINESS"),
        (Filling(2, "dirty", True, False), "clean", "MIXED_CLEANLINESS"),
        (Filling(0, "dirty", True, False), "clean", "CRATE_DIRTY"),
        (Filling(0, "dirty", True, True), "dirty", "CRATE_DIRTY"),
        (Filling(1, "dirty", True, True), "dirty", None),
    ],
)
def test_what_a_crate_takes(crate: Filling, goods: str, why: str | None) -> None:
    assert why_not_fill(crate, goods) == why  # type: ignore[arg-type]


@given(
    st.lists(riders, max_size=3), st.lists(riders, min_size=1, max_size=3), st.lists(riders, max_size=3),
    st.sampled_from(["clean", "dirty", "both"]), st.booleans(),
)  # fmt: skip
def test_what_rides_is_never_mixed(
    aboard: list[Rider], new: list[Rider], elsewhere: list[Rider], cleanliness: str, soiled: bool
) -> None:
    """C11: whatever is let in, clean and dirty do not share a compartment, and waste rides without instruments."""
    hold = Hold(cleanliness, 5, soiled, False)  # type: ignore[arg-type]
    if why_not_ride(hold, aboard, new, elsewhere, FLOWS) is not None:
        return
    together = [*aboard, *new]
    assert len({rider.soiled for rider in together}) == 1
    assert len(together) <= 5
    assert cleanliness == "both" or (cleanliness == "dirty") == together[0].soiled
    assert together[0].soiled or not soiled
    codes = {rider.flow for rider in together}
    assert not {"meals", "laundry"} <= codes
    if "waste" in codes:
        assert "sterilisation" not in codes | {rider.flow for rider in elsewhere}


def test_a_compartment_waits_for_its_cleaning() -> None:
    dirty = [Rider("sterilisation", True)]
    assert why_not_ride(Hold("dirty", 5, True, False), [], dirty, [], FLOWS) is None
    assert why_not_ride(Hold("dirty", 5, True, True), [], dirty, [], FLOWS) == "COMPARTMENT_DIRTY"
    assert why_not_ride(Hold("dirty", 1, True, False), dirty, dirty, [], FLOWS) == "COMPARTMENT_FULL"


def test_cut_offs_are_local_also_when_the_hour_changes() -> None:
    """The night of 24-25 October 2026 has 25 hours: 11:00 of the day before is still 11:00 there."""
    assert taken_until(date(2026, 10, 26), time(11), PARIS) == datetime.fromisoformat("2026-10-25T11:00+01:00")
    assert taken_until(date(2026, 10, 25), time(11), PARIS) == datetime.fromisoformat("2026-10-24T11:00+02:00")
    assert taken_until(date(2026, 10, 25), None, PARIS) == datetime.fromisoformat("2026-10-26T00:00+01:00")


def test_who_does_what_of_an_order() -> None:
    assert (side("prepare", "to_member"), side("receive", "to_member")) == ("group", "member")
    assert (side("prepare", "from_member"), side("receive", "from_member")) == ("member", "group")
    assert "prepared" not in FROM["cancel"]
    assert [out_of_range(each, 2.0, 8.0) for each in (1.9, 2.0, 8.0, 8.1)] == [True, False, False, True]
