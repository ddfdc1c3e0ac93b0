"""What campaigns make of what happens to appointments, by whomever."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from appointments.appointments.rows import Appointment, Happening
from maillage.database import Tx

Cause = Literal["absence", "closure", "rest", "schedule", "protocol", "other"]


async def follow(tx: Tx, appointment: Appointment, happening: Happening) -> None:
    """An appointment of a live item was moved, cancelled, seen …: its item is settled, its hold and call given up."""


async def draft(
    tx: Tx,
    cause: Cause,
    cause_id: UUID | None,
    organisation_id: UUID,
    *,
    practitioner_id: UUID | None = None,
    site_id: UUID | None = None,
    start: datetime,
    end: datetime,
) -> UUID | None:
    """A draft campaign over the appointments in conflict there, or None when none is hit. Proposes nothing yet."""
    return None
