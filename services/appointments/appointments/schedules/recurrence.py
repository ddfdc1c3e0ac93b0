"""Recurrence rules (RFC 5545 section 3.3.10) at the grain of a day.

Our own evaluator and not `dateutil.rrule`, because a rule comes from outside: `FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30`
keeps dateutil busy for seconds (it walks to the year 9999), while this one never looks past the asked horizon. The
tests hold the two against each other.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
FREQUENCIES: dict[str, Frequency] = {"DAILY": "DAILY", "WEEKLY": "WEEKLY", "MONTHLY": "MONTHLY", "YEARLY": "YEARLY"}
WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
MAX_LENGTH = 200
_DAY = timedelta(days=1)


class UnsupportedRule(ValueError):
    """The text is not a recurrence rule that an opening can follow."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A parsed rule. `weekdays` holds pairs (ordinal or 0, weekday with Monday 0)."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


def parse(text: str, zone: ZoneInfo) -> Recurrence:
    """The rule written in `text`, without the `RRULE:` prefix; `zone` turns an UNTIL in UTC into a local day.

    Raises `UnsupportedRule` for another frequency, an unknown, repeated or contradictory part, or a number out of
    bounds.
    """
    if len(text) > MAX_LENGTH:
        raise UnsupportedRule
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, mark, value = part.partition("=")
        if not mark or not value or name not in _PARTS or name in parts:
            raise UnsupportedRule
        parts[name] = value
    if parts.get("FREQ") not in FREQUENCIES or {"COUNT", "UNTIL"} <= parts.keys():
        raise UnsupportedRule
    rule = Recurrence(
        frequency=FREQUENCIES[parts["FREQ"]],
        interval=_number(parts.get("INTERVAL", "1"), 1, 1000),
        count=_number(parts["COUNT"], 1, 10_000) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"], zone) if "UNTIL" in parts else None,
        weekdays=tuple(_weekday(item) for item in _items(parts, "BYDAY")),
        month_days=tuple(_signed(item, 31) for item in _items(parts, "BYMONTHDAY")),
        months=tuple(_number(item, 1, 12) for item in _items(parts, "BYMONTH")),
        positions=tuple(_signed(item, 366) for item in _items(parts, "BYSETPOS")),
        week_start=_week_start(parts.get("WKST", "MO")),
    )
    _refuse_contradictions(rule)
    return rule


def _refuse_contradictions(rule: Recurrence) -> None:
    """RFC 5545: an ordinal weekday has a sense inside a month or a year only; a week has no day of the month."""
    numbered = any(ordinal for ordinal, _ in rule.weekdays)
    if numbered and rule.frequency in ("DAILY", "WEEKLY"):
        raise UnsupportedRule
    if rule.month_days and rule.frequency == "WEEKLY":
        raise UnsupportedRule
    if rule.positions and not (rule.weekdays or rule.month_days or rule.months):
        raise UnsupportedRule


