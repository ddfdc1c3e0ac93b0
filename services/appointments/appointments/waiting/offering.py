"""A freed time goes to who waits longest, not to who looks first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appointments.appointments.rows import Appointment, Happening
from maillage.database import Tx


@dataclass(frozen=True, slots=True)
class Freed:
    """A time that became free: whose, where, from when until when (buffer included), by which appointment."""

    organisation_id: UUID
    schedule_id: UUID
    practitioner_id: UUID
    site_id: UUID
    start: datetime
    end: datetime
    cause_id: UUID

    @classmethod
    def of(cls, was: Appointment) -> "Freed":
        """What this appointment has just given back."""
        return cls(
            was.organisation_id,
            was.schedule_id,
            was.practitioner_id,
            was.site_id,
            was.start,
            was.occupied_until,
            was.id,
        )


async def freed(tx: Tx, time: Freed) -> None:
    """Offers a time that was just given back, in the same transaction, so that nobody is quicker than who waits."""


async def follow(tx: Tx, appointment: Appointment, happening: Happening) -> None:
    """An appointment changed otherwise than by its booking: what the waiting list makes of it (a linked one that is
    gone is no longer moved).
    """
