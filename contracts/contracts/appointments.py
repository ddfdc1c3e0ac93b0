"""Events of the appointments service (design: appointments, section 5)."""

import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.base import Event, Instant
from contracts.gateway import Identifier

AppointmentStatus = Literal["pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error"]


class Previous(BaseModel):
    """Where an appointment was before a move."""

    model_config = ConfigDict(frozen=True)

    start: Instant
    end: Instant
    practitioner_id: UUID


class AppointmentEvent(Event):
    """What all `appointment_*` events carry; `version` runs 1..n without a hole. No reason, no name, no phone."""

    SUBJECT = "appointment_id"
    READERS = ("appointments:appointment.read",)
    SELF = "practitioner_id"
    PARTNERS = True
    HREF = "/api/appointments/v1/appointments/{appointment_id}"

    appointment_id: UUID
    version: int
    patient_id: UUID
    practitioner_id: UUID
    rpps: str | None
    site_id: UUID
    site_finess: str | None
    start: Instant
    end: Instant
    mode: Literal["on_site", "teleconsultation", "home", "care_home"]
    unscheduled: bool
    status: AppointmentStatus
    channel: Literal["phone", "online", "desk", "partner", "sas"]
    call_id: UUID | None
    partner_id: UUID | None
    previous: Previous | None = None


class AppointmentBooked(AppointmentEvent):
    """A time was given to a patient. Telesecretariat: the outcome of the call `call_id`."""

    TYPE = "appointments.appointment_booked.v1"


class AppointmentMoved(AppointmentEvent):
    """Same appointment, other time or practitioner; `previous` says where it was."""

    TYPE = "appointments.appointment_moved.v1"


class AppointmentCancelled(AppointmentEvent):
    """Cancelled before it took place, or left unseen."""

    TYPE = "appointments.appointment_cancelled.v1"


class AppointmentArrived(AppointmentEvent):
    """The patient is at the reception."""

    TYPE = "appointments.appointment_arrived.v1"


class AppointmentFulfilled(AppointmentEvent):
    """The visit took place."""

    TYPE = "appointments.appointment_fulfilled.v1"


class AppointmentMissed(AppointmentEvent):
    """The patient did not come (FHIR `noshow`)."""

    TYPE = "appointments.appointment_missed.v1"


class AppointmentReopened(AppointmentEvent):
    """A last state set by mistake was taken back: booked again."""

    TYPE = "appointments.appointment_reopened.v1"


class AppointmentVoided(AppointmentEvent):
    """Keyed by mistake: it never was (FHIR `entered-in-error`)."""

    TYPE = "appointments.appointment_voided.v1"


class AvailabilityChanged(Event):
    """The free times of a practitioner at a site on a local day changed; the highest version wins."""

    TYPE = "appointments.availability_changed.v1"
    SUBJECT = "practitioner_id"
    READERS = ("appointments:slot.read",)
    PARTNERS = True
    HREF = "/api/appointments/v1/practitioners/{practitioner_id}"

    practitioner_id: UUID
    site_id: UUID
    local_date: datetime.date
    version: int


class ClinicInterval(BaseModel):
    """One stretch of work on a day; `kind` as in OpeningRule."""

    model_config = ConfigDict(frozen=True)

    start: Instant
    end: Instant
    kind: Literal["clinic", "unscheduled", "home_round", "walk_in", "admin"]


class ClinicHoursChanged(Event):
    """The whole set of a practitioner's hours on a local day; empty = none. The highest version wins."""

    TYPE = "appointments.clinic_hours_changed.v1"
    SUBJECT = "practitioner_id"
    READERS = ("appointments:slot.read",)

    practitioner_id: UUID
    rpps: str | None
    date: datetime.date
    intervals: list[ClinicInterval]
    version: int


class AbsenceChanged(Event):
    """A practitioner is away or no longer away. Never says why."""

    TYPE = "appointments.absence_changed.v1"
    SUBJECT = "absence_id"
    READERS = ("appointments:slot.read",)
    SELF = "practitioner_id"

    absence_id: UUID
    practitioner_id: UUID
    rpps: str | None
    start: Instant
    end: Instant
    active: bool


