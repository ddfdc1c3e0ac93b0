"""Events of the permanence service (design: permanence, section 5) that other services follow. No name, no phone.

The service itself comes later; its consumers stand ready. `sectors` are those whose duty may have changed.
"""

import datetime
from uuid import UUID

from contracts.base import Event, Instant


class DutyEvent(Event):
    """What all events about who is on duty carry."""

    sectors: list[str]


class SchemeAdopted(DutyEvent):
    """A scheme of duty is in force from `effective_from` on; `patient_number` is the one to publish."""

    TYPE = "permanence.scheme_adopted.v1"
    SUBJECT = "scheme_id"

    scheme_id: UUID
    version: int
    effective_from: Instant
    patient_number: str


class RosterEvent(DutyEvent):
    """What the events of a roster's steps carry; it covers the local days `starts_on` to `ends_on`, both included."""

    SUBJECT = "roster_id"

    roster_id: UUID
    starts_on: datetime.date
    ends_on: datetime.date
    revision: int
    late: bool
    result: str | None
    gaps: int


class RosterSubmitted(RosterEvent):
    """The roster counts from here on."""

    TYPE = "permanence.roster_submitted.v1"


class RosterPublished(RosterEvent):
    """The roster is published."""

    TYPE = "permanence.roster_published.v1"


class RosterAmended(DutyEvent):
    """A published roster has a new revision."""

    TYPE = "permanence.roster_amended.v1"
    SUBJECT = "roster_id"

    roster_id: UUID
    revision: int
    cause: str
    slots: list[UUID]


class DutyReassigned(DutyEvent):
    """Somebody else takes a duty."""

    TYPE = "permanence.duty_reassigned.v1"
    SUBJECT = "slot_id"

    slot_id: UUID
    line: str
    starts_at: Instant
    ends_at: Instant
    from_rpps: str | None
    to_rpps: str | None
    revision: int


class GapOpened(DutyEvent):
    """Somebody is missing on duty; `fallback` says what holds instead."""

    TYPE = "permanence.gap_opened.v1"
    SUBJECT = "slot_id"

    slot_id: UUID
    starts_at: Instant
    ends_at: Instant
    missing: int
    reason: str
    fallback: str | None


class GapClosed(GapOpened):
    """Nobody is missing any more."""

    TYPE = "permanence.gap_closed.v1"


class RestWindowPublished(Event):
    """A doctor must rest: before a duty (amplitude), after it (rest). The highest revision wins; an older one changes
    nothing. Appointments: an absence that only this event's withdrawal lifts, and a draft campaign.
    """

    TYPE = "permanence.rest_window_published.v1"
    SUBJECT = "rest_window_id"

    rest_window_id: UUID
    rpps: str
    starts_at: Instant
    ends_at: Instant
    rule: str
    revision: int


class RestWindowWithdrawn(RestWindowPublished):
    """The rest is not owed any more: the duty went to somebody else."""

    TYPE = "permanence.rest_window_withdrawn.v1"
