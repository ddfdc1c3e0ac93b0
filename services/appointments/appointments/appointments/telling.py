"""What every change of an appointment leaves behind: event, audit, and what the patient is told. In its transaction."""

from collections.abc import Mapping

from appointments.appointments.domain import Audience
from appointments.appointments.rows import Appointment, Happening
from appointments.appointments.schemas import ChangedOut
from appointments.campaigns import following as campaigns
from appointments.messages import service as messages
from appointments.messages.schemas import Channel, Kind
from appointments.waiting import offering as waiting
from contracts.appointments import Previous
from maillage.database import Tx

# The desk sees the other happenings with its own eyes, or they never were. Who takes a cancellation back has the
# patient before him or on the phone: only the reminders are planned again; what ends without a word has none left.
MESSAGES: Mapping[Happening, Kind | None] = {
    "book": "confirmation",
    "confirm": "confirmation",
    "decline": "cancelled",
    "move": "moved",
    "cancel": "cancelled",
    "reopen": None,
    "by_phone": None,
    "leave": None,
    "void": None,
}


async def tell(
    tx: Tx,
    appointment: Appointment,
    happening: Happening,
    audience: Audience,
    previous: Previous | None = None,
    *,
    silent: bool = False,
    **facts: str | int | bool | None,
) -> ChangedOut:
    """Event, audit, what hung on it, messages (only reminders if `silent`); answers as the caller may see it."""
    tx.emit(appointment.event(happening, previous), appointment.organisation_id)
    tx.audit(
        f"appointment.{happening}",
        "appointment",
        appointment.id,
        appointment.organisation_id,
        version=appointment.version,
        status=appointment.status,
        **facts,
    )
    if happening != "book":  # the most frequent act asks nothing more of the base
        await campaigns.follow(tx, appointment, happening)
        await waiting.follow(tx, appointment, happening)
    planned: list[Channel] = []
    if happening in MESSAGES:
        planned = await messages.plan(tx, appointment, None if silent else MESSAGES[happening])
    return appointment.changed_out(audience, list(planned))
