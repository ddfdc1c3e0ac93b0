"""Numbers, clocks and repetitions of scanners."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.scans.domain import NumberReused, Read, SequenceGap, fresh, occurred_at, offset_ms, repeats

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def reads(*numbers: int) -> list[Read]:
    """One scan of each number; its code is its number."""
    return [Read(seq, str(seq), NOON) for seq in numbers]


@given(st.integers(0, 50), st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_what_is_new_is_done_once_in_sequence_or_nothing_is(last: int, numbers: list[int]) -> None:
    kept = {seq: str(seq) for seq in range(1, last + 1)}
    new = sorted({seq for seq in numbers if seq > last})
    expected = list(range(last + 1, last + 1 + len(new)))
    if new != expected:
        with pytest.raises(SequenceGap) as gap:
            fresh(last, reads(*numbers), kept)
        assert gap.value.expected not in new
        assert set(range(last + 1, gap.value.expected)) <= set(new)
        return
    places = fresh(last, reads(*numbers), kept)
    assert [numbers[place] for place in places] == expected
    assert fresh(last + len(new), reads(*numbers), kept | {seq: str(seq) for seq in new}) == [], "sent again: nothing"


def test_a_number_means_one_code() -> None:
    with pytest.raises(NumberReused):
        fresh(3, reads(3, 4), {3: "another"})
    with pytest.raises(NumberReused):
        fresh(0, [*reads(1), Read(1, "another", NOON)], {})
    with pytest.raises(NumberReused):
        fresh(3, reads(3, 9), {3: "another"})


@given(st.timedeltas(timedelta(days=-5), timedelta(days=5)), st.timedeltas(timedelta(0), timedelta(hours=12)))
def test_a_wrong_clock_is_corrected_by_what_it_said_when_sending(wrong: timedelta, queued: timedelta) -> None:
    """The device is off by `wrong`, and sends `queued` after it scanned."""
    scanned = NOON - queued + wrong
    offset = offset_ms(NOON + wrong, NOON, known=0)
    found = occurred_at(scanned, offset, NOON, most_h=24)
    if abs(wrong) > timedelta(hours=24, seconds=1):
        assert found is None
    elif abs(wrong) < timedelta(hours=24):
        assert found is not None
        assert abs(found - (NOON - queued)) <= timedelta(milliseconds=1)
        assert found <= NOON


def test_without_its_own_time_the_last_measure_counts() -> None:
    assert offset_ms(None, NOON, known=-7_200_000) == -7_200_000
    assert occurred_at(NOON + timedelta(minutes=3), 0, NOON, 24) == NOON, "never in the future"
    assert occurred_at(NOON + timedelta(days=2), 0, NOON, 24) is None
    assert occurred_at(NOON - timedelta(days=2), 0, NOON, 24) == NOON - timedelta(days=2), "queued over a week-end"
    assert occurred_at(NOON - timedelta(days=40), 0, NOON, 24) is None, "its clock stood elsewhere"


def test_a_trigger_held_too_long_is_one_scan() -> None:
    first = Read(1, "a", NOON)
    assert repeats(Read(2, "a", NOON + timedelta(seconds=2)), first)
    assert not repeats(Read(2, "a", NOON + timedelta(seconds=2.1)), first)
    assert not repeats(Read(2, "b", NOON), first)
