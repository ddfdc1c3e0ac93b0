"""Wire types of manage links: what a patient sees of his appointments, after the birth date or a proved contact."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from maillage.wire import Wire

Outcome = Literal["open", "wrong", "locked"]


class Link(Wire):
    """A manage link as its bearer finds it: of an appointment, or of an offer of the waiting list. Until it is open for
    this visitor, it does not even say which.
    """

    open: bool
    appointment_id: UUID | None
    offer_id: UUID | None = None


class Answered(Wire):
    """What became of an answer to the birth-date question; `tries_left` before the link is locked."""

    outcome: Outcome
    tries_left: int


class Seen(Wire):
    """An appointment as its patient sees it. `reason` and `after` in both languages, English when there is one.

    `by_phone`: a teleconsultation that goes on by telephone, at `phone_called`, null when no number is known.
    """

    id: UUID
    organisation_id: UUID
    version: int
    status: str
    start: datetime
    end: datetime
    zone: str
    mode: str
    practitioner_id: UUID
    practitioner: str
    site_id: UUID
    site_code: str
    site: str
    address: str
    access: str
    by_phone: bool
    phone_called: str | None
    reason_id: UUID
    reason_code: str
    reason_fr: str
    reason_en: str
    after_fr: str
    after_en: str
    patient_id: UUID
    person: str
    language: str
    changed_at: datetime
