"""Bookings made during a call: the outcome of that call."""

from contracts.appointments import AppointmentBooked, AppointmentCancelled, AppointmentEvent, AppointmentMoved
from maillage.consumers import Envelope, on
from maillage.database import Tx
from telesecretariat.calls import queries


async def note_outcome(tx: Tx, event: AppointmentEvent, envelope: Envelope) -> None:
    """Remembers what became of the appointment of a call; one that no call led to is not this service's business."""
    if event.call_id is None:
        return
    await tx.execute(
        queries.PUT_APPOINTMENT,
        event.appointment_id,
        envelope.organisation_id,
        event.call_id,
        event.patient_id,
        event.status,
        event.start,
        envelope.event_id,
        event.version,
    )


CONSUMERS = [
    on(AppointmentBooked, note_outcome),
    on(AppointmentMoved, note_outcome),
    on(AppointmentCancelled, note_outcome),
]
