"""A day of callers out of a seed. Pure: chance is handed in, and every number is a parameter of a `Profile`.

Volumes, shares and lengths are those of one departmental centre (design: telesecretariat, sections 1 and 4.3a; the
shares of the hours are fitted to the survey of URPS Île-de-France, 2012). Same seed, same day, to the second.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import log
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

MOST_REDIALS: Final = 3
FIRST_HOUR: Final = 8
BLOCKS: Final = ("19900", "26191", "35301", "46571", "53649", "63998")
"""Arcep's blocks for fiction: nobody has these numbers."""
Motive = Literal["appointment", "advice", "result", "document", "professional", "red_flag", "other"]


class Dice(Protocol):
    """What `random.Random` offers of chance."""

    def random(self) -> float: ...
    def expovariate(self, lambd: float, /) -> float: ...
    def gammavariate(self, alpha: float, beta: float, /) -> float: ...
    def lognormvariate(self, mu: float, sigma: float, /) -> float: ...


Throw = Callable[[str], Dice]
"""Dice for one question: the answer does not depend on how many others were asked before."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a day looks like. Seconds, shares of 1, calls per weekday; `weekdays`: 0 Monday to 6 Sunday."""

    weekday_mean: float = 630
    weekdays: Sequence[float] = (1.35, 1, 1, 1, 1, 0.45, 0)
    after_holiday: float = 1.4
    influenza: float = 1
    noise_cv: float = 0.12
    hours: Sequence[float] = (9, 13, 11.5, 10, 5.5, 5.5, 9.5, 8.5, 8.5, 8, 7, 4)
    saturday_hours: int = 4
    rush_share: float = 0.6
    rush_minutes: float = 20
    talk_mean_s: float = 130
    talk_sigma: float = 0.8
    wrap_mean_s: float = 35
    patience_mean_s: float = 165
    hasty: float = 0.03
    hasty_s: float = 5
    redials: float = 0.25
    redials_within_s: float = 600
    withheld: float = 0.03
    presses_one: float = 0.3
    is_reached: float = 0.75
    households: int = 6_000
    motives: Mapping[Motive, float] = field(
        default_factory=lambda: {
            "appointment": 0.45, "advice": 0.18, "result": 0.15, "document": 0.12, "professional": 0.06,
            "red_flag": 0.015, "other": 0.025,
        }
    )  # fmt: skip


