"""Whether the phone line is open, until when, or when it opens again. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

FURTHEST = 14
"""Days that are looked through for the next opening."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Open hours on one weekday (ISO: Monday 1), on the clocks of the place."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Line:
    """The line at an instant: open until `until`, or closed until `opens` (None: not in the next fortnight)."""

    until: datetime | None = None
    opens: datetime | None = None


def line_at(now: datetime, hours: Sequence[Hours], is_holiday: Callable[[date], bool]) -> Line:
    """The state of a line at `now`, an aware instant on the clocks of the place; closed all day on public holidays."""
    for ahead in range(FURTHEST + 1):
        day = now.date() + timedelta(days=ahead)
        for spell in _of_day(day, hours, is_holiday):
            start, end = (datetime.combine(day, at, now.tzinfo) for at in (spell.start, spell.end))
            if start <= now < end:
                return Line(until=end)
            if start > now:
                return Line(opens=start)
    return Line()


def _of_day(day: date, hours: Sequence[Hours], is_holiday: Callable[[date], bool]) -> list[Hours]:
    if is_holiday(day):
        return []
    return sorted((spell for spell in hours if spell.weekday == day.isoweekday()), key=lambda spell: spell.start)


def runs(hours: Sequence[Hours]) -> list[tuple[int, int, tuple[Hours, ...]]]:
    """Weekdays with the same hours that follow one another: (first weekday, last weekday, the hours)."""
    by_day = {day: tuple(h for h in sorted(hours, key=lambda h: h.start) if h.weekday == day) for day in range(1, 8)}
    same = groupby(by_day, key=lambda day: [(h.start, h.end) for h in by_day[day]])
    days = [list(group) for _, group in same]
    return [(group[0], group[-1], by_day[group[0]]) for group in days if by_day[group[0]]]
