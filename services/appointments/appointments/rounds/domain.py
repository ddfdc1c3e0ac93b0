"""A round: the visits of one practitioner outside the centre, in windows that may cross midnight. Pure."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from appointments.walk_ins.domain import rounded_up

UNTOLD: Final = timedelta(minutes=30)
"""A home visit is told to the minute and lives by the half-hour: a new time this near to the one told needs no message,
which a round put in order again would otherwise send to everybody on it."""

SOON: Final = timedelta(seconds=1)
"""A visit begins after now, not at now."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch in which the practitioner goes out; it belongs to the local day on which it begins."""

    day: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit: `occupied_until` is its end with the time kept free behind it; `day` the local day of its start."""

    id: UUID
    start: datetime
    occupied_until: datetime
    day: date


def of_day(stops: Iterable[Stop], windows: Sequence[Window], day: date) -> dict[UUID, Window | None]:
    """The stops of a day's round with their windows: those of its windows, after midnight included, and those in no
    window that start on that local day.
    """
    found: dict[UUID, Window | None] = {}
    for stop in stops:
        window = window_of(stop.start, windows)
        if day == (stop.day if window is None else window.day):
            found[stop.id] = window
    return found


def window_of(start: datetime, windows: Iterable[Window]) -> Window | None:
    """The window in which a visit begins."""
    return next((window for window in windows if window.start <= start < window.end), None)


def retimed(ordered: Sequence[Stop], end: datetime) -> list[datetime] | int:
    """The starts of visits in their new order: at the times the round had, later where the one before takes longer; if
    that runs over `end`, one right behind the other. How many fit, if even so they do not all.
    """
    times = sorted(stop.start for stop in ordered)
    fitting: list[datetime] = []
    for slots in (times, times[:1] * len(times)):
        starts = _one_after_the_other(ordered, slots)
        fitting = [s for stop, s in zip(ordered, starts, strict=True) if s + (stop.occupied_until - stop.start) <= end]
        if len(fitting) == len(ordered):
            return starts
    return len(fitting)


def _one_after_the_other(ordered: Sequence[Stop], slots: Sequence[datetime]) -> list[datetime]:
    starts: list[datetime] = []
    until = slots[0] if slots else None
    for stop, slot in zip(ordered, slots, strict=True):
        starts.append(rounded_up(slot if until is None else max(slot, until)))
        until = starts[-1] + (stop.occupied_until - stop.start)
    return starts


def in_a_row(
    free: Iterable[tuple[datetime, datetime]], earliest: datetime, needed: timedelta, count: int
) -> list[datetime] | int:
    """The first starts of `count` visits one right behind the other in one free run; else how many fit at most."""
    step = timedelta(minutes=5) * -(-needed // timedelta(minutes=5))
    most = 0
    for begins, ends in free:
        first = rounded_up(max(begins, earliest))
        fits = max(0, (ends - first - needed) // step + 1) if ends - first >= needed else 0
        if fits >= count:
            return [first + step * place for place in range(count)]
        most = max(most, fits)
    return most


def fingerprint(stops: Iterable[tuple[UUID, int]]) -> int:
    """The version of a round: another one as soon as a visit comes, goes or changes."""
    return zlib.crc32(" ".join(sorted(f"{each}.{version}" for each, version in stops)).encode())
