"""An appointment as the use cases hold it: read from its row, told to others, shown to its readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from pydantic import JsonValue

from appointments.appointments.domain import Audience, Limits, Standing, Status
from appointments.appointments.schemas import AppointmentOut, ChangedOut, RequesterOut, VisitAddress, VisitMode
from appointments.callers import Channel
from appointments.times.service import limits_of
from contracts import appointments as events
from contracts.appointments import AppointmentEvent, Previous

Happening = Literal[
    "book", "confirm", "decline", "move", "cancel", "arrive", "fulfil", "miss", "leave", "reopen", "void", "by_phone"
]
# A confirmed request is a booking; what ends without a visit is a cancellation; a visit that goes over to the telephone
# is moved, though not in time.
EVENTS: dict[Happening, type[AppointmentEvent]] = {
    "book": events.AppointmentBooked,
    "confirm": events.AppointmentBooked,
    "decline": events.AppointmentCancelled,
    "move": events.AppointmentMoved,
    "cancel": events.AppointmentCancelled,
    "arrive": events.AppointmentArrived,
    "fulfil": events.AppointmentFulfilled,
    "miss": events.AppointmentMissed,
    "leave": events.AppointmentCancelled,
    "reopen": events.AppointmentReopened,
    "void": events.AppointmentVoided,
    "by_phone": events.AppointmentMoved,
}


HIDDEN_FROM_PUBLIC = frozenset({"booked_by", "requester", "overbook_reason", "note", "conflict", "protocol_until"})


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment with what its site, practitioner and organisation say of it."""

    id: UUID
    organisation_id: UUID
    patient_id: UUID
    reason_id: UUID
    mode: VisitMode
    schedule_id: UUID
    practitioner_id: UUID
    site_id: UUID
    place_id: UUID | None
    resource_ids: list[UUID]
    start: datetime
    end: datetime
    occupied_until: datetime
    status: Status
    version: int
    audience: Audience
    channel: Channel
    booked_by: str
    call_id: UUID | None
    requester: Mapping[str, JsonValue] | None
    overbooked: bool
    overbook_reason: str | None
    late: bool
    excused: bool
    cancel_reason: str | None
    conflict: str | None
    note: str | None
    language: Literal["fr", "en"]
    partner_id: UUID | None
    created_at: datetime
    changed_at: datetime
    series_id: UUID | None
    protocol_id: UUID | None
    delegating_physician_id: UUID | None
    protocol_until: date | None
    timezone: str
    finess: str | None
    rpps: str | None
    unscheduled: bool
    settings: Mapping[str, int]
    phone: str | None
    visit_address: Mapping[str, JsonValue] | None = None
    walk_in: bool = False
    by_phone: bool = False

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Appointment":
        """From a row of ROW: its columns have the names of these fields."""
        return cls(**dict(row))

    @property
    def limits(self) -> Limits:
        """The parameters of its centre."""
        return limits_of(self.settings)

    @property
    def standing(self) -> Standing:
        """As the state machine sees it."""
        return Standing(self.status, self.start, self.end, self.changed_at, self.timezone)

    @property
    def visit(self) -> "asyncpg.Range[datetime]":
        """From start to end, buffer left out."""
        return asyncpg.Range(self.start, self.end)

    @property
    def span(self) -> "asyncpg.Range[datetime]":
        """What it keeps busy, buffer included."""
        return asyncpg.Range(self.start, self.occupied_until)

    def previous(self) -> Previous:
        """Where it is now, for the event of a move."""
        return Previous(start=self.start, end=self.end, practitioner_id=self.practitioner_id)

    def event(self, happening: Happening, previous: Previous | None = None) -> AppointmentEvent:
        """What the others are told: identifiers and times, no name, phone or reason."""
        return EVENTS[happening](
            appointment_id=self.id,
            version=self.version,
            patient_id=self.patient_id,
            practitioner_id=self.practitioner_id,
            rpps=self.rpps,
            site_id=self.site_id,
            site_finess=self.finess,
            start=self.start,
            end=self.end,
            mode=self.mode,
            unscheduled=self.unscheduled,
            status=self.status,
            channel=self.channel,
            call_id=self.call_id,
            partner_id=self.partner_id,
            previous=previous,
        )

    def out(self, audience: Audience) -> AppointmentOut:
        """For a reader: the public sees neither notes nor who booked."""
        return AppointmentOut.model_validate(self._fields(audience))

    def changed_out(self, audience: Audience, messages: list[str]) -> ChangedOut:
        """The same, with the channels on which the patient is told."""
        return ChangedOut.model_validate({**self._fields(audience), "messages": messages})

    def _fields(self, audience: Audience) -> dict[str, object]:
        zone, public = ZoneInfo(self.timezone), audience == "public"
        hidden = HIDDEN_FROM_PUBLIC if public else frozenset()
        fields = {name: None if name in hidden else getattr(self, name, None) for name in AppointmentOut.model_fields}
        return fields | {
            "start": self.start.astimezone(zone),
            "end": self.end.astimezone(zone),
            "late_after": (self.start - self.limits.late_after).astimezone(zone),
            "move_until": (self.start - self.limits.move_until).astimezone(zone),
            "visit_address": self._address(audience),
            "requester": RequesterOut.model_validate(self.requester) if self.requester and not public else None,
        }

    def _address(self, audience: Audience) -> VisitAddress | None:
        """Where somebody lives is for who goes there, who plans it, and himself."""
        known = self.visit_address and audience in ("secretariat", "public")
        return VisitAddress.model_validate(self.visit_address) if known else None