class PractitionerChanged(Event):
    """A practitioner's public identity and places of work. `fte`: 1.0 = 35 h a week."""

    TYPE = "appointments.practitioner_changed.v1"
    SUBJECT = "practitioner_id"
    READERS = ("appointments:slot.read",)
    PARTNERS = True
    HREF = "/api/appointments/v1/practitioners/{practitioner_id}"

    practitioner_id: UUID
    rpps: str | None
    profession: Literal["physician", "nurse"]
    display_name: str
    fte: float
    site_ids: list[UUID]
    active: bool
    version: int


class SiteChanged(Event):
    """A site's public identity."""

    TYPE = "appointments.site_changed.v1"
    SUBJECT = "site_id"
    READERS = ("appointments:slot.read",)
    PARTNERS = True
    HREF = "/api/appointments/v1/sites/{site_id}"

    site_id: UUID
    finess: str | None
    name: str
    insee_code: str | None
    timezone: str
    active: bool
    version: int


class SnpChanged(Event):
    """Unscheduled care (*soins non programmés*) of a site on a local half-day, cut at 13:00: how many times there are
    and how many of them are booked. The highest version wins.
    """

    TYPE = "appointments.snp_changed.v1"
    SUBJECT = "site_id"
    READERS = ("appointments:slot.read",)
    PARTNERS = True
    HREF = "/api/appointments/v1/sites/{site_id}"

    site_id: UUID
    date: datetime.date
    half: Literal["morning", "afternoon"]
    offered: int
    booked: int
    version: int


class RegulatorChanged(Event):
    """The account of a regulator, as the SAS keeps it: who may sign in as one, or no longer (interop 5.3).

    `identifiers` is the whole set, by which the person is known at the first sign-in; `organisation_id` the SAMU.
    """

    TYPE = "appointments.regulator_changed.v1"
    SUBJECT = "regulator_id"
    READERS = ("gateway:account.write",)

    regulator_id: UUID
    identifiers: list[Identifier]
    active: bool
    organisation_id: UUID


class PatientChanged(Event):
    """A file changed: identity, contacts, relations or their checks; screens read it again. Never says what."""

    TYPE = "appointments.patient_changed.v1"
    SUBJECT = "patient_id"
    READERS = ("appointments:patient.read",)

    patient_id: UUID
    version: int


class ReasonChanged(Event):
    """An entry of the catalogue of reasons was added or changed; screens read it again. Of no patient's visit, and by a
    name that no reason of a visit may have."""

    TYPE = "appointments.reason_changed.v1"
    SUBJECT = "entry_id"
    READERS = ("appointments:slot.read",)

    entry_id: UUID
    active: bool
    version: int


class PatientMerged(Event):
    """Two files are one: whatever speaks of `from_id` now speaks of `into_id`."""

    TYPE = "appointments.patient_merged.v1"
    SUBJECT = "into_id"
    READERS = ("appointments:patient.read",)

    from_id: UUID
    into_id: UUID


class PatientUnmerged(PatientMerged):
    """The merge was undone: what spoke of `from_id` before it does so again."""

    TYPE = "appointments.patient_unmerged.v1"


class CallNeeded(Event):
    """A patient must be called (design: appointments, section 5). Telesecretariat: a task of the same id."""

    TYPE = "appointments.call_needed.v1"
    SUBJECT = "call_need_id"
    READERS = ("appointments:appointment.read",)

    call_need_id: UUID
    patient_id: UUID
    cause: str
    ref_id: UUID | None
    due_at: Instant
    priority: int


class CallSettled(CallNeeded):
    """Nobody needs to call any more."""

    TYPE = "appointments.call_settled.v1"


class WaitingChanged(Event):
    """An entry of the waiting list changed state, or its offer did; screens read it again."""

    TYPE = "appointments.waiting_changed.v1"
    SUBJECT = "entry_id"
    READERS = ("appointments:appointment.write",)

    entry_id: UUID
    state: Literal["waiting", "offered", "booked", "withdrawn", "expired"]
    offer_id: UUID | None
    version: int


class CampaignChanged(Event):
    """A campaign or one of its items changed; screens read it again. Counts of its items by state."""

    TYPE = "appointments.campaign_changed.v1"
    SUBJECT = "campaign_id"
    READERS = ("appointments:schedule.write", "appointments:appointment.write")

    campaign_id: UUID
    state: Literal["draft", "sent", "closed"]
    todo: int
    proposed: int
    to_call: int
    moved: int
    cancelled: int
    kept: int
    version: int
