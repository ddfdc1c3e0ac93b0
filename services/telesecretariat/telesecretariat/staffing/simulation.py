"""A day of calls before so many agents, event by event. Pure: the same dice, the same day.

First come, first served; who has waited as long as his patience hangs up; after a call its agent writes up. Agents come
and go at the borders of intervals; who is on a call ends it first. Seconds since the first interval's beginning.
"""

import heapq
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from telesecretariat.simulation.domain import Dice, Throw

MOST_INTERVALS: Final = 96


@dataclass(frozen=True, slots=True)
class Interval:
    """Calls expected in it, and how many agents are there."""

    calls: float
    agents: int


@dataclass(frozen=True, slots=True)
class Day:
    """What is simulated. `patience_s` None: callers wait for ever; `talk` exponential as Erlang assumes, or lognormal
    with `sigma` as phones show."""

    intervals: tuple[Interval, ...]
    interval_s: float
    talk_s: float
    wrap_s: float
    patience_s: float | None
    threshold_s: float = 20.0
    talk: Literal["exponential", "lognormal"] = "lognormal"
    sigma: float = 0.8

    def __post_init__(self) -> None:
        numbers = [self.interval_s, self.talk_s, self.wrap_s, self.patience_s or 1.0, self.threshold_s, self.sigma]
        calls = [each.calls for each in self.intervals]
        if not all(math.isfinite(each) and each >= 0 for each in [*numbers, *calls]) or not self.talk_s:
            raise ValueError("a day is made of finite numbers that are not negative")
        if not 1 <= len(self.intervals) <= MOST_INTERVALS or any(each.agents < 0 for each in self.intervals):
            raise ValueError("a day has one interval at least, and agents are not negative")


@dataclass(slots=True)
class Outcome:
    """What came of the calls that arrived in one interval; `wait_s` is the sum over the answered."""

    offered: int = 0
    answered: int = 0
    within: int = 0
    abandoned: int = 0
    wait_s: float = 0.0

    @property
    def sl_offered(self) -> float | None:
        """Answered in time over offered; None without a call."""
        return self.within / self.offered if self.offered else None

    @property
    def average_wait_s(self) -> float | None:
        """Mean wait of the answered (ASA)."""
        return self.wait_s / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Spread:
    """What one measure was over replications: in one of ten less than `p10`, in half less than `p50`, in one of ten
    more than `p90`; None when no replication had a value."""

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of one interval, or of the whole day, over all replications. `offered` counts all calls."""

    offered: Spread
    abandoned: Spread
    sl_offered: Spread
    average_wait_s: Spread


_ARRIVAL, _FREE, _BORDER = 0, 1, 2
# At the same instant an agent is free before a caller comes, and a border passes before both.
_RANK: Final = {_BORDER: 0, _FREE: 1, _ARRIVAL: 2}


def replicate(day: Day, chance: Dice) -> list[Outcome]:
    """One day: what came of the calls of each interval. Those who still wait at the end are served to the last."""
    return _Run(day, chance).run()


class _Run:
    def __init__(self, day: Day, chance: Dice) -> None:
        self._day, self._chance = day, chance
        self._outcomes = [Outcome() for _ in day.intervals]
        self._events: list[tuple[float, int, int, int]] = []
        self._queue: deque[tuple[float, float, int]] = deque()
        self._staffed = self._busy = 0
        self._mu = math.log(day.talk_s) - day.sigma**2 / 2

    def run(self) -> list[Outcome]:
        """The whole day."""
        self._plan()
        while self._events:
            at, _, kind, which = heapq.heappop(self._events)
            if kind == _BORDER:
                self._staffed = self._day.intervals[which].agents
            elif kind == _FREE:
                self._busy -= 1
            else:
                self._outcomes[which].offered += 1
                self._queue.append((at, at + self._patience(), which))
            self._serve(at)
        for _, _, which in self._queue:  # nobody is left who could answer them
            self._outcomes[which].abandoned += 1
        return self._outcomes

    def _plan(self) -> None:
        length = self._day.interval_s
        for place, interval in enumerate(self._day.intervals):
            self._add(place * length, _BORDER, place)
            at = place * length
            rate = interval.calls / length
            while rate and (at := at + self._chance.expovariate(rate)) < (place + 1) * length:
                self._add(at, _ARRIVAL, place)

    def _add(self, at: float, kind: int, which: int) -> None:
        heapq.heappush(self._events, (at, _RANK[kind], kind, which))

    def _patience(self) -> float:
        return math.inf if self._day.patience_s is None else self._chance.expovariate(1 / self._day.patience_s)

    def _serve(self, at: float) -> None:
        while self._queue and self._busy < self._staffed:
            came, leaves, which = self._queue.popleft()
            if leaves <= at:
                self._outcomes[which].abandoned += 1
                continue
            self._busy += 1
            self._add(at + self._handling(), _FREE, 0)
            outcome, waited = self._outcomes[which], at - came
            outcome.answered += 1
            outcome.wait_s += waited
            outcome.within += waited <= self._day.threshold_s

    def _handling(self) -> float:
        if self._day.talk == "exponential":
            return self._chance.expovariate(1 / self._day.talk_s) + self._day.wrap_s
        return self._chance.lognormvariate(self._mu, self._day.sigma) + self._day.wrap_s


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value under which this share lies, between neighbours by their distance; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def summarised(day: Day, throw: Throw, replications: int) -> tuple[list[Summary], Summary]:
    """So many replications, each with dice of its own: what came of each interval, and of the whole day."""
    runs = [replicate(day, throw(f"staffing/{number}")) for number in range(replications)]
    intervals = [_summary([run[place] for run in runs]) for place in range(len(day.intervals))]
    return intervals, _summary([_together(run) for run in runs])


def _together(run: Sequence[Outcome]) -> Outcome:
    return Outcome(
        sum(each.offered for each in run),
        sum(each.answered for each in run),
        sum(each.within for each in run),
        sum(each.abandoned for each in run),
        sum(each.wait_s for each in run),
    )


def _summary(outcomes: Sequence[Outcome]) -> Summary:
    return Summary(
        offered=_spread([each.offered for each in outcomes]),
        abandoned=_spread([each.abandoned for each in outcomes]),
        sl_offered=_spread([each.sl_offered for each in outcomes]),
        average_wait_s=_spread([each.average_wait_s for each in outcomes]),
    )


def _spread(values: Sequence[float | None]) -> Spread:
    known = [each for each in values if each is not None]
    return Spread(quantile(known, 0.1), quantile(known, 0.5), quantile(known, 0.9))
