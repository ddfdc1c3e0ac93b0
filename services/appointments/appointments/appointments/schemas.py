"""Wire types of appointments. Audience, organisation and status are derived, never sent."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from appointments.appointments.domain import Audience, Status
from appointments.callers import Channel
from appointments.directory.fields import PostalCode
from appointments.patients.schemas import IdentityIn
from maillage.wire import Instant, Line, Note, Phone, Wire

VisitMode = Literal["on_site", "teleconsultation", "home", "care_home"]
RequesterKind = Literal["self", "parent", "guardian", "carer", "spouse", "professional", "other"]
_SLOT = ("reason_id", "site_id", "start")


class RequesterIn(Wire):
    """Who asked for the visit, when it is not the patient. Phone in E.164."""

    kind: RequesterKind
    patient_id: UUID | None = None
    name: Line | None = None
    phone: Phone | None = None


class VisitAddress(Wire):
    """Where a home visit is. Of the visit, not of the person: people stay with their family.

    `access`: floor, door code.
    """

    line: Line
    postal_code: PostalCode
    city: Line
    access: Note | None = None


class BookIn(Wire):
    """A booking: a time, or the hold that keeps one; and a patient, or the identity of one.

    A time is `reason_id`, `site_id`, `start` (a multiple of 5 minutes), `mode` (on_site) and `practitioner_id` (left
    out: any who
    is free); `first_visit` asks for the longer time of a first visit. `overbook` with its `overbook_reason` books
    over another visit. `place_id`: where a care-home visit is. `visit_address`: where a home visit is, unless at a
    place.
    """

    hold_id: UUID | None = None
    reason_id: UUID | None = None
    mode: VisitMode = "on_site"
    site_id: UUID | None = None
    practitioner_id: UUID | None = None
    start: Instant | None = None
    first_visit: bool = False
    patient_id: UUID | None = None
    identity: IdentityIn | None = None
    requester: RequesterIn | None = None
    place_id: UUID | None = None
    visit_address: VisitAddress | None = None
    call_id: UUID | None = None
    overbook: bool = False
    overbook_reason: Note | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _one_time_and_one_person(self) -> "BookIn":
        given = [name for name in _SLOT if getattr(self, name) is not None]
        if len(given) != (0 if self.hold_id else len(_SLOT)):
            raise PydanticCustomError("INVALID", "either hold_id, or reason_id, site_id and start")
        if (self.patient_id is None) == (self.identity is None):
            raise PydanticCustomError("INVALID", "either patient_id or identity")
        return self

    @property
    def forced(self) -> bool:
        """Whether an overbooking is asked for."""
        return self.overbook or self.overbook_reason is not None


class MoveIn(Wire):
    """The new time. Left out, site, practitioner and address stay; `any_practitioner`: whoever is free there. `tell`:
    false when the patient has just heard of it (before you, on the phone): only reminders go out. For professionals.
    """

    start: Instant
    site_id: UUID | None = None
    practitioner_id: UUID | None = None
    any_practitioner: bool = False
    visit_address: VisitAddress | None = None
    overbook: bool = False
    overbook_reason: Note | None = None
    reason: Note | None = None
    tell: bool = True

    @property
    def forced(self) -> bool:
        """Whether an overbooking is asked for."""
        return self.overbook or self.overbook_reason is not None


class ActIn(Wire):
    """Why, in words for the file; required to void."""

    reason: Note | None = None


class MissIn(ActIn):
    """`excused`: does not count among the misses that close online booking."""

    excused: bool = False


class RequesterOut(Wire):
    """Who asked for the visit."""

    kind: RequesterKind
    patient_id: UUID | None = None
    name: str | None = None
    phone: str | None = None


class AppointmentOut(Wire):
    """An appointment. Patients see neither notes nor who booked: those fields are null for them.

    `late_after`: a cancellation after it counts as late. `move_until`: patients move on their own before it.
    `conflict`: why the
    time is no longer open (absence, closure, schedule, protocol), null when it is; with `protocol`,
    `protocol_until` is the last day that the protocol covers for this nurse. `delegating_physician_id`: under whose
    delegation a visit of a protocol is given.
    """

    id: UUID
    status: Status
    version: int
    patient_id: UUID
    reason_id: UUID
    mode: VisitMode
    practitioner_id: UUID
    site_id: UUID
    place_id: UUID | None
    visit_address: VisitAddress | None
    walk_in: bool
    by_phone: bool
    start: Instant
    end: Instant
    late_after: Instant
    move_until: Instant
    late: bool
    excused: bool
    conflict: str | None
    channel: Channel
    audience: Audience
    call_id: UUID | None
    booked_by: str | None
    requester: RequesterOut | None
    overbooked: bool
    overbook_reason: str | None
    cancel_reason: str | None
    series_id: UUID | None
    protocol_id: UUID | None
    delegating_physician_id: UUID | None
    protocol_until: date | None
    note: str | None
    created_at: Instant
    changed_at: Instant


class ChangedOut(AppointmentOut):
    """An appointment after a change. `messages`: the channels on which the patient will be told of it."""

    messages: Sequence[Literal["sms", "voice", "email"]] = ()


class ChangeOut(Wire):
    """One entry of an appointment's history. `by` is null for patients."""

    version: int
    event: str
    status: Status
    start: Instant
    end: Instant
    practitioner_id: UUID
    by: str | None
    role: str | None
    reason: str | None
    at: Instant
    delegating_physician_id: UUID | None


class HistoryOut(Wire):
    """All that happened to an appointment, oldest first: versions 1..n without a hole."""

    items: Sequence[ChangeOut]
