"""When the page of an appointment shows the way into the room of a teleconsultation."""

from datetime import datetime

from appointments.links.schemas import Seen
from appointments.teleconsultation import domain


def can_join(seen: Seen, now: datetime) -> bool:
    """Whether the button is shown: by video, expected, and the door open."""
    return _awaited(seen) and domain.patients_door(seen.start, now) == "open"


def joins_from(seen: Seen, now: datetime) -> datetime | None:
    """When the button will be there; None when it is, or never will be."""
    early = _awaited(seen) and domain.patients_door(seen.start, now) == "early"
    return seen.start - domain.PATIENT_BEFORE if early else None


def _awaited(seen: Seen) -> bool:
    return seen.mode == "teleconsultation" and not seen.by_phone and seen.status in ("booked", "arrived")
