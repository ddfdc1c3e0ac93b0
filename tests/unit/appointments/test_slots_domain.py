"""Offered and bookable starts, as whole minutes."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.slots.domain import (
    FreeTime,
    Item,
    Key,
    Length,
    Offers,
    Run,
    bookable,
    intersection,
    minus,
    offered,
    on_grid,
    together,
)

A, B, C = (UUID(int=n) for n in (1, 2, 3))
AUTUN, DIGOIN = UUID(int=71014), UUID(int=71176)
VISIT = Length(20)
FOREVER = 10**9


def hm(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def starts(runs: list[Run], length: Length = VISIT, step: int | None = None, *, not_before: int = 0) -> list[str]:
    found = offered(runs, length, step or length.minutes, not_before, FOREVER)
    return [f"{m // 60}:{m % 60:02}" for m in found]


def test_a_short_visit_does_not_freeze_the_rhythm_of_the_others() -> None:
    """Scenario 3: window 9:00-12:00 with 15 minutes taken at 9:00; 9:20 is not offered any more, yet can be booked."""
    free = minus([Run(hm("9:00"), hm("12:00"))], [Run(hm("9:00"), hm("9:15"))])
    assert starts(free)[:3] == ["9:15", "9:35", "9:55"]
    assert starts(free)[-1] == "11:35"
    assert bookable(free, VISIT, hm("9:20"))
    assert not bookable(free, VISIT, hm("9:10"))


def test_a_start_is_on_the_grid_of_five_minutes() -> None:
    free = [Run(hm("9:02"), hm("10:00"))]
    assert starts(free) == ["9:05", "9:25"]
    assert not bookable(free, VISIT, hm("9:06"))


def test_an_unscheduled_window_has_six_times_and_five_once_one_has_gone() -> None:
    """Scenario 12, wherever the regulator's caller was placed on the rhythm."""
    window = Run(hm("14:00"), hm("16:00"))
    assert len(starts([window])) == 6
    for start in range(window.start, window.end, 20):
        assert len(starts(minus([window], [Run(start, start + 20)]))) == 5


def test_the_buffer_must_fit_too() -> None:
    assert starts([Run(0, 40)], Length(20, 10)) == ["0:00"]
    assert starts([Run(0, 50)], Length(20, 10)) == ["0:00", "0:20"]
    assert not bookable([Run(0, 40)], Length(20, 10), 20)


def test_offers_do_not_shift_as_time_passes() -> None:
    """At 9:07 the next offer of a run begun at 9:00 is 9:20, as it was at 9:01."""
    assert starts([Run(hm("9:00"), hm("10:00"))], not_before=hm("9:07")) == ["9:20", "9:40"]
    assert starts([Run(hm("9:00"), hm("10:00"))], not_before=hm("9:20")) == ["9:20", "9:40"]


def test_the_step_of_a_window_may_differ_from_the_length() -> None:
    assert starts([Run(0, 60)], VISIT, 10) == ["0:00", "0:10", "0:20", "0:30", "0:40"]


def test_doctors_free_at_one_site_and_start_make_one_item() -> None:
    offers = Offers(0, FOREVER)
    for who, site in ((A, AUTUN), (B, AUTUN), (C, DIGOIN)):
        offers.add(FreeTime(who, site, "on_site", [Run(hm("9:00"), hm("9:40"))], VISIT))
    items = offers.first(10)
    assert [(i.key.start, i.key.site_id, i.practitioners) for i in items] == [
        (hm("9:00"), AUTUN, (A, B)),
        (hm("9:00"), DIGOIN, (C,)),
        (hm("9:20"), AUTUN, (A, B)),
        (hm("9:20"), DIGOIN, (C,)),
    ]
    assert items[0].end == hm("9:20")
    assert offers.first(10, after=items[1].key) == items[2:]
    assert offers.first(10, below=items[1].key) == items[:1]


