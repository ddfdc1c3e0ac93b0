"""Rules of working time of territorial staff, as pure intervals. Standard library only.

Sources: decree 2000-815 of 25 August 2000, article 3, which decree 2001-623 of 12 July 2001 applies to territorial
staff: at most 10 h a day, 12 h between first and last minute, 48 h a week, 44 h a week on average over any 12 weeks; at
least 11 h of rest a day and 35 h a week. The centre's own: nobody restarts before noon after a work that ended after
midnight. Hours are real ones: on the days when clocks change they differ from those of the wall.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

Rule = Literal["DAILY_HOURS", "AMPLITUDE", "REST", "NOON_RESTART", "WEEKLY_HOURS", "MEAN_HOURS", "WEEKLY_REST"]
Span = tuple[datetime, datetime]

MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)
LIMITS: Mapping[Rule, int] = {
    "DAILY_HOURS": 10 * 60,
    "AMPLITUDE": 12 * 60,
    "REST": 11 * 60,
    "NOON_RESTART": 12 * 60,
    "WEEKLY_HOURS": 48 * 60,
    "MEAN_HOURS": 44 * 60,
    "WEEKLY_REST": 35 * 60,
}
"""In minutes; of `NOON_RESTART` the minute of the local day."""
AT_LEAST: frozenset[Rule] = frozenset({"REST", "NOON_RESTART", "WEEKLY_REST"})
MEAN_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Work:
    """An interval of work. It belongs to the local day on which its window starts, also when it runs into the next."""

    local_date: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that hours break. `local_date`: the day, of `REST` and `NOON_RESTART` the one that starts too early; of a
    week its Monday, of the mean the Monday of the last of its 12 weeks. Minutes.
    """

    rule: Rule
    local_date: date
    value: int

    @property
    def limit(self) -> int:
        """What the rule asks for."""
        return LIMITS[self.rule]


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - day.weekday() * DAY


def without(span: Span, shut: Iterable[Span]) -> list[Span]:
    """What is left of a span; `shut` in order of start, it may overlap itself."""
    left: list[Span] = []
    start, end = span
    for begin, until in shut:
        if until <= start:
            continue
        if begin >= end:
            break
        if begin > start:
            left.append((start, begin))
        start = until
        if start >= end:
            return left
    return [*left, (start, end)]


def breaches(work: Iterable[Work], zone: ZoneInfo) -> list[Breach]:
    """All that these hours break, by day then rule. The time before and after them counts as rest."""
    runs = _merged(work)
    days: dict[date, list[Work]] = {}
    weeks: dict[date, int] = {}
    for run in runs:
        days.setdefault(run.local_date, []).append(run)
        first = monday(run.local_date)
        weeks[first] = weeks.get(first, 0) + _minutes(run.start, run.end)
    found = [*_of_days(days), *_between_days(list(days.values()), zone), *_of_weeks(weeks)]
    found += _weekly_rest(runs, sorted(weeks), zone)
    return sorted(found, key=lambda breach: (breach.local_date, breach.rule))


def brought(before: Iterable[Breach], after: Iterable[Breach]) -> list[Breach]:
    """What of `after` is not in `before`, or is worse there: what a change is to answer for."""
    was = {(breach.rule, breach.local_date): breach.value for breach in before}
    return [breach for breach in after if _worse(breach, was.get((breach.rule, breach.local_date)))]


def _worse(breach: Breach, was: int | None) -> bool:
    if was is None:
        return True
    return breach.value < was if breach.rule in AT_LEAST else breach.value > was


def _merged(work: Iterable[Work]) -> list[Work]:
    """In order, without overlaps; hours that touch are one, of the day on which the first of them starts."""
    runs: list[Work] = []
    for item in sorted(work, key=lambda w: (w.start, w.end)):
        last = runs[-1] if runs else None
        if last is not None and item.start <= last.end:
            runs[-1] = Work(last.local_date, last.start, max(last.end, item.end))
        else:
            runs.append(item)
    return runs


def _minutes(start: datetime, end: datetime) -> int:
    return (end - start) // MINUTE


def _of_days(days: Mapping[date, Sequence[Work]]) -> Iterable[Breach]:
    for day, runs in days.items():
        worked = sum(_minutes(run.start, run.end) for run in runs)
        if worked > LIMITS["DAILY_HOURS"]:
            yield Breach("DAILY_HOURS", day, worked)
        amplitude = _minutes(runs[0].start, runs[-1].end)
        if amplitude > LIMITS["AMPLITUDE"]:
            yield Breach("AMPLITUDE", day, amplitude)


def _between_days(days: Sequence[Sequence[Work]], zone: ZoneInfo) -> Iterable[Breach]:
    for before, after in pairwise(days):
        rest = _minutes(before[-1].end, after[0].start)
        if rest < LIMITS["REST"]:
            yield Breach("REST", after[0].local_date, rest)
        elif rest < 24 * 60 and (restart := _too_early(before[-1], after[0], zone)) is not None:
            yield Breach("NOON_RESTART", after[0].local_date, restart)


def _too_early(night: Work, restart: Work, zone: ZoneInfo) -> int | None:
    """The minute of the local day, before noon, at which somebody restarts whose night ended on that day."""
    ended, begins = night.end.astimezone(zone), restart.start.astimezone(zone)
    minute = begins.hour * 60 + begins.minute
    by_night = ended.date() > night.local_date and ended.time() > time.min
    return minute if by_night and ended.date() == begins.date() and minute < LIMITS["NOON_RESTART"] else None


def _of_weeks(weeks: Mapping[date, int]) -> Iterable[Breach]:
    for week, worked in weeks.items():
        if worked > LIMITS["WEEKLY_HOURS"]:
            yield Breach("WEEKLY_HOURS", week, worked)
        total = sum(weeks.get(week - back * WEEK, 0) for back in range(MEAN_WEEKS))
        if total > LIMITS["MEAN_HOURS"] * MEAN_WEEKS:
            yield Breach("MEAN_HOURS", week, total // MEAN_WEEKS)


def _weekly_rest(runs: Sequence[Work], weeks: Sequence[date], zone: ZoneInfo) -> Iterable[Breach]:
    """A week has its rest when one of 35 h begins in it, or when so much of one lies in it."""
    if not runs:
        return
    gaps = [(runs[0].start - 2 * WEEK, runs[0].start)]
    gaps += [(before.end, after.start) for before, after in pairwise(runs)]
    gaps.append((runs[-1].end, runs[-1].end + 2 * WEEK))
    place = 0
    for week in weeks:
        begin, end = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (week, week + WEEK))
        while gaps[place][1] <= begin:
            place += 1
        longest = 0
        for start, until in gaps[place:]:
            if start >= end:
                break
            counted = (start, until) if start >= begin else (begin, min(until, end))
            longest = max(longest, _minutes(*counted))
        if longest < LIMITS["WEEKLY_REST"]:
            yield Breach("WEEKLY_REST", week, longest)
