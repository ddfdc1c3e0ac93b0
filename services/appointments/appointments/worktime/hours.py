"""Hours by week, month or whole period, against contract. Pure; minutes are real ones."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from appointments.schedules.domain import Kind
from appointments.worktime.domain import DAY, MINUTE, Span, monday, without

Group = Literal["week", "month", "practitioner"]
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Opened:
    """A window and what closes it: rest after a duty, absences, closures of its site; each in order of start."""

    local_date: date
    kind: Kind
    span: Span
    rest: Sequence[Span]
    away: Sequence[Span]
    closed: Sequence[Span]


@dataclass(slots=True)
class Tally:
    """Minutes planned by kind; of them, those of rest, of absence and of closed sites, each minute counted once."""

    planned: dict[Kind, int] = field(default_factory=dict)
    rest: int = 0
    away: int = 0
    closed: int = 0

    @property
    def total(self) -> int:
        """All that was planned."""
        return sum(self.planned.values())

    @property
    def worked(self) -> int:
        """What remains."""
        return self.total - self.rest - self.away - self.closed

    @property
    def credited(self) -> int:
        """What counts against the contract: absences and closures as if worked; a rest not, as its duty is counted."""
        return self.total - self.rest

    def add(self, window: Opened) -> None:
        """Counts one more window."""
        whole = _length([window.span])
        rest = whole - _left(window.span, window.rest)
        away = whole - _left(window.span, (*window.rest, *window.away)) - rest
        shut = whole - _left(window.span, (*window.rest, *window.away, *window.closed))
        self.planned[window.kind] = self.planned.get(window.kind, 0) + whole
        self.rest, self.away, self.closed = self.rest + rest, self.away + away, self.closed + shut - rest - away


def periods(first: date, last: date, group: Group) -> list[Period]:
    """The parts of `[first, last]`, both included, that a row each is about; the first and last may be cut."""
    starts = [first]
    if group != "practitioner":
        days = (first + n * DAY for n in range(1, (last - first).days + 1))
        starts += [day for day in days if (day == monday(day) if group == "week" else day.day == 1)]
    return list(zip(starts, [*(day - DAY for day in starts[1:]), last], strict=True))


def owed(contracts: Iterable[tuple[Period, int]], period: Period) -> int | None:
    """Minutes that contracts (their days, both included, and minutes a week) ask for, day by day; None without any."""
    sevenths = [
        (min(last, period[1]) - max(first, period[0])).days * weekly + weekly
        for (first, last), weekly in contracts
        if first <= period[1] and last >= period[0]
    ]
    return round(sum(sevenths) / 7) if sevenths else None


def tallies(windows: Iterable[Opened], parts: Sequence[Period]) -> Mapping[Period, Tally]:
    """What was planned in each period, by the local day on which a window starts."""
    found = {period: Tally() for period in parts}
    for window in windows:
        period = part_of(window.local_date, parts)
        if period is not None:
            found[period].add(window)
    return found


def part_of(day: date, parts: Sequence[Period]) -> Period | None:
    """The period in which a day lies."""
    place = bisect_right(parts, day, key=lambda period: period[0]) - 1
    return parts[place] if place >= 0 and day <= parts[place][1] else None


def _left(span: Span, shut: Sequence[Span]) -> int:
    return _length(without(span, sorted(shut)))


def _length(spans: Iterable[Span]) -> int:
    return sum((end - start) // MINUTE for start, end in spans)
