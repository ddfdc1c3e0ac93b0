"""Wire types of series."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.appointments.schemas import AppointmentOut, RequesterIn, VisitAddress, VisitMode
from appointments.messages.schemas import Channel
from appointments.series.domain import MOST, OnConflict
from appointments.slots.schemas import Slot
from maillage.wire import Instant, Note, Wire


class SeriesIn(Wire):
    """Visits of one patient and reason: `starts` (at most 52), or a first `start` and an `rrule` (RFC 5545 by day,
    week, month or year, with COUNT or UNTIL), at the same wall time on each day.

    `practitioner_ids`: in order of preference; none: any who is free. `on_conflict`, for a time that cannot be had:
    `skip` it, take the `nearest` free one (the same day, else up to 3 days around; those preferred first), or `fail`.
    `dry_run`: says what would be, and books nothing.
    """

    patient_id: UUID
    reason_id: UUID
    mode: VisitMode = "on_site"
    site_id: UUID
    practitioner_ids: Annotated[list[UUID], Field(max_length=10)] = Field(default_factory=list)
    start: Instant | None = None
    rrule: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    starts: Annotated[list[Instant], Field(max_length=MOST)] = Field(default_factory=list)
    on_conflict: OnConflict = "skip"
    dry_run: bool = False
    requester: RequesterIn | None = None
    place_id: UUID | None = None
    visit_address: VisitAddress | None = None
    call_id: UUID | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _starts_or_rule(self) -> Self:
        if (self.start is None) != (self.rrule is None) or bool(self.starts) == bool(self.rrule):
            raise PydanticCustomError("INVALID", "either starts, or start and rrule")
        if len(set(self.starts)) != len(self.starts):
            raise PydanticCustomError("INVALID", "a start twice")
        return self


class SeriesVisit(Wire):
    """A visit of the series. `wanted`: the time asked for, another than `start` when that could not be had.

    `appointment_id` is null in a dry run.
    """

    appointment_id: UUID | None
    wanted: Instant
    start: Instant
    end: Instant
    practitioner_id: UUID


class RefusedVisit(Wire):
    """A time that could not be had: the code of its refusal, and up to five other times."""

    start: Instant
    code: str
    alternatives: list[Slot]


class SeriesMade(Wire):
    """What came of a series. `id` is null in a dry run. `messages`: the channels of the one message for all visits."""

    id: UUID | None
    created: list[SeriesVisit]
    refused: list[RefusedVisit]
    messages: list[Channel]


class SeriesOut(Wire):
    """A series with its visits, by start, as they now are."""

    id: UUID
    patient_id: UUID
    reason_id: UUID
    rrule: str | None
    on_conflict: OnConflict
    created_at: Instant
    appointments: list[AppointmentOut]
