"""Whom a freed time suits, and how long somebody has to answer an offer. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

GRID: Final = timedelta(minutes=5)
FAR: Final = timedelta(hours=48)
NEAR: Final = timedelta(hours=24)
LEAST: Final = timedelta(minutes=5)
"""An offer that leaves less time than this, quiet hours not counted, reaches nobody: the time opens to all."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours in which nobody is disturbed and no clock runs against him; equal bounds: none."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Terms:
    """Parameters of the centre: how long one may answer, by how far away the start is, and when a time opens to all."""

    far: timedelta
    near: timedelta
    soon: timedelta
    until: timedelta
    quiet: Quiet


def answer_by(now: datetime, start: datetime, zone: str, terms: Terms) -> datetime | None:
    """Until when an offer made at `now` for a time at `start` may be answered; None: it opens to all at once."""
    away = start - now
    if away <= terms.until:
        return None
    length = terms.far if away > FAR else terms.near if away > NEAR else terms.soon
    end = min(awake_after(now, length, zone, terms.quiet), start - terms.until)
    return end if end - awake_after(now, timedelta(0), zone, terms.quiet) >= LEAST else None


def awake_after(now: datetime, length: timedelta, zone: str, quiet: Quiet) -> datetime:
    """The instant at which `length` has gone by since `now`, the clock stopped in quiet hours."""
    if quiet.start == quiet.end:
        return now + length
    left = length
    for start, end in _awake(now, zone, quiet):
        begin = max(start, now)
        if begin < end:
            if left <= end - begin:
                return begin + left
            left -= end - begin
    raise AssertionError("days have no end")


def _awake(now: datetime, zone: str, quiet: Quiet) -> Iterator[tuple[datetime, datetime]]:
    """The stretches between quiet hours, from the one that may have begun the day before `now`, as instants in UTC."""
    day = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while True:
        last = day if quiet.start > quiet.end else day + timedelta(days=1)
        yield _instant(day, quiet.end, zone), _instant(last, quiet.start, zone)
        day += timedelta(days=1)


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time `[start, end)`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody waits for. Empty weekdays (ISO: Monday 1): any. `before`: where his later appointment begins."""

    from_date: date
    to_date: date
    weekdays: Sequence[int] = ()
    local_from: time | None = None
    local_to: time | None = None
    min_notice: timedelta = timedelta(0)
    before: datetime | None = None

    def suits(self, visit: Span, now: datetime, zone: str) -> bool:
        """Whether a visit at that time is one he wants; `local_to` is when it must be over."""
        start, end = visit.start.astimezone(ZoneInfo(zone)), visit.end.astimezone(ZoneInfo(zone))
        return (
            self.from_date <= start.date() <= self.to_date
            and (not self.weekdays or start.isoweekday() in self.weekdays)
            and (self.local_from is None or start.time() >= self.local_from)
            and (self.local_to is None or (end.date() == start.date() and end.time() <= self.local_to))
            and visit.start - now >= self.min_notice
            and (self.before is None or visit.start < self.before)
        )


def best_start(
    run: Span, freed: Span, minutes: timedelta, occupied: timedelta, fits: Callable[[Span], bool]
) -> datetime | None:
    """Where in a free run a visit of `minutes`, which keeps `occupied`, best uses the freed time: where that began,
    else as near to it as possible, on the grid of 5 minutes, and always touching it. None: nowhere.
    """
    first = max(run.start, freed.start - occupied)
    last = min(run.end - occupied, freed.end)
    start = first + (EPOCH - first) % GRID
    starts: list[datetime] = []
    while start <= last:
        if start < freed.end and start + occupied > freed.start and fits(Span(start, start + minutes)):
            starts.append(start)
        start += GRID
    return min(starts, key=lambda at: (abs(at - freed.start), at), default=None)
