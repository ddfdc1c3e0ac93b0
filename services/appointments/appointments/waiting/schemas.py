"""Wire types of the waiting list. Audience and organisation are derived, never sent."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.appointments.schemas import RequesterIn, VisitMode
from appointments.directory.parameters import LocalTime
from appointments.schedules.schemas import LocalDate
from maillage.wire import Instant, Wire

EntryState = Literal["waiting", "offered", "booked", "withdrawn", "expired"]
OfferState = Literal["sent", "accepted", "declined", "expired", "void"]
Weekday = Annotated[int, Field(ge=1, le=7)]
LONGEST = timedelta(days=366)


class EntryIn(Wire):
    """What somebody waits for. Empty lists: any. Dates are local days, both included, at most a year apart.

    `weekdays` as ISO numbers (Monday 1); the visit begins not before `local_from` and is over by `local_to`;
    `min_notice_minutes`: how long before the start he must know. `priority` 0 to 9, 9 first, by professionals only.
    `linked_appointment_id`: a later appointment of the same person and reason, which an accepted offer moves.
    """

    patient_id: UUID
    reason_id: UUID
    modes: Annotated[tuple[VisitMode, ...], Field(min_length=1, max_length=4)] = ("on_site",)
    site_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    practitioner_ids: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    from_date: LocalDate
    to_date: LocalDate
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    local_from: LocalTime | None = None
    local_to: LocalTime | None = None
    min_notice_minutes: Annotated[int, Field(ge=0, le=43_200)] = 0
    priority: Annotated[int, Field(ge=0, le=9)] | None = None
    linked_appointment_id: UUID | None = None
    requester: RequesterIn | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "EntryIn":
        if not self.from_date <= self.to_date <= self.from_date + LONGEST:
            raise PydanticCustomError("TIME_INVALID", "to_date lies before from_date, or over a year after it")
        if self.local_from is not None and self.local_to is not None and self.local_from >= self.local_to:
            raise PydanticCustomError("TIME_INVALID", "local_to is not after local_from")
        return self


class OfferOut(Wire):
    """A time offered to one person and held for him until `expires_at`."""

    id: UUID
    state: OfferState
    practitioner_id: UUID
    site_id: UUID
    mode: VisitMode
    start: Instant
    end: Instant
    expires_at: Instant


class EntryOut(Wire):
    """Somebody who waits. `rank`: his place among those who compete for the same times, 1 first, null when he waits no
    more. `offer`: the live one. `booked_meanwhile`: another appointment of the same person and reason on these days.
    """

    id: UUID
    state: EntryState
    version: int
    patient_id: UUID
    reason_id: UUID
    modes: Sequence[VisitMode]
    site_ids: Sequence[UUID]
    practitioner_ids: Sequence[UUID]
    from_date: date
    to_date: date
    weekdays: Sequence[int]
    local_from: LocalTime | None
    local_to: LocalTime | None
    min_notice_minutes: int
    priority: int
    linked_appointment_id: UUID | None
    booked_meanwhile: UUID | None
    offers_sent: int
    offer: OfferOut | None
    rank: int | None
    created_at: Instant


class OfferSeen(Wire):
    """An offer as who waits sees it, after his birth date. `moves`: accepting moves an appointment he has already;
    `waits`: he is still on the list. An offer whose time to answer is over is `expired`, whatever the worker has done.
    """

    id: UUID
    entry_id: UUID
    state: OfferState
    expires_at: Instant
    start: Instant
    end: Instant
    mode: VisitMode
    practitioner: str
    site: str
    address: str
    access: str
    reason_fr: str
    reason_en: str
    person: str
    moves: bool
    waits: bool
