"""Buckets of local time, and the three service levels by their names. Pure.

A bucket is an interval of local time: a day on which the clocks change has 23 or 25 hours of them. A call counts where
it arrived; time of agents and of talk is cut at the borders. Source: design, telesecretariat 3.4.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Step = Literal["15min", "30min", "hour", "day", "month"]
MOST_DAYS: Final = 366
MOST_BUCKETS: Final = 10_000
WAITS_S: Final = (0, 10, 20, 30, 60, 120, 300, 600)
"""Lower ends of the bands of waiting."""
_STEPS: Final = {"15min": timedelta(minutes=15), "30min": timedelta(minutes=30), "hour": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Bucket:
    """From `begins` to `ends`, not included."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """Which local times count: from `opens` to `closes` (None: midnight), on these days, 1 Monday to 7 Sunday."""

    opens: time
    closes: time | None
    days: frozenset[int]

    def holds(self, local: datetime) -> bool:
        """Whether a local instant counts."""
        inside = self.opens <= local.time() and (self.closes is None or local.time() < self.closes)
        return inside and local.isoweekday() in self.days


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def buckets(begins: datetime, ends: datetime, step: Step, zone: ZoneInfo, window: Window) -> list[Bucket]:
    """The buckets between two instants, in order; those of which no moment counts are left out.

    Borders are those of the clock on the wall; the first and the last bucket are cut at the ends of the period.
    """
    whole = _months(begins, ends, zone) if step == "month" else _days(begins, ends, zone)
    found = []
    for first, last in whole:
        for lower, upper in _cut(first, last, _STEPS.get(step)):
            low, high = max(lower, begins), min(upper, ends)
            if low < high and (step == "month" or _counts(low, step, zone, window)):
                found.append(Bucket(low, high))
    return found


def _counts(begins: datetime, step: Step, zone: ZoneInfo, window: Window) -> bool:
    local = begins.astimezone(zone)
    return local.isoweekday() in window.days if step == "day" else window.holds(local)


def _days(begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    day = begins.astimezone(zone).date()
    while (first := midnight(day, zone)) < ends:
        day += timedelta(days=1)
        yield first, midnight(day, zone)


def _months(begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    day = begins.astimezone(zone).date().replace(day=1)
    while (first := midnight(day, zone)) < ends:
        day = (day + timedelta(days=31)).replace(day=1)
        yield first, midnight(day, zone)


def _cut(first: datetime, last: datetime, step: timedelta | None) -> Iterator[tuple[datetime, datetime]]:
    if step is None:
        yield first, last
        return
    while first < last:
        yield first, min(first + step, last)
        first += step


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of a span of time that lies in one bucket, by the bucket's place."""

    place: int
    seconds: float


def sliced(begins: datetime, ends: datetime, borders: Collection[Bucket]) -> Iterator[Slice]:
    """A span cut at the borders of buckets that are in order; what lies outside all of them is left out."""
    ordered = list(borders)
    place = max(0, bisect_right(ordered, begins, key=lambda bucket: bucket.begins) - 1)
    while place < len(ordered) and ordered[place].begins < ends:
        spent = (min(ends, ordered[place].ends) - max(begins, ordered[place].begins)).total_seconds()
        if spent > 0:
            yield Slice(place, spent)
        place += 1


@dataclass(frozen=True, slots=True)
class Counts:
    """Calls of one bucket. `in_time`: answered within the threshold; `gone_in_time`: hung up within it."""

    answered: int
    abandoned: int
    short_abandoned: int
    overflowed: int
    callback_requested: int
    in_time: int
    gone_in_time: int

    @property
    def offered(self) -> int:
        """Those who were put before agents: answered, or left the queue in one of three ways."""
        return self.answered + self.abandoned + self.overflowed + self.callback_requested

    @property
    def sl_answered(self) -> float | None:
        """SL1: answered in time, of the answered."""
        return _share(self.in_time, self.answered)

    @property
    def sl_with_abandons(self) -> float | None:
        """SL2: answered or gone in time, of the answered and abandoned."""
        return _share(self.in_time + self.gone_in_time, self.answered + self.abandoned)

    @property
    def sl_offered(self) -> float | None:
        """SLo: answered in time, of the offered without short abandons."""
        return _share(self.in_time, self.offered - self.short_abandoned)

    @property
    def answered_rate(self) -> float | None:
        """Answered, of the offered."""
        return _share(self.answered, self.offered)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None
