"""Opening rules of a schedule and the windows that they open: pure rules, standard library only.

Opening hours are local wall times plus an IANA zone, turned into instants for each local day (RFC 5545 3.3.5): a rule
at 9:00 is at 9:00 local on every day of the year.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from appointments.schedules.recurrence import Recurrence, occurrences

Kind = Literal["clinic", "unscheduled", "home_round", "walk_in", "admin"]
Change = Literal["add", "remove", "change"]
HORIZON_DAYS = 180
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Release:
    """`audience` may book from `local_time`, `days_before` days before the day of the window."""

    audience: str
    days_before: int
    local_time: time


@dataclass(frozen=True, slots=True)
class Opening:
    """What a window is when it happens. `local_end` not after `local_start` means: on the next day. `reason_ids`
    empty: all.
    """

    kind: Kind
    local_start: time
    local_end: time
    reason_ids: tuple[UUID, ...] = ()
    modes: tuple[str, ...] = ()
    room_id: UUID | None = None
    step_minutes: int | None = None
    audiences: tuple[str, ...] = ()
    releases: tuple[Release, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """An opening that recurs from `first_date`; without recurrence it happens on that day only."""

    id: UUID
    opening: Opening
    first_date: date
    recurrence: Recurrence | None = None
    on_holidays: bool = False


@dataclass(frozen=True, slots=True)
class OpeningException:
    """One local day that differs: a window added, or one rule (or all, `rule_id` none) removed, or one rule changed."""

    id: UUID
    local_date: date
    change: Change
    rule_id: UUID | None = None
    opening: Opening | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """An open window of one local day, as instants in UTC. `source_id` is its rule or exception.

    `open_from`: the instant from which each audience may book; `None` means since always; absent means never.
    """

    source_id: UUID
    local_date: date
    start: datetime
    end: datetime
    opening: Opening
    open_from: tuple[tuple[str, datetime | None], ...]

    @property
    def minutes(self) -> int:
        """True length: on the days when clocks change it is not the difference of the wall times."""
        return (self.end - self.start) // MINUTE


@dataclass(frozen=True, slots=True)
class Clash:
    """Two windows at once, of one practitioner or in one room."""

    kind: Literal["window", "room"]
    first: Window
    second: Window


@lru_cache(maxsize=65_536)
def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks of `zone` show `wall` on `day`.

    A wall time that comes twice (autumn) is its first passage. One that does not exist (spring) is the moment of the
    jump: a window 2:30-8:00 holds the local times that exist, from 3:00 on. Cached, as all doctors keep much the same
    hours.
    """
    local = datetime.combine(day, wall, tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    before, after = local.replace(fold=1).astimezone(UTC), moment
    offset = before.astimezone(zone).utcoffset()
    while after - before > MINUTE:
        middle = before + (after - before) // MINUTE // 2 * MINUTE
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return after


def window(source_id: UUID, day: date, opening: Opening, zone: ZoneInfo) -> Window | None:
    """The window that `opening` makes on the local `day`; none when the clocks jump over the whole of it."""
    last = day if opening.local_end > opening.local_start else day + DAY
    start, end = instant(day, opening.local_start, zone), instant(last, opening.local_end, zone)
    if start >= end:
        return None
    return Window(source_id, day, start, end, opening, _open_from(opening, day, zone))


def _open_from(opening: Opening, day: date, zone: ZoneInfo) -> tuple[tuple[str, datetime | None], ...]:
    """An audience with a release waits for it (the earliest counts); one listed without release is let in since
    always.
    """
    since: dict[str, datetime | None] = dict.fromkeys(opening.audiences)
    for release in opening.releases:
        moment = instant(day - timedelta(days=release.days_before), release.local_time, zone)
        known = since.get(release.audience)
        since[release.audience] = moment if known is None else min(known, moment)
    return tuple(sorted(since.items()))


def expand(
    rules: Sequence[OpeningRule],
    exceptions: Iterable[OpeningException],
    holidays: frozenset[date],
    zone: ZoneInfo,
    start: date,
    end: date,
) -> list[Window]:
    """The windows of a schedule on the local days `[start, end)`, in order of start.

    An exception is a person's explicit word on a day: it also holds on a public holiday, where a rule without
    `on_holidays` rests.
    """
    by_day = _exceptions_by_day(exceptions, start, end)
    windows: list[Window | None] = []
    for rule in rules:
        for day in _days(rule, start, end):
            opening = _on_day(rule, by_day.get(day, ()), holiday=day in holidays)
            if opening is not None:
                windows.append(window(rule.id, day, opening, zone))
    for day, changes in by_day.items():
        added = [change for change in changes if change.change == "add"]
        windows += [window(change.id, day, change.opening, zone) for change in added if change.opening]
    return sorted((w for w in windows if w is not None), key=lambda w: (w.start, w.end))


def _exceptions_by_day(
    exceptions: Iterable[OpeningException], start: date, end: date
) -> Mapping[date, list[OpeningException]]:
    by_day: dict[date, list[OpeningException]] = {}
    for exception in exceptions:
        if start <= exception.local_date < end:
            by_day.setdefault(exception.local_date, []).append(exception)
    return by_day


def _days(rule: OpeningRule, start: date, end: date) -> Iterable[date]:
    if rule.recurrence is None:
        return (rule.first_date,) if start <= rule.first_date < end else ()
    return occurrences(rule.recurrence, rule.first_date, start, end)


def _on_day(rule: OpeningRule, changes: Sequence[OpeningException], *, holiday: bool) -> Opening | None:
    """What the rule opens on a day with these exceptions: none when it is removed, or rests for a public holiday."""
    mine = [c for c in changes if c.rule_id in (rule.id, None)]
    if any(c.change == "remove" for c in mine):
        return None
    for change in mine:
        if change.change == "change" and change.rule_id == rule.id:
            return change.opening
    return None if holiday and not rule.on_holidays else rule.opening


def clashes(windows: Iterable[Window]) -> list[Clash]:
    """Each window of one practitioner that begins before an earlier one has ended. Windows that touch do not clash."""
    return _overlapping(windows, "window")


def room_clashes(windows: Iterable[Window]) -> list[Clash]:
    """The same for each room; windows without a room clash with nothing."""
    by_room: dict[UUID, list[Window]] = {}
    for item in windows:
        if item.opening.room_id is not None:
            by_room.setdefault(item.opening.room_id, []).append(item)
    return [clash for group in by_room.values() for clash in _overlapping(group, "room")]


def _overlapping(windows: Iterable[Window], kind: Literal["window", "room"]) -> list[Clash]:
    found: list[Clash] = []
    longest: Window | None = None
    for item in sorted(windows, key=lambda w: (w.start, w.end)):
        if longest is not None and item.start < longest.end:
            found.append(Clash(kind, longest, item))
        if longest is None or item.end > longest.end:
            longest = item
    return found


def minutes_by_week(windows: Iterable[Window]) -> dict[date, int]:
    """Minutes of work by ISO week (its Monday), by the local day on which each window starts; meetings (`admin`)
    count.
    """
    weeks: dict[date, int] = {}
    for item in windows:
        monday = item.local_date - timedelta(days=item.local_date.weekday())
        weeks[monday] = weeks.get(monday, 0) + item.minutes
    return dict(sorted(weeks.items()))