def test_the_least_booked_of_the_day_comes_first() -> None:
    item = Item(Key(0, AUTUN, "on_site"), 20, (A, B, C))
    assert item.ordered({A: 120, B: 40, C: 40}).practitioners == (B, C, A)
    assert item.ordered({A: 1, B: 1}).practitioners == (C, A, B)


def test_one_doctor_with_two_windows_counts_once_in_an_item() -> None:
    offers = Offers(0, FOREVER)
    for _ in range(2):
        offers.add(FreeTime(A, AUTUN, "on_site", [Run(0, 20)], VISIT))
    assert offers.first(5)[0].practitioners == (A,)


def test_a_pair_needs_both_at_once() -> None:
    """A doctor free 8:00-12:00 and a nurse free 9:10-9:50 can see a patient together from 9:10, off the doctor's
    rhythm.
    """
    free = FreeTime(A, AUTUN, "on_site", [Run(hm("8:00"), hm("12:00"))], VISIT, pools=[[[Run(hm("9:10"), hm("9:50"))]]])
    assert list(free.starts(0, FOREVER)) == [hm("9:10"), hm("9:30")]


def test_two_nurses_in_turn_are_not_one_nurse() -> None:
    nurses = [[Run(0, 10)], [Run(10, 30)]]
    assert together([Run(0, 60)], [nurses]) == [[Run(0, 10)], [Run(10, 30)]]
    free = FreeTime(A, AUTUN, "on_site", [Run(0, 60)], VISIT, pools=[nurses])
    assert list(free.starts(0, FOREVER)) == [10]


def test_an_empty_pool_offers_nothing() -> None:
    assert list(FreeTime(A, AUTUN, "on_site", [Run(0, 60)], VISIT, pools=[[]]).starts(0, FOREVER)) == []


@st.composite
def _runs(draw: st.DrawFn) -> list[Run]:
    """Ascending, disjoint, not touching."""
    edges = sorted(draw(st.sets(st.integers(0, 2000), max_size=12)))
    return [Run(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]


lengths = st.builds(Length, st.integers(1, 12).map(lambda n: n * 5), st.sampled_from([0, 5, 10]))
steps = st.integers(1, 12).map(lambda n: n * 5)


@given(_runs(), lengths, steps, st.integers(0, 2000), st.integers(0, 2000))
def test_every_offer_lies_in_free_time_and_can_be_booked(
    runs: list[Run], length: Length, step: int, not_before: int, before: int
) -> None:
    for start in offered(runs, length, step, not_before, before):
        assert not_before <= start < before
        assert any(run.start <= start and start + length.whole <= run.end for run in runs)
        assert bookable(runs, length, start)


@given(_runs(), lengths, steps)
def test_the_number_of_offers_of_a_run(runs: list[Run], length: Length, step: int) -> None:
    """One, then one more for each step that still leaves room: nothing is lost, nothing is offered twice."""
    room = [run.end - on_grid(run.start) - length.whole for run in runs]
    assert len(list(offered(runs, length, step, 0, FOREVER))) == sum(r // step + 1 for r in room if r >= 0)


@given(_runs(), _runs(), st.integers(0, 2000))
def test_set_arithmetic_agrees_minute_by_minute(one: list[Run], other: list[Run], moment: int) -> None:
    def inside(runs: list[Run]) -> bool:
        return any(run.start <= moment < run.end for run in runs)

    assert inside(intersection(one, other)) == (inside(one) and inside(other))
    assert inside(minus(one, other)) == (inside(one) and not inside(other))


@given(_runs(), _runs(), lengths, steps)
def test_no_offer_overlaps_busy_time(runs: list[Run], busy: list[Run], length: Length, step: int) -> None:
    for start in offered(minus(runs, busy), length, step, 0, FOREVER):
        assert all(start + length.whole <= taken.start or taken.end <= start for taken in busy)


@pytest.mark.parametrize("start", [-5, 0, 20, 100])
def test_nothing_can_be_booked_without_free_time(start: int) -> None:
    assert not bookable([], VISIT, start)
