"""Wire types of visits without an appointment."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from appointments.appointments.schemas import AppointmentOut
from appointments.patients.schemas import IdentityIn
from maillage.wire import Instant, Note, Wire

WalkInState = Literal["waiting", "seen", "left"]


class WalkInIn(Wire):
    """Who is at the desk, for what, where. Without `practitioner_id`: whoever can see him first."""

    patient_id: UUID | None = None
    identity: IdentityIn | None = None
    reason_id: UUID
    site_id: UUID
    practitioner_id: UUID | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _one_person(self) -> "WalkInIn":
        if (self.patient_id is None) == (self.identity is None):
            raise PydanticCustomError("INVALID", "either patient_id or identity")
        return self


class WalkInOut(AppointmentOut):
    """The place that was found; `rank`: the how-many-eth of the day at this site."""

    rank: int


class Waiting(Wire):
    """One line of the queue. `rank`: order of arrival of the day. `estimated_at`: the planned start, for who is being
    seen is not known; null once seen or gone.
    """

    rank: int
    state: WalkInState
    appointment_id: UUID
    version: int
    patient_id: UUID
    display_name: str
    practitioner_id: UUID
    arrived_at: Instant
    estimated_at: Instant | None


class QueueOut(Wire):
    """Who came without an appointment on a day, by order of arrival, a page at a time; counts are of the whole day."""

    items: Sequence[Waiting]
    waiting: int
    seen: int
    left: int
    next_cursor: str | None
