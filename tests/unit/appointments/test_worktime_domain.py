"""Rules of working time as pure intervals: real hours, nights, the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from appointments.worktime.domain import AT_LEAST, LIMITS, Breach, Work, breaches, brought, without
from appointments.worktime.hours import Opened, Tally, owed, part_of, periods

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 1, 4)
DAY = timedelta(days=1)


def work(day: date, *hours: str) -> list[Work]:
    """`work(MONDAY, "8:00-12:00", "20:00-1:00")`; an end not after its start is on the next day."""
    found = []
    for text in hours:
        start, end = (timedelta(hours=int(h), minutes=int(m)) for h, m in (t.split(":") for t in text.split("-")))
        base = datetime.combine(day, time.min, PARIS)
        wall = (base + start, base + end if end > start else base + DAY + end)
        found.append(Work(day, *(moment.astimezone(UTC) for moment in wall)))
    return found


def week(first: date, *hours: str, days: int = 5) -> list[Work]:
    return [each for n in range(days) for each in work(first + n * DAY, *hours)]


def found(*parts: list[Work]) -> list[tuple[str, date, int]]:
    return [(b.rule, b.local_date, b.value) for b in breaches([w for part in parts for w in part], PARIS)]


def test_each_rule_at_its_limit_and_a_minute_beyond() -> None:
    cases: list[tuple[list[Work], list[Work], tuple[str, int]]] = [
        (work(MONDAY, "8:00-18:00"), work(MONDAY, "8:00-18:01"), ("DAILY_HOURS", 601)),
        (work(MONDAY, "8:00-9:00", "19:00-20:00"), work(MONDAY, "8:00-9:00", "19:00-20:01"), ("AMPLITUDE", 721)),
        (
            work(MONDAY, "20:00-21:00") + work(MONDAY + DAY, "8:00-9:00"),
            work(MONDAY, "20:00-21:01") + work(MONDAY + DAY, "8:00-9:00"),
            ("REST", 659),
        ),
        (
            work(MONDAY, "20:00-0:30") + work(MONDAY + DAY, "12:00-13:00"),
            work(MONDAY, "20:00-0:30") + work(MONDAY + DAY, "11:59-13:00"),
            ("NOON_RESTART", 719),
        ),
        (
            week(MONDAY, "8:00-16:00", days=6),
            week(MONDAY, "8:00-16:00", days=5) + work(MONDAY + 5 * DAY, "8:00-16:01"),
            ("WEEKLY_HOURS", 2881),
        ),
    ]
    for allowed, refused, (rule, value) in cases:
        assert found(allowed) == []
        assert [(name, minutes) for name, _, minutes in found(refused)] == [(rule, value)]


def test_a_round_that_ends_at_one_lets_nobody_restart_before_noon() -> None:
    friday, saturday = MONDAY + 4 * DAY, MONDAY + 5 * DAY
    night = work(friday, "20:00-1:00")
    assert found(night, work(saturday, "8:00-12:00")) == [("REST", saturday, 7 * 60)]
    assert found(night, work(saturday, "12:00-14:00")) == []
    assert found(work(friday, "12:59-14:00"), night) == [("AMPLITUDE", friday, 12 * 60 + 1)]
    assert found(work(friday, "13:00-14:00"), night) == []


def test_a_night_that_ends_at_midnight_asks_for_its_eleven_hours_only() -> None:
    assert found(work(MONDAY, "20:00-0:00"), work(MONDAY + DAY, "11:00-12:00")) == []


def test_hours_that_touch_across_midnight_are_one_piece_of_work() -> None:
    whole = found(work(MONDAY, "20:00-7:00"))
    assert found(work(MONDAY, "20:00-0:00"), work(MONDAY + DAY, "0:00-7:00")) == whole
    assert whole == [("DAILY_HOURS", MONDAY, 660)]


def test_hours_are_real_ones_when_clocks_change() -> None:
    autumn, spring = date(2026, 10, 24), date(2027, 3, 27)
    assert found(work(autumn, "20:00-1:00"), work(autumn + DAY, "11:00-14:00")) == [
        ("NOON_RESTART", autumn + DAY, 11 * 60)
    ]
    assert found(work(spring, "20:00-1:00"), work(spring + DAY, "12:00-14:00")) == [("REST", spring + DAY, 10 * 60)]
    assert found(work(autumn, "20:00-5:30")) == [("DAILY_HOURS", autumn, 630)]
    assert found(work(spring, "20:00-7:00")) == []


def test_a_week_needs_thirty_five_hours_of_rest_that_begin_in_it() -> None:
    usual = week(MONDAY, "8:00-12:00", days=6)
    assert found(usual, week(MONDAY + 7 * DAY, "8:00-12:00")) == []
    assert found(week(MONDAY, "8:00-12:00", days=14)) == [
        ("WEEKLY_REST", MONDAY, 20 * 60),
    ]
    # From Saturday noon it is 35 h until Sunday 23:00, and from Sunday noon until Monday 23:00.
    assert found(week(MONDAY, "10:00-12:00", days=7), work(MONDAY + 7 * DAY, "23:00-23:30")) == []


def test_the_mean_of_any_twelve_weeks_is_dated_by_the_last() -> None:
    full = [each for n in range(12) for each in week(MONDAY + 7 * n * DAY, "8:00-16:48")]
    assert found(full) == []
    more = full + work(MONDAY + 5 * DAY, "8:00-9:00")
    assert found(more) == [("MEAN_HOURS", MONDAY + 77 * DAY, 44 * 60 + 5)]
    assert found(more[5:]) == []


def test_only_what_is_new_or_worse_is_held_against_a_change() -> None:
    was = [Breach("REST", MONDAY, 600), Breach("AMPLITUDE", MONDAY, 750)]
    same = brought(was, was)
    better = brought(was, [Breach("REST", MONDAY, 650), Breach("AMPLITUDE", MONDAY, 730)])
    worse = [Breach("REST", MONDAY, 590), Breach("AMPLITUDE", MONDAY, 760), Breach("REST", MONDAY + DAY, 0)]
    assert (same, better, brought(was, worse)) == ([], [], worse)


def moment(minutes: int) -> datetime:
    return datetime(2026, 10, 19, tzinfo=UTC) + timedelta(minutes=minutes)


spans = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(1, 900)).map(lambda p: (moment(p[0]), moment(p[0] + p[1]))),
    max_size=12,
)


def as_work(span: tuple[datetime, datetime]) -> Work:
    return Work(span[0].astimezone(PARIS).date(), *span)


@given(spans)
def test_what_is_found_breaks_its_limit_and_each_day_once(given: list[tuple[datetime, datetime]]) -> None:
    result = breaches(map(as_work, given), PARIS)
    assert len({(b.rule, b.local_date) for b in result}) == len(result)
    assert all(b.value < LIMITS[b.rule] if b.rule in AT_LEAST else b.value > LIMITS[b.rule] for b in result)
    assert brought(result, result) == []


@given(spans)
def test_neither_the_order_nor_the_cutting_of_hours_changes_what_they_break(
    given: list[tuple[datetime, datetime]],
) -> None:
    halves = []
    for start, end in given:
        middle = start + (end - start) / 2 // timedelta(minutes=1) * timedelta(minutes=1)
        day = as_work((start, end)).local_date
        halves += [Work(day, start, middle), Work(day, middle, end)] if middle > start else [Work(day, start, end)]
    assert breaches(reversed(halves), PARIS) == breaches(map(as_work, given), PARIS)


@given(spans, spans)
def test_what_is_left_meets_nothing_of_what_is_shut_and_no_minute_is_lost(
    given: list[tuple[datetime, datetime]], shut: list[tuple[datetime, datetime]]
) -> None:
    shut = sorted(shut)
    for start, end in given:
        left = without((start, end), shut)
        minutes = {
            n for a, b in left for n in range(int((a - start).total_seconds()), int((b - start).total_seconds()), 60)
        }
        expected = {
            n
            for n in range(0, int((end - start).total_seconds()), 60)
            if not any(a <= start + timedelta(seconds=n) < b for a, b in shut)
        }
        assert minutes == expected


def test_a_contract_is_owed_day_by_day() -> None:
    sunday = MONDAY + 6 * DAY
    whole = ((date(2020, 1, 1), date.max), 1680)
    assert owed([whole], (MONDAY, sunday)) == 1680
    assert (
        owed([((date(2020, 1, 1), MONDAY + 2 * DAY), 700), ((MONDAY + 3 * DAY, date.max), 1400)], (MONDAY, sunday))
        == 1100
    )
    assert owed([((sunday + DAY, date.max), 1680)], (MONDAY, sunday)) is None


def test_a_report_is_cut_at_mondays_or_months() -> None:
    first, last = date(2026, 12, 30), date(2027, 1, 12)
    assert periods(first, last, "week") == [
        (first, date(2027, 1, 3)),
        (MONDAY, date(2027, 1, 10)),
        (date(2027, 1, 11), last),
    ]
    months = periods(first, last, "month")
    assert months == [(first, date(2026, 12, 31)), (date(2027, 1, 1), last)]
    assert periods(first, last, "practitioner") == [(first, last)]
    assert [part_of(day, months) for day in (first - DAY, first, last, last + DAY)] == [None, *months, None]


def test_each_closed_minute_is_counted_once() -> None:
    """Rest goes before an absence, an absence before a closed site; only rest is not credited."""
    (window,) = work(MONDAY, "8:00-12:00")

    def hour(n: int) -> datetime:
        return window.start + timedelta(hours=n)

    tally = Tally()
    rest, away, closed = [(hour(-5), hour(1))], [(hour(0), hour(2))], [(hour(1), hour(3))]
    tally.add(Opened(MONDAY, "clinic", (window.start, window.end), rest, away, closed))
    assert (tally.total, tally.rest, tally.away, tally.closed, tally.worked) == (240, 60, 60, 60, 60)
    assert tally.credited == 180
