"""Wire types of rounds."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.appointments.domain import Status
from appointments.appointments.schemas import ChangedOut
from appointments.schedules.schemas import LocalDate
from maillage.wire import Instant, Note, Wire


class WhereOut(Wire):
    """Where a stop is: a care home with its name, or somebody's address; `access`: floor, door code."""

    place: str | None
    line: str | None
    postal_code: str | None
    city: str | None
    access: str | None


class StopOut(Wire):
    """One visit of a round. `phone`: whom to call ahead. `window_start` and `window_end` are null when the visit lies
    in no window any more.
    """

    rank: int
    appointment_id: UUID
    version: int
    status: Status
    mode: Literal["home", "care_home"]
    start: Instant
    end: Instant
    patient_id: UUID
    display_name: str
    phone: str | None
    where: WhereOut
    window_start: Instant | None
    window_end: Instant | None


class RoundOut(Wire):
    """A practitioner's visits outside the centre of one local day, in order of their start; those after midnight belong
    to the day on which their window begins. `version`: what an order must name.
    """

    practitioner_id: UUID
    practitioner: str
    day: LocalDate
    version: int
    stops: Sequence[StopOut]


class ReorderIn(Wire):
    """The wished order of the visits of one window that are still to come, each named once; `version` of the round."""

    practitioner_id: UUID
    day: LocalDate
    appointment_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=60)]
    version: int

    @model_validator(mode="after")
    def _each_once(self) -> "ReorderIn":
        if len(set(self.appointment_ids)) < len(self.appointment_ids):
            raise PydanticCustomError("INVALID", "a visit is named twice")
        return self


class CareHomeIn(Wire):
    """Several residents of one care home, visited one after the other. `not_before`: the earliest start, if any."""

    place_id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    day: LocalDate
    patients: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=40)]
    not_before: Instant | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _each_once(self) -> "CareHomeIn":
        if len(set(self.patients)) < len(self.patients):
            raise PydanticCustomError("INVALID", "a patient is named twice")
        return self


class CareHomeOut(Wire):
    """The visits that were booked, in the order of the patients asked for."""

    items: Sequence[ChangedOut]
