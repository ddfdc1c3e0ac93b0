"""Which appointments a caller reaches, beyond row-level security (which stands for organisations)."""

from uuid import UUID

from appointments.appointments import queries
from appointments.appointments.rows import Appointment
from appointments.callers import audience_of
from appointments.patients.service import reachable_ids
from maillage.database import Tx
from maillage.refusals import NotFound


async def people_of(tx: Tx) -> list[UUID] | None:
    """The patients to whom a caller from the public is limited; None: not limited by person."""
    return await reachable_ids(tx) if audience_of(tx.principal) == "public" else None


def booked_by_of(tx: Tx) -> str | None:
    """Regulators and partners see what they booked themselves; None: not limited by it."""
    return tx.principal.sub if audience_of(tx.principal) in ("regulator", "partner") else None


async def reached(tx: Tx, appointment_id: UUID, *, lock: bool = False, granted: UUID | None = None) -> Appointment:
    """One appointment. Refused: `NOT_FOUND`, also for one of somebody else. `granted`: what a manage link has
    opened.
    """
    row = await tx.fetchrow(queries.ROW_LOCKED if lock else queries.ROW, appointment_id)
    if row is None:
        raise NotFound
    appointment = Appointment.of(row)
    if granted is not None and granted == appointment_id:
        return appointment
    people = await people_of(tx)
    if people is not None and appointment.patient_id not in people:
        raise NotFound
    if booked_by_of(tx) not in (None, appointment.booked_by):
        raise NotFound
    return appointment
