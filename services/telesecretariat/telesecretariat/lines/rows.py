"""A line as the base holds it, with its hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import holidays

from telesecretariat.lines.domain import Calendar, Range
from telesecretariat.lines.parameters import CallbackPolicy, HeadStarts, OverflowRule

_YEARS: Final = range(2020, 2051)
# Alsace-Moselle keeps two days more (local law of 1892); the library knows them by subdivision.
_SUBDIVISIONS: Final[Mapping[str, str | None]] = {"FR": None, "FR-AM": "57"}


@lru_cache(maxsize=8)
def public_holidays(holiday_set: str) -> frozenset[date]:
    """The public holidays of `FR`, or of `FR-AM` (Alsace-Moselle): kept by a library and never by hand."""
    return frozenset(holidays.country_holidays("FR", subdiv=_SUBDIVISIONS[holiday_set], years=_YEARS))


def local_time(text: str) -> time:
    """`08:00`; `24:00` is the end of the day."""
    return time.max if text == "24:00" else time.fromisoformat(text)


def ranges(stored: Sequence[Mapping[str, str]]) -> tuple[Range, ...]:
    """Hours of one day as they are stored, in order."""
    return tuple(Range(local_time(each["opens"]), local_time(each["closes"])) for each in stored)


def calendar(row: asyncpg.Record) -> Calendar:
    """From the columns `time_zone, weekly, holiday_set, exceptions`."""
    weekly: dict[int, tuple[Range, ...]] = {}
    for each in row["weekly"]:
        day = weekly.get(each["weekday"], ())
        weekly[each["weekday"]] = tuple(sorted((*day, *ranges([each])), key=lambda span: span.opens))
    exceptions = {date.fromisoformat(each["date"]): ranges(each.get("ranges", ())) for each in row["exceptions"]}
    return Calendar(ZoneInfo(row["time_zone"]), weekly, public_holidays(row["holiday_set"]), exceptions)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `drain`: how long after closing those who waited are still served."""

    id: UUID
    organisation_id: UUID
    client_id: UUID
    name: str
    number: str
    time_zone: str
    calendar_id: UUID
    adapter_id: str
    mode: Literal["owned", "observed"]
    distribution: Literal["offer", "pick"]
    strategy: Literal["longest_idle", "fewest_calls"]
    required_skills: list[str]
    preferred_skills: list[str]
    relax_after_s: int
    head_starts: HeadStarts
    overflow_rules: tuple[OverflowRule, ...]
    callback_policy: CallbackPolicy
    max_waiting: int
    wrap_up_s: int
    offer_s: int
    emergency_targets: list[str]
    duty_sectors: list[str]
    web_address: str
    active: bool
    open_told: bool | None
    version: int
    calendar: Calendar
    drain: timedelta

    @property
    def zone(self) -> ZoneInfo:
        """Where its hours are local."""
        return self.calendar.zone

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Line":
        """From the columns of `queries.LINE`."""
        plain = {name: row[name] for name in _PLAIN}
        return cls(
            **plain,
            head_starts=HeadStarts.model_validate(row["head_starts"]),
            overflow_rules=tuple(OverflowRule.model_validate(rule) for rule in row["overflow_rules"]),
            callback_policy=CallbackPolicy.model_validate(row["callback_policy"]),
            calendar=calendar(row),
            drain=timedelta(minutes=row["drain_minutes"]),
        )


_PLAIN: Final = (
    "id", "organisation_id", "client_id", "name", "number", "time_zone", "calendar_id", "adapter_id", "mode",
    "distribution", "strategy", "required_skills", "preferred_skills", "relax_after_s", "max_waiting", "wrap_up_s",
    "offer_s", "emergency_targets", "duty_sectors", "web_address", "active", "open_told", "version",
)  # fmt: skip
