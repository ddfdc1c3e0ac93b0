"""The starts of a series: pure."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from appointments.schedules.recurrence import UnsupportedRule, occurrences, parse

OnConflict = Literal["skip", "nearest", "fail"]
MOST = 52
AROUND = timedelta(days=3)
"""How far from the wished day another time is looked for."""


def starts_of(rule: str, first: datetime, zone: ZoneInfo, now: datetime, max_ahead: timedelta) -> list[datetime]:
    """The starts of a rule from the first one on, at its wall time in `zone`, ascending.

    An hour that the clocks skip that day comes as it is written, to be refused by itself. Raises `UnsupportedRule` for
    a rule without an end within `max_ahead` of `now`, with more than 52 starts, or none.
    """
    recurrence = parse(rule, zone)
    begun = first.astimezone(zone)
    horizon = (now + max_ahead).astimezone(zone).date()
    if recurrence.count is None and (recurrence.until is None or recurrence.until > horizon):
        raise UnsupportedRule
    found = occurrences(recurrence, begun.date(), begun.date(), horizon + timedelta(days=1))
    days = list(islice(found, MOST + 1))
    if not 0 < len(days) <= MOST or len(days) < (recurrence.count or 0):
        raise UnsupportedRule
    return [datetime.combine(day, begun.time(), zone) for day in days]


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which a local day begins and ends."""
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(days=1), time.min, zone)
