"""When a line is open. Pure.

Opening hours are local: ranges per weekday, none on holidays, unless an exception says otherwise for that date. They
are turned into instants day by day, so that a day on which the clocks change is right too.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

LOOKED_AHEAD_DAYS: Final = 400
"""No line of a health centre is closed for longer; if one is, it has no next opening."""
Cause = Literal["open", "hours", "holiday", "closed_day"]


@dataclass(frozen=True, slots=True)
class Range:
    """Local times of one day, `closes` not included; midnight at the end of the day is `time.max`."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a range opens before it closes")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours of a line. `weekly`: 0 Monday to 6 Sunday. `exceptions` replace a date's hours; no range: closed."""

    zone: ZoneInfo
    weekly: Mapping[int, Sequence[Range]]
    holidays: Set[date] = frozenset()
    exceptions: Mapping[date, Sequence[Range]] = field(default_factory=dict)

    def ranges(self, day: date) -> Sequence[Range]:
        """The local hours of one date."""
        if day in self.exceptions:
            return self.exceptions[day]
        return () if day in self.holidays else self.weekly.get(day.weekday(), ())

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The hours of one date as instants. A range that falls into the hour that a clock change skips is left
        out."""
        spans = []
        for each in self.ranges(day):
            begins, ends = self._instant(day, each.opens), self._instant(day, each.closes)
            if begins < ends:
                spans.append((begins, ends))
        return spans

    def _instant(self, day: date, at: time) -> datetime:
        if at == time.max:
            day, at = day + timedelta(days=1), time(0)
        # A local time that a clock change skips means the same instant as the first that follows it.
        local = datetime.combine(day, at, self.zone)
        return local.astimezone(UTC)

    def following(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans that end after an instant, in order."""
        first = at.astimezone(self.zone).date()
        for ahead in range(LOOKED_AHEAD_DAYS):
            for begins, ends in self.spans(first + timedelta(days=ahead)):
                if ends > at:
                    yield begins, ends


@dataclass(frozen=True, slots=True)
class Opening:
    """What a line is at an instant. `until`: when that changes; `next_opening` only while closed."""

    open: bool
    cause: Cause
    until: datetime | None
    next_opening: datetime | None


def opening(calendar: Calendar, at: datetime) -> Opening:
    """Whether the line answers at this instant, why not, and when that changes."""
    for begins, ends in calendar.following(at):
        if begins <= at:
            return Opening(open=True, cause="open", until=_joined(calendar, ends), next_opening=None)
        return Opening(open=False, cause=_cause(calendar, at), until=begins, next_opening=begins)
    return Opening(open=False, cause=_cause(calendar, at), until=None, next_opening=None)


def _joined(calendar: Calendar, ends: datetime) -> datetime:
    """The end of a span, or of those that follow it without a gap."""
    for begins, later in calendar.following(ends):
        if begins > ends:
            break
        ends = later
    return ends


def _cause(calendar: Calendar, at: datetime) -> Cause:
    day = at.astimezone(calendar.zone).date()
    if day in calendar.exceptions:
        return "hours" if calendar.exceptions[day] else "closed_day"
    return "holiday" if day in calendar.holidays else "hours"


def is_duty_time(calendar: Calendar, at: datetime) -> bool:
    """Whether an instant is out-of-hours in law: every day from 20h to 8h, Sundays and holidays all day, Saturdays from
    noon. A daytime closing of the line by exception is not (code de la santé publique, R6315-1)."""
    local = at.astimezone(calendar.zone)
    if local.date() in calendar.holidays or local.weekday() == 6:
        return True
    if local.weekday() == 5 and local.time() >= time(12):
        return True
    return not time(8) <= local.time() < time(20)


def may_still_be_served(calendar: Calendar, queued_at: datetime, at: datetime, drain: timedelta) -> bool:
    """Whether who was queued in time is served now: while open, and for `drain` after the closing he waited through."""
    now = opening(calendar, at)
    if now.open:
        return True
    then = opening(calendar, queued_at)
    return then.open and then.until is not None and at < then.until + drain
