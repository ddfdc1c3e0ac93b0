"""Wire types of calendars."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Line, Patch, Wire

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def _opens(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise PydanticCustomError("TIME_INVALID", "not a local time HH:MM")
    return value


def _closes(value: str) -> str:
    return value if value == "24:00" else _opens(value)


class Span(Wire):
    """Local times `HH:MM` of one day, `closes` not included; `24:00` is its end. A time that a clock change skips is
    left out of that day."""

    opens: Annotated[str, Field(max_length=5), AfterValidator(_opens)]
    closes: Annotated[str, Field(max_length=5), AfterValidator(_closes)]

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.opens >= self.closes:
            raise PydanticCustomError("TIME_INVALID", "it closes before it opens")
        return self


class WeeklySpan(Span):
    """The same, each week: 0 Monday to 6 Sunday."""

    weekday: Annotated[int, Field(ge=0, le=6)]


class ExceptionalDay(Wire):
    """The hours of one date instead of the week's and the holiday's; no range: closed. The reason is for the team."""

    date: Annotated[date, Field(ge=date(2020, 1, 1), le=date(2050, 12, 31))]
    ranges: Annotated[Sequence[Span], Field(max_length=10)] = ()
    reason: Line


Weekly = Annotated[Sequence[WeeklySpan], Field(max_length=70)]
Exceptions = Annotated[Sequence[ExceptionalDay], Field(max_length=400)]
HolidaySet = Literal["FR", "FR-AM"]
Drain = Annotated[int, Field(ge=0, le=120)]


class CalendarIn(Wire):
    """The hours of lines of a client's centre. `holiday_set`: closed on the holidays of France, or of Alsace-Moselle.
    `drain_minutes`: how long after closing those who waited are still served."""

    client_id: UUID
    name: Line
    weekly: Weekly
    holiday_set: HolidaySet = "FR"
    exceptions: Exceptions = ()
    drain_minutes: Drain = 15


class CalendarPatch(Patch):
    """What changes; a list replaces the whole of the former one."""

    name: Line | None = None
    weekly: Weekly | None = None
    holiday_set: HolidaySet | None = None
    exceptions: Exceptions | None = None
    drain_minutes: Drain | None = None


class CalendarOut(Wire):
    """A calendar, in its version."""

    id: UUID
    organisation_id: UUID
    name: str
    weekly: Sequence[WeeklySpan]
    holiday_set: HolidaySet
    exceptions: Sequence[ExceptionalDay]
    drain_minutes: int
    version: int
    created_at: datetime