PROFILES: Final[Mapping[str, Profile]] = {
    "ordinary": Profile(),
    "influenza": Profile(influenza=1.4),
    "patient": Profile(patience_mean_s=1e9, hasty=0, noise_cv=0),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """One person who rings, and what he will do. `number` None: withheld. `patience_s` of each attempt, the first
    included; `redials_s`: how long after giving up he tries again, once per further attempt. `is_reached`: whether he
    picks up when he is called back, by attempt."""

    index: int
    at: datetime
    number: str | None = field(repr=False)
    motive: Motive
    talk_s: float
    wrap_s: float
    patience_s: tuple[float, ...]
    redials_s: tuple[float, ...]
    presses_one: bool
    is_reached: tuple[bool, ...]


def expected(profile: Profile, day: date, holidays: Set[date]) -> float:
    """How many calls a date brings on average; none on Sundays and holidays."""
    if day in holidays:
        return 0.0
    factor = profile.weekdays[day.weekday()]
    if factor and day - timedelta(days=1) in holidays:
        factor = max(factor, profile.after_holiday)
    return profile.weekday_mean * factor * profile.influenza


def stretches(profile: Profile, day: date) -> list[tuple[int, int, float]]:
    """(from, until, share) in seconds since local midnight: the hours, the first one in two for its rush."""
    hours = profile.hours[: profile.saturday_hours] if day.weekday() == 5 else profile.hours
    whole, made = sum(hours), []
    for place, share in enumerate(hours):
        begins, ends = (FIRST_HOUR + place) * 3_600, (FIRST_HOUR + place + 1) * 3_600
        if place:
            made.append((begins, ends, share / whole))
            continue
        rush = begins + round(profile.rush_minutes * 60)
        made.append((begins, rush, share / whole * profile.rush_share))
        made.append((rush, ends, share / whole * (1 - profile.rush_share)))
    return made


def day_of_calls(
    throw: Throw, day: date, zone: ZoneInfo, profile: Profile, holidays: Set[date] = frozenset()
) -> list[Caller]:
    """Everybody who rings on that date of his own accord, in order. Redials are in each caller."""
    midnight = datetime.combine(day, time(0), zone)
    instants = arrivals(throw, day, profile, holidays)
    return [caller(throw, index, _local(midnight, second), profile) for index, second in enumerate(instants)]


def arrivals(throw: Throw, day: date, profile: Profile, holidays: Set[date] = frozenset()) -> list[float]:
    """When they ring, in seconds of the local day."""
    volume = expected(profile, day, holidays)
    if volume and profile.noise_cv:
        shape = 1 / profile.noise_cv**2
        volume *= throw("volume").gammavariate(shape, 1 / shape)
    return list(_instants(throw("arrivals"), profile, day, volume))


def _instants(dice: Dice, profile: Profile, day: date, volume: float) -> Iterator[float]:
    """A Poisson process of constant rate in each stretch."""
    for begins, ends, share in stretches(profile, day):
        rate = volume * share / (ends - begins)
        if rate <= 0:
            continue
        at = begins + dice.expovariate(rate)
        while at < ends:
            yield at
            at += dice.expovariate(rate)


def _local(midnight: datetime, second: float) -> datetime:
    """Wall-clock seconds of a local day, as people call: a shop hour is a shop hour on the day of a clock change."""
    return midnight + timedelta(seconds=round(second, 3))


def caller(throw: Throw, index: int, at: datetime, profile: Profile) -> Caller:
    """Who rings at this instant, and what he will do."""
    dice = throw(f"caller {index}")
    motive = _chosen(dice, profile.motives)
    mean = profile.talk_mean_s
    talk_s = dice.lognormvariate(_mu(mean, profile.talk_sigma), profile.talk_sigma)
    redials_s = tuple(_redials(dice, profile))
    return Caller(
        index=index,
        at=at,
        number=None if dice.random() < profile.withheld else number(int(dice.random() * profile.households)),
        motive=motive,
        # Whoever is in danger stays on the line.
        talk_s=max(talk_s, 120.0) if motive == "red_flag" else max(talk_s, 5.0),
        wrap_s=min(dice.expovariate(1 / profile.wrap_mean_s), 3 * profile.wrap_mean_s),
        patience_s=tuple(_patience(dice, profile, motive) for _ in range(len(redials_s) + 1)),
        redials_s=redials_s,
        presses_one=dice.random() < profile.presses_one and motive != "red_flag",
        is_reached=tuple(dice.random() < profile.is_reached for _ in range(MOST_REDIALS)),
    )


def _mu(mean: float, sigma: float) -> float:
    """The location of a lognormal of this mean."""
    return log(mean) - sigma**2 / 2


def _patience(dice: Dice, profile: Profile, motive: Motive) -> float:
    waits, hasty = dice.expovariate(1 / profile.patience_mean_s), dice.random() < profile.hasty
    if motive == "red_flag":
        return max(waits, 600.0)
    return 0.5 + dice.random() * (profile.hasty_s - 0.5) if hasty else waits


def _redials(dice: Dice, profile: Profile) -> Iterator[float]:
    for _ in range(MOST_REDIALS):
        if dice.random() >= profile.redials:
            return
        yield 15 + dice.random() * (profile.redials_within_s - 15)


def _chosen(dice: Dice, shares: Mapping[Motive, float]) -> Motive:
    drawn = dice.random() * sum(shares.values())
    for motive, share in shares.items():
        drawn -= share
        if drawn < 0:
            return motive
    return "other"


def number(household: int) -> str:
    """E.164 of a household: always one of the blocks for fiction, always the same."""
    block = BLOCKS[household % len(BLOCKS)]
    return f"+33{block}{household * 7_919 % 10_000:04d}"


# --- who answers ---------------------------------------------------------------------------------------------------

PLANS: Final[Mapping[str, Sequence[int]]] = {
    "ordinary": (5, 6, 6, 5, 4, 4, 5, 5, 5, 5, 4, 3),
    "monday": (6, 8, 7, 7, 4, 4, 6, 6, 6, 6, 5, 4),
    "influenza": (8, 10, 9, 8, 5, 5, 8, 7, 7, 7, 6, 4),
}
"""Agents by hour from 8h on, for a centre of 630 calls a weekday: 80 % in 20 s, occupancy 85 % at most (Erlang C)."""


def staffed(profile: str, at: datetime, available: int) -> int:
    """How many agents are wanted at a local instant; five minutes before the hour those of the next are there."""
    plan = PLANS["influenza" if profile == "influenza" else "monday" if at.weekday() == 0 else "ordinary"]
    hour = (at + timedelta(minutes=5)).hour - FIRST_HOUR
    if 0 <= hour < len(plan):
        return min(available, plan[hour])
    # Whoever was queued at closing is served still.
    return min(available, plan[-1]) if hour == len(plan) else 0


# --- time ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pace:
    """How the simulated day passes in the clock of the service: `shows_from` is shown at `began_at`, then `times`
    seconds of it in one of the clock's."""

    began_at: datetime
    shows_from: datetime
    times: float

    def shown(self, at: datetime) -> datetime:
        """The instant of the simulated day at an instant of the clock."""
        return self.shows_from + (at - self.began_at) * self.times

    def instant(self, shown: datetime) -> datetime:
        """When the clock shows an instant of the simulated day."""
        return self.began_at + (shown - self.shows_from) / self.times

    def seconds(self, simulated: float) -> float:
        """How long of the clock a simulated length takes."""
        return simulated / self.times
