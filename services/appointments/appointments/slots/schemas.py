"""Wire types of free times."""

import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from appointments.schedules.schemas import LocalTime, Mode
from maillage.wire import Instant, Wire

Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""An id, or the code that the organisation gave."""


class SlotsAsked(Wire):
    """What is looked for. `after`, `before`: local hours of the day. `first_visit`: the patient has never come, the
    visit is longer.
    """

    reason: Name
    mode: Mode | None = None
    site: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    practitioner: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    start: Instant | None = None
    end: Instant | None = None
    after: LocalTime | None = None
    before: LocalTime | None = None
    first_visit: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    cursor: Annotated[str, Field(max_length=1024)] | None = None


class Slot(Wire):
    """A free time at a site, and the practitioners who can give it, the least booked of the day first."""

    start: Instant
    end: Instant
    mode: Mode
    site_id: UUID
    practitioners: list[UUID]


class Day(Wire):
    """A local day on which there is at least one free time; `times` counts starts by site and mode."""

    date: datetime.date
    times: int


class Days(Wire):
    """Days in order."""

    items: list[Day]
    next_cursor: None = None


class Wish(Wire):
    """The time that could not be had, to look for others like it."""

    reason_id: UUID
    mode: Literal["on_site", "teleconsultation", "home", "care_home"]
    site_id: UUID
    start: Instant
    practitioner_id: UUID | None = None
    first_visit: bool = False