def _items(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _number(text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or not low <= int(text) <= high:
        raise UnsupportedRule
    return int(text)


def _signed(text: str, high: int) -> int:
    number = _number(text.lstrip("+-") if text[:1] in ("+", "-") and text[1:2].isdigit() else text, 1, high)
    return -number if text.startswith("-") else number


def _weekday(text: str) -> tuple[int, int]:
    match = _BYDAY.fullmatch(text)
    if match is None or not text.isascii():
        raise UnsupportedRule
    ordinal = int(match[1]) if match[1] else 0
    if match[1] and not 1 <= abs(ordinal) <= 53:
        raise UnsupportedRule
    return ordinal, WEEKDAYS[match[2]]


def _week_start(text: str) -> int:
    if text not in WEEKDAYS:
        raise UnsupportedRule
    return WEEKDAYS[text]


def _until(text: str, zone: ZoneInfo) -> date:
    match = _UNTIL.fullmatch(text)
    if match is None or not text.isascii():
        raise UnsupportedRule
    try:
        moment = datetime.strptime(match[1] + (match[2] or "000000"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return moment.astimezone(zone).date() if match[3] else moment.date()
    except (ValueError, OverflowError) as error:
        raise UnsupportedRule from error


def occurrences(rule: Recurrence, first: date, start: date, end: date) -> Iterator[date]:
    """The days of `rule`, begun on `first`, that lie in `[start, end)`, ascending. Work is bounded by `end`."""
    seen = 0
    for days in _periods(rule, first, start if rule.count is None else first, end):
        for day in _pick(days, rule.positions):
            if day < first:
                continue
            seen += 1
            if day >= end or (rule.until and day > rule.until) or (rule.count and seen > rule.count):
                return
            if day >= start:
                yield day


def _pick(days: list[date], positions: tuple[int, ...]) -> list[date]:
    if not positions:
        return days
    return sorted({days[p - 1 if p > 0 else p] for p in positions if abs(p) <= len(days)})


def _periods(rule: Recurrence, first: date, start: date, end: date) -> Iterator[list[date]]:
    """The matching days of each period (day, week, month or year) from the one that holds `start`, in steps of the
    interval.
    """
    match rule.frequency:
        case "DAILY":
            step = timedelta(days=rule.interval)
            day = first + max(0, -(-(start - first).days // rule.interval)) * step
            while day < end:
                yield [day] if _fits(rule, day, day.day) else []
                day += step
        case "WEEKLY":
            monday = first - timedelta(days=(first.weekday() - rule.week_start) % 7)
            monday += max(0, (start - monday).days // (7 * rule.interval)) * timedelta(days=7 * rule.interval)
            wanted = rule.weekdays or ((0, first.weekday()),)
            offsets = sorted({(weekday - rule.week_start) % 7 for _, weekday in wanted})
            while monday < end:
                week = [monday + timedelta(days=offset) for offset in offsets]
                yield [day for day in week if not rule.months or day.month in rule.months]
                monday += timedelta(days=7 * rule.interval)
        case "MONTHLY":
            index = first.year * 12 + first.month - 1
            index += max(0, (start.year * 12 + start.month - 1 - index) // rule.interval) * rule.interval
            while date(index // 12, index % 12 + 1, 1) < end:
                yield _of_month(rule, first, index // 12, index % 12 + 1)
                index += rule.interval
        case "YEARLY":
            year = first.year + max(0, (start.year - first.year) // rule.interval) * rule.interval
            while year <= end.year:
                yield _of_year(rule, first, year)
                year += rule.interval


def _fits(rule: Recurrence, day: date, of_month: int) -> bool:
    return (
        (not rule.months or day.month in rule.months)
        and (not rule.month_days or of_month in rule.month_days or of_month - _length(day) - 1 in rule.month_days)
        and (not rule.weekdays or any(weekday == day.weekday() for _, weekday in rule.weekdays))
    )


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _of_month(rule: Recurrence, first: date, year: int, month: int) -> list[date]:
    if rule.months and month not in rule.months:
        return []
    length = calendar.monthrange(year, month)[1]
    span = [date(year, month, n) for n in range(1, length + 1)]
    if not (rule.weekdays or rule.month_days):
        return span[first.day - 1 : first.day]
    return _among(rule, span)


def _of_year(rule: Recurrence, first: date, year: int) -> list[date]:
    if rule.weekdays and not rule.months and not rule.month_days:
        return _among(rule, [date(year, 1, 1) + n * _DAY for n in range(366 if calendar.isleap(year) else 365)])
    if rule.months or rule.month_days:
        months = sorted(set(rule.months)) or range(1, 13)
        return [day for month in months for day in _of_month(rule, first, year, month)]
    return [first.replace(year=year)] if first.day <= calendar.monthrange(year, first.month)[1] else []


def _among(rule: Recurrence, span: list[date]) -> list[date]:
    """The days of a month or year that the weekdays (the second Tuesday, the last Friday) and days of the month
    keep.
    """
    by_weekday: dict[int, list[date]] = {}
    for day in span:
        by_weekday.setdefault(day.weekday(), []).append(day)
    kept: set[date] = set() if rule.weekdays else set(span)
    for ordinal, weekday in rule.weekdays:
        days = by_weekday[weekday]
        if not ordinal:
            kept.update(days)
        elif abs(ordinal) <= len(days):
            kept.add(days[ordinal - 1 if ordinal > 0 else ordinal])
    if rule.month_days:
        kept = {d for d in kept if d.day in rule.month_days or d.day - _length(d) - 1 in rule.month_days}
    return sorted(kept)
