"""Wire types of the agenda."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from appointments.appointments.schemas import AppointmentOut
from maillage.wire import Instant, Wire


class Span(Wire):
    """A stretch of time, its end left out."""

    start: Instant
    end: Instant


class OpeningOut(Wire):
    """A window of an agenda on a local day. `free`: what can still be given; `closed`: what an absence, a closure or a
    rest takes from it, never saying which. Empty `reason_ids`: all of the profession.
    """

    schedule_id: UUID
    practitioner_id: UUID
    site_id: UUID
    local_date: date
    start: Instant
    end: Instant
    kind: Literal["clinic", "unscheduled", "home_round", "walk_in", "admin"]
    reason_ids: Sequence[UUID]
    modes: Sequence[Literal["on_site", "teleconsultation", "home", "care_home"]]
    step_minutes: int | None
    free: Sequence[Span]
    closed: Sequence[Span]


class VisitOut(AppointmentOut):
    """An appointment with who comes."""

    patient_name: str
    birth_date: date


class HeldOut(Wire):
    """A time that is kept for somebody until `expires_at`, not an appointment yet."""

    id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    start: Instant
    end: Instant
    expires_at: Instant
    call_id: UUID | None


class AgendaOut(Wire):
    """Some local days of a centre: windows, appointments that are not cancelled, and holds, each by start."""

    day: date
    days: int
    openings: Sequence[OpeningOut]
    visits: Sequence[VisitOut]
    holds: Sequence[HeldOut]
