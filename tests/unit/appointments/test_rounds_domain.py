"""Rules of rounds and walk-ins."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from appointments.rounds.domain import Stop, Window, fingerprint, in_a_row, of_day, retimed
from appointments.walk_ins import domain as walk_ins

EIGHT = datetime(2026, 11, 24, 19, tzinfo=UTC)
ONE = EIGHT + timedelta(hours=5)
MINUTE = timedelta(minutes=1)
lengths = st.lists(st.integers(1, 12).map(lambda n: n * 5), min_size=1, max_size=6)


def stops(minutes: list[int]) -> list[Stop]:
    """Visits of these lengths, buffer included, one every hour from eight."""
    made, start = [], EIGHT
    for number, length in enumerate(minutes):
        made.append(Stop(UUID(int=number), start, start + length * MINUTE, start.date()))
        start += max(60, length) * MINUTE
    return made


@given(lengths, st.randoms(use_true_random=False))
def test_another_order_keeps_lengths_and_never_overlaps(minutes: list[int], random: object) -> None:
    ordered = stops(minutes)
    random.shuffle(ordered)  # type: ignore[attr-defined]
    starts = retimed(ordered, EIGHT + timedelta(hours=12))
    assert isinstance(starts, list)
    ends = [start + (stop.occupied_until - stop.start) for start, stop in zip(starts, ordered, strict=True)]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert starts[0] == EIGHT


def test_the_same_order_changes_nothing_and_a_long_one_is_packed_or_refused() -> None:
    day = stops([40, 40, 40])
    assert retimed(day, ONE) == [stop.start for stop in day]
    long = [Stop(UUID(int=9), EIGHT + 240 * MINUTE, EIGHT + 300 * MINUTE, day[0].day), *stops([40])]
    assert retimed(long, EIGHT + 300 * MINUTE) == [EIGHT, EIGHT + 240 * MINUTE]
    assert retimed(list(reversed(stops([150, 100]))), EIGHT + 250 * MINUTE) == [EIGHT, EIGHT + 100 * MINUTE]
    assert retimed(stops([150, 100, 60]), EIGHT + 250 * MINUTE) == 2


def test_a_visit_after_midnight_is_of_the_evening_before() -> None:
    tuesday, wednesday = date(2026, 11, 24), date(2026, 11, 25)
    night = Window(tuesday, EIGHT, ONE)
    late = Stop(UUID(int=1), ONE - 40 * MINUTE, ONE, wednesday)
    stray = Stop(UUID(int=2), ONE + 60 * MINUTE, ONE + 100 * MINUTE, wednesday)
    assert of_day([late, stray], [night], tuesday) == {late.id: night}
    assert of_day([late, stray], [night], wednesday) == {stray.id: None}


def test_residents_in_a_row_and_how_many_fit() -> None:
    free = [(EIGHT, EIGHT + 60 * MINUTE), (EIGHT + 90 * MINUTE, ONE)]
    assert in_a_row(free, EIGHT, 28 * MINUTE, 2) == [EIGHT, EIGHT + 30 * MINUTE]
    assert in_a_row(free, EIGHT, 30 * MINUTE, 3) == [EIGHT + (90 + 30 * n) * MINUTE for n in range(3)]
    assert in_a_row(free, EIGHT, 30 * MINUTE, 8) == 7
    assert in_a_row([], EIGHT, 30 * MINUTE, 1) == 0


def test_a_round_has_another_version_when_a_visit_changes() -> None:
    one, two = (UUID(int=1), 1), (UUID(int=2), 4)
    assert fingerprint([one, two]) == fingerprint([two, one])
    assert len({fingerprint(each) for each in ([one], [one, two], [(one[0], 2), two], [])}) == 4


def test_the_next_place_is_the_soonest_then_of_the_least_busy() -> None:
    ada, bob = UUID(int=1), UUID(int=2)
    busy = walk_ins.Window(ada, 9, [(EIGHT, EIGHT + 60 * MINUTE)])
    calm = walk_ins.Window(bob, 1, [(EIGHT, EIGHT + 10 * MINUTE), (EIGHT + 5 * MINUTE, EIGHT + 30 * MINUTE)])
    found = walk_ins.places([busy, calm], EIGHT + 1 * MINUTE, 20 * MINUTE)
    assert [(place.start - EIGHT, place.practitioner_id) for place in found] == [(5 * MINUTE, bob), (5 * MINUTE, ada)]
    assert walk_ins.places([calm], EIGHT, 40 * MINUTE) == []
    assert walk_ins.rounded_up(EIGHT) == EIGHT
