"""Bookings made during a call: the outcome of that call."""

from contracts.appointments import AppointmentBooked, AppointmentCancelled, AppointmentEvent, AppointmentMoved
from maillage.consumers import Envelope, on
from maillage.database import Tx
from maillage.refusals import NotFound
from telesecretariat.calls import outcomes, queries
from telesecretariat.calls.changing import happen, locked


async def note_outcome(tx: Tx, event: AppointmentEvent, envelope: Envelope) -> None:
    """Remembers what became of the appointment of a call, which is its outcome if nobody said another. An appointment
    that no call led to is not this service's business."""
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
    await _prefill(tx, event, envelope)


async def _prefill(tx: Tx, event: AppointmentEvent, envelope: Envelope) -> None:
    assert event.call_id is not None
    try:
        call = await locked(tx, event.call_id)
    except NotFound:
        return
    nobody_said = call.outcome in (None, outcomes.UNCLASSIFIED) or call.outcome_by == "booking"
    if call.organisation_id != envelope.organisation_id or not nobody_said:
        return
    outcome = await outcomes.of_bookings(tx, call)
    patient_id = call.patient_id or event.patient_id
    if (outcome, patient_id) != (call.outcome, call.patient_id):
        await happen(
            tx,
            call,
            "booking_noted",
            {"outcome": outcome},
            outcome=outcome,
            outcome_by="booking",
            patient_id=patient_id,
        )


CONSUMERS = [
    on(AppointmentBooked, note_outcome),
    on(AppointmentMoved, note_outcome),
    on(AppointmentCancelled, note_outcome),
]
