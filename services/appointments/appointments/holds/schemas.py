"""Wire types of holds."""

from typing import Literal
from uuid import UUID

from appointments.appointments.schemas import VisitMode
from maillage.wire import Instant, Wire

HoldState = Literal["held", "identified", "confirmed", "lapsed", "released"]


class HoldIn(Wire):
    """A time to keep. Without `practitioner_id`, any who is free: the least booked of the day.

    `start` is a multiple of 5 minutes in the future; `call_id` is the phone call during which it is kept;
    `first_visit` asks for the longer time that the reason gives to those who come for the first time.
    """

    reason_id: UUID
    mode: VisitMode = "on_site"
    site_id: UUID
    practitioner_id: UUID | None = None
    start: Instant
    first_visit: bool = False
    call_id: UUID | None = None


class HoldOut(Wire):
    """A time that nobody else can have until `expires_at`."""

    id: UUID
    state: HoldState
    reason_id: UUID
    mode: VisitMode
    site_id: UUID
    practitioner_id: UUID
    start: Instant
    end: Instant
    expires_at: Instant
    extensions_left: int
    appointment_id: UUID | None
    call_id: UUID | None
    version: int
