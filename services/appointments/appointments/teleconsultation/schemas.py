"""Wire types of teleconsultations."""

from uuid import UUID

from maillage.wire import Instant, Note, Wire


class RoomOut(Wire):
    """Where the practitioner joins. `patient_seen_at`: since when the patient has been sent to the room, if he has."""

    appointment_id: UUID
    host_url: str
    patient_seen_at: Instant | None


class ByPhoneIn(Wire):
    """Why the visit goes on by telephone, in words for the file."""

    reason: Note
