"""How long somebody may answer, quiet hours left out, and where in a free run his visit goes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.waiting.domain import GRID, LEAST, Quiet, Span, Terms, Wanted, answer_by, awake_after, best_start

PARIS = "Europe/Paris"
QUIET = Quiet(time(20), time(8))
HOUR = timedelta(hours=1)
TERMS = Terms(far=4 * HOUR, near=HOUR, soon=timedelta(minutes=20), until=6 * HOUR, quiet=QUIET)


def at(text: str) -> datetime:
    """« 23 10:00 »: a local time of November 2026; other months as « 2027-03-28 10:00 »."""
    day, hour = text.split()
    day = day if "-" in day else f"2026-11-{day}"
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), ZoneInfo(PARIS))


@pytest.mark.parametrize(
    ("now", "start", "by"),
    [
        ("23 10:00", "26 09:00", "23 14:00"),  # over 48 h away: 4 h
        ("23 18:00", "26 09:00", "24 10:00"),  # 2 h on Monday, 2 h from 8:00
        ("23 10:00", "25 09:00", "23 11:00"),  # over 24 h: 1 h
        ("23 19:30", "25 09:00", "24 08:30"),
        ("23 10:00", "23 17:00", "23 10:20"),  # over 6 h: 20 min
        ("23 10:00", "23 16:10", "23 10:10"),  # never beyond 6 h before the start
        ("23 10:00", "23 16:04", None),  # four minutes reach nobody
        ("23 10:00", "23 16:00", None),
        ("23 10:00", "23 09:00", None),
        ("23 21:00", "24 14:30", "24 08:20"),
        ("23 21:00", "24 14:00", None),  # before anybody is awake it is six hours away
        ("2027-03-27 18:00", "2027-03-31 09:00", "2027-03-28 10:00"),  # a night of 23 hours
        ("2026-10-24 18:00", "2026-10-28 09:00", "2026-10-25 10:00"),  # a night of 25 hours
    ],
)
def test_the_time_to_answer(now: str, start: str, by: str | None) -> None:
    found = answer_by(at(now), at(start), PARIS, TERMS)
    assert found == (None if by is None else at(by))


def test_other_quiet_hours() -> None:
    assert awake_after(at("23 23:00"), 2 * HOUR, PARIS, Quiet(time(0), time(6))) == at("24 07:00")
    assert awake_after(at("23 23:00"), 2 * HOUR, PARIS, Quiet(time(7), time(7))) == at("24 01:00")


MINUTES = int(timedelta(days=729).total_seconds() // 60)
INSTANTS = st.integers(0, MINUTES).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


@given(now=INSTANTS, minutes=st.integers(0, 3000), later=st.integers(0, 600))
def test_the_clock_stops_in_quiet_hours_on_every_day(now: datetime, minutes: int, later: int) -> None:
    """As many minutes outside quiet hours as were asked, and the end is never inside them; later begun, later ended."""
    end = awake_after(now, timedelta(minutes=minutes), PARIS, QUIET)
    local = end.astimezone(ZoneInfo(PARIS))
    assert time(8) <= local.time() <= time(20) or end == now
    first = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    whole = int((end - first) // timedelta(minutes=1))
    inside = sum(
        time(8) <= (first + timedelta(minutes=n)).astimezone(ZoneInfo(PARIS)).time() < time(20) for n in range(whole)
    )
    assert abs(inside - minutes) <= 2
    assert awake_after(now + timedelta(minutes=later), timedelta(minutes=minutes), PARIS, QUIET) >= end


@given(now=INSTANTS, away=st.integers(0, 10_000))
def test_an_offer_never_reaches_into_the_time_that_is_everybodys(now: datetime, away: int) -> None:
    start = now + timedelta(minutes=away)
    by = answer_by(now, start, PARIS, TERMS)
    if by is not None:
        assert now + LEAST <= by <= start - TERMS.until


@pytest.mark.parametrize(
    ("run", "minutes", "occupied", "expected"),
    [
        (("10:00", "10:20"), 20, 20, "10:00"),
        (("09:00", "12:00"), 20, 20, "10:00"),  # where the freed one began
        (("09:30", "10:20"), 40, 40, "09:40"),  # as near to it as it fits
        (("10:00", "11:00"), 40, 60, "10:00"),
        (("10:07", "11:00"), 20, 20, "10:10"),  # on the grid
        (("09:00", "10:05"), 20, 20, "09:45"),  # still touching it
        (("10:00", "10:20"), 25, 25, None),
        (("10:20", "12:00"), 20, 20, None),  # beside it
    ],
)
def test_where_a_visit_goes(run: tuple[str, str], minutes: int, occupied: int, expected: str | None) -> None:
    lengths = timedelta(minutes=minutes), timedelta(minutes=occupied)
    whole, freed = Span(*(at(f"26 {hour}") for hour in run)), Span(at("26 10:00"), at("26 10:20"))
    start = best_start(whole, freed, *lengths, lambda visit: True)
    assert start == (None if expected is None else at(f"26 {expected}"))


@given(offset=st.integers(-90, 90), length=st.integers(1, 180), visit=st.integers(5, 90), buffer=st.integers(0, 30))
def test_it_lies_in_the_run_on_the_grid_and_touches_the_freed_time(
    offset: int, length: int, visit: int, buffer: int
) -> None:
    freed = Span(at("26 10:00"), at("26 10:20"))
    run = Span(freed.start + timedelta(minutes=offset), freed.start + timedelta(minutes=offset + length))
    minutes, occupied = timedelta(minutes=visit), timedelta(minutes=visit + buffer)
    start = best_start(run, freed, minutes, occupied, lambda each: True)
    if start is not None:
        assert run.start <= start
        assert start + occupied <= run.end
        assert start < freed.end
        assert start + occupied > freed.start
        assert (start - datetime(1970, 1, 1, tzinfo=UTC)) % GRID == timedelta(0)


def test_what_somebody_wants() -> None:
    thursday = Span(at("26 09:00"), at("26 09:20"))
    now = at("23 10:00")
    wanted = Wanted(date(2026, 11, 26), date(2026, 11, 26))
    assert wanted.suits(thursday, now, PARIS)
    assert Wanted(date(2026, 11, 26), date(2026, 11, 26), [4], time(9), time(9, 20)).suits(thursday, now, PARIS)
    for other in (
        Wanted(date(2026, 11, 27), date(2026, 11, 30)),
        Wanted(date(2026, 11, 1), date(2026, 11, 25)),
        Wanted(date(2026, 11, 26), date(2026, 11, 26), weekdays=[1, 2]),
        Wanted(date(2026, 11, 26), date(2026, 11, 26), local_from=time(9, 5)),
        Wanted(date(2026, 11, 26), date(2026, 11, 26), local_to=time(9, 15)),
        Wanted(date(2026, 11, 26), date(2026, 11, 26), min_notice=timedelta(days=3)),
        Wanted(date(2026, 11, 26), date(2026, 11, 26), before=at("26 09:00")),
    ):
        assert not other.suits(thursday, now, PARIS), other
