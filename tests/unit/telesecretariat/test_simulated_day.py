"""A day of callers out of a seed: the same seed the same day; over many seeds, what the page says."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from maillage.wire import normalise_phone
from telesecretariat.simulation.dice import throwing
from telesecretariat.simulation.domain import (
    PROFILES,
    Caller,
    Pace,
    arrivals,
    day_of_calls,
    expected,
    number,
    staffed,
    stretches,
)

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 23)
ORDINARY = PROFILES["ordinary"]


def monday(seed: int) -> list[Caller]:
    return day_of_calls(throwing(seed), MONDAY, PARIS, ORDINARY)


def test_the_same_seed_is_the_same_day_to_the_second_and_another_seed_another() -> None:
    assert monday(42) == monday(42)
    assert [c.at for c in monday(42)] != [c.at for c in monday(43)]


def test_what_one_caller_does_hangs_on_his_place_alone() -> None:
    longer = day_of_calls(throwing(42), MONDAY, PARIS, replace(ORDINARY, hasty=0.5))
    assert [(c.at, c.motive, c.talk_s) for c in longer] == [(c.at, c.motive, c.talk_s) for c in monday(42)]


@pytest.mark.parametrize(
    ("day", "holidays", "profile", "calls"),
    [
        (MONDAY, set(), "ordinary", 850.5),
        (date(2026, 11, 24), set(), "ordinary", 630),
        (MONDAY, set(), "influenza", 1190.7),
        (date(2026, 11, 28), set(), "ordinary", 283.5),
        (date(2026, 11, 29), set(), "ordinary", 0),
        (date(2026, 11, 11), {date(2026, 11, 11)}, "ordinary", 0),
        (date(2026, 11, 12), {date(2026, 11, 11)}, "ordinary", 882),
    ],
)
def test_the_volume_of_a_day(day: date, holidays: set[date], profile: str, calls: float) -> None:
    assert expected(PROFILES[profile], day, holidays) == pytest.approx(calls)
    if not calls:
        assert day_of_calls(throwing(1), day, PARIS, PROFILES[profile], holidays) == []


def test_shares_of_a_day_are_whole_and_saturday_ends_at_noon() -> None:
    for day in (MONDAY, date(2026, 11, 28)):
        assert sum(share for _, _, share in stretches(ORDINARY, day)) == pytest.approx(1)
    assert stretches(ORDINARY, date(2026, 11, 28))[-1][1] == 12 * 3_600


def test_over_two_hundred_mondays_the_counts_are_those_of_the_page() -> None:
    days = [arrivals(throwing(seed), MONDAY, ORDINARY) for seed in range(200)]
    counts = [len(day) for day in days]
    assert mean(counts) == pytest.approx(850.5, rel=0.03)
    spread = (sum((count - mean(counts)) ** 2 for count in counts) / len(counts)) ** 0.5
    assert spread == pytest.approx((850.5 + (0.12 * 850.5) ** 2) ** 0.5, rel=0.2)
    hours = Counter(int(second // 3_600) for day in days for second in day)
    for place, share in enumerate(ORDINARY.hours):
        assert hours[8 + place] / sum(counts) == pytest.approx(share / 100, rel=0.06)
    rush = sum(second < 8 * 3_600 + 1_200 for day in days for second in day)
    assert rush / hours[8] == pytest.approx(0.6, rel=0.05)


def test_over_forty_mondays_callers_are_those_of_the_page() -> None:
    callers = [caller for seed in range(40) for caller in monday(seed)]
    assert mean(c.talk_s for c in callers if c.motive != "red_flag") == pytest.approx(130, rel=0.03)
    assert mean(c.wrap_s for c in callers) == pytest.approx(35, rel=0.1)
    patience = [c.patience_s[0] for c in callers if c.motive != "red_flag"]
    assert sum(p < 5 for p in patience) / len(patience) == pytest.approx(0.03 + 0.97 * 0.03, rel=0.1)
    assert mean(patience) == pytest.approx(0.97 * 165, rel=0.03)
    again = Counter(len(c.redials_s) for c in callers)
    assert sum(n for times, n in again.items() if times) / len(callers) == pytest.approx(0.25, rel=0.03)
    assert max(again) == 3
    assert all(15 <= gap < 600 for c in callers for gap in c.redials_s)
    motives = Counter(c.motive for c in callers)
    assert motives["appointment"] / len(callers) == pytest.approx(0.45, rel=0.03)
    assert 0.01 < motives["red_flag"] / len(callers) < 0.02


def test_everybody_rings_from_a_number_that_nobody_has() -> None:
    numbers = {number(household) for household in range(ORDINARY.households)}
    assert len(numbers) == ORDINARY.households
    for each in sorted(numbers)[::97]:
        assert normalise_phone(each) == each
        assert str(int(each[3:]))[:5] in {"19900", "26191", "35301", "46571", "53649", "63998"}
    withheld = [caller for caller in monday(1) if caller.number is None]
    assert 0 < len(withheld) < 60


def test_who_is_staffed_follows_the_day() -> None:
    def at(hour: int, minute: int = 30) -> datetime:
        return datetime(2026, 11, 23, hour, minute, tzinfo=PARIS)

    assert [staffed("ordinary", at(hour), 8) for hour in range(8, 20)] == [6, 8, 7, 7, 4, 4, 6, 6, 6, 6, 5, 4]
    assert staffed("ordinary", at(7, 54), 8) == 0
    assert staffed("ordinary", at(7, 55), 8) == 6
    assert staffed("ordinary", at(9), 5) == 5
    assert staffed("ordinary", datetime(2026, 11, 24, 9, 0, tzinfo=PARIS), 8) == 6
    assert staffed("influenza", at(9), 20) == 10


def test_a_pace_shows_a_day_in_minutes_and_back() -> None:
    began = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    shows = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    pace = Pace(began, shows, 60)
    assert pace.shown(datetime(2026, 11, 20, 15, 1, tzinfo=UTC)) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert pace.instant(datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) == datetime(2026, 11, 20, 15, 1, tzinfo=UTC)
    assert pace.seconds(90) == 1.5
