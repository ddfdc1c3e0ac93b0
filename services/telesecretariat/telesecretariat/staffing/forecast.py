"""How many calls a day will bring, per half hour, from what like days brought. Pure.

Mean of the last eight same weekdays (days that were special apart) x the day's factor x today's level so far; the
quantiles are those of what was seen between days. Source: design, telesecretariat 3.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from telesecretariat.lines.domain import Calendar
from telesecretariat.reports.domain import Window, buckets, midnight
from telesecretariat.staffing.simulation import quantile

SLOT_S: Final = 1_800
LIKE_DAYS: Final = 8
CANDIDATES: Final = 12
"""More days are looked at than are wanted: on some the line may not have been in service yet."""
MOST_WEEKS: Final = 40
AFTER_HOLIDAY: Final = 1.4
AFTER_HOLIDAY_ON_MONDAY: Final = 1.4 / 1.35
"""Who could not call yesterday calls today (parameters); a Monday follows a day without calls anyhow."""
FEWEST_FOR_A_LEVEL: Final = 10
"""Of fewer calls expected so far, nothing is concluded about the rest of the day."""
_WHOLE_DAY: Final = Window(time(0), None, frozenset(range(1, 8)))

Counts = Mapping[int, int]
"""Calls of one date by the half hour of the clock on the wall, 0 to 47."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A half hour in which the line is open; `place`: which one of the clock on the wall."""

    begins: datetime
    ends: datetime
    place: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Calls expected in a slot: the mean, and what nine of ten days exceed and stay under; `actual` once it is over."""

    slot: Slot
    calls: float
    p10: float
    p90: float
    actual: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """A day. `days`: from which it was reckoned; `level`: what came so far today over what was expected so far."""

    days: tuple[date, ...]
    factor: float
    level: float
    slots: tuple[Expected, ...]


def slots(calendar: Calendar, day: date) -> list[Slot]:
    """The half hours of a date in which the line is open, also for a part of them."""
    spans = calendar.spans(day)
    whole = buckets(
        midnight(day, calendar.zone), midnight(day + timedelta(days=1), calendar.zone), "30min", calendar.zone,
        _WHOLE_DAY,
    )  # fmt: skip
    return [
        Slot(each.begins, each.ends, place(each.begins.astimezone(calendar.zone)))
        for each in whole
        if any(begins < each.ends and each.begins < ends for begins, ends in spans)
    ]


def place(local: datetime) -> int:
    """Which half hour of the clock on the wall."""
    return local.hour * 2 + local.minute // 30


def is_special(calendar: Calendar, day: date) -> bool:
    """Whether a date tells nothing of others: closed, a holiday or the day after one, hours by exception."""
    holiday = day in calendar.holidays or day - timedelta(days=1) in calendar.holidays
    return holiday or day in calendar.exceptions or not calendar.spans(day)


def candidates(calendar: Calendar, day: date, today: date) -> list[date]:
    """Past dates of the same weekday, the latest first: those of which eight are taken."""
    return list(islice(_like(calendar, day, today), CANDIDATES))


def _like(calendar: Calendar, day: date, today: date) -> Iterator[date]:
    latest = day - timedelta(weeks=max(1, (day - today).days // 7 + 1))
    for back in range(MOST_WEEKS):
        found = latest - timedelta(weeks=back)
        if not is_special(calendar, found):
            yield found


def factor(calendar: Calendar, day: date) -> float:
    """What the kind of day adds to a like weekday: more after a holiday."""
    if day - timedelta(days=1) not in calendar.holidays:
        return 1.0
    return AFTER_HOLIDAY_ON_MONDAY if day.weekday() == 0 else AFTER_HOLIDAY


def forecast(
    wanted: Sequence[Slot], history: Mapping[date, Counts], so_far: Counts, now: datetime, day_factor: float
) -> Forecast | None:
    """The day's calls. `history`: counts of candidates that had any, `so_far` those of the day itself. None without
    any history."""
    days = tuple(sorted(history, reverse=True)[:LIKE_DAYS])
    if not days:
        return None
    seen = {slot: [history[day].get(slot.place, 0) * day_factor for day in days] for slot in wanted}
    mean = {slot: sum(values) / len(values) for slot, values in seen.items()}
    over = [slot for slot in wanted if slot.ends <= now]
    expected, came = sum(mean[slot] for slot in over), sum(so_far.get(slot.place, 0) for slot in over)
    level = came / expected if expected >= FEWEST_FOR_A_LEVEL else 1.0
    made = []
    for slot in wanted:
        scale = 1.0 if slot.ends <= now else level
        low, high = quantile(seen[slot], 0.1), quantile(seen[slot], 0.9)
        assert low is not None
        assert high is not None
        actual = so_far.get(slot.place, 0) if slot.ends <= now else None
        made.append(Expected(slot, mean[slot] * scale, low * scale, high * scale, actual))
    return Forecast(days, day_factor, level, tuple(made))
