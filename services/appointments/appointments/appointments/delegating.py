"""Which protocol a visit stands under, and who delegates it: written behind the booking, for the few it concerns."""

from dataclasses import replace

from appointments.appointments.domain import local_date
from appointments.appointments.rows import Appointment
from appointments.protocols import delegation
from appointments.protocols.delegation import Granted
from maillage.database import Tx


async def standing(tx: Tx, appointment: Appointment) -> Granted | None:
    """What the protocol of the visit lets nurses do on its day. Refused: `PROTOCOL_NOT_VALID`."""
    if appointment.protocol_id is None:
        return None
    day = local_date(appointment.start, appointment.timezone)
    return await delegation.granted(tx, appointment.protocol_id, day, appointment.practitioner_id)


async def delegated(tx: Tx, appointment: Appointment, protocol: Granted | None) -> Appointment:
    """The appointment just booked or moved, with its protocol and the physician who delegates it that day."""
    if protocol is None:
        return replace(appointment, protocol_until=None)
    physician = await delegation.delegate(
        tx, appointment.id, appointment.version, protocol, appointment.patient_id, appointment.site_id
    )
    return replace(
        appointment, protocol_id=protocol.protocol_id, delegating_physician_id=physician, protocol_until=None
    )
