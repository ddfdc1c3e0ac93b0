"""What messages are planned from: a version of an appointment, a proposal of a campaign, an offer of a freed time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Self
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from appointments.appointments.domain import Audience
from appointments.appointments.rows import Appointment
from appointments.directory.parameters import Parameters
from appointments.directory.parameters import Reminder as ReminderParameter
from appointments.messages.domain import Reminder, Rhythm
from appointments.messages.schemas import Kind

_DEFAULTS = Parameters()


@dataclass(frozen=True, slots=True)
class ProposalToTell:
    """An item of a campaign that now has a proposal, `number` its round from 1. The item is already written with its
    hold: the text is made from the rows when it leaves.
    """

    item_id: UUID
    number: int
    appointment_id: UUID


@dataclass(frozen=True, slots=True)
class OfferToTell:
    """An offer of the waiting list, already written with its entry and its hold."""

    offer_id: UUID


@dataclass(frozen=True, slots=True)
class Told:
    """What a message is about, and to whose language, clock and centre it belongs. `appointment_id` none: an offer."""

    appointment_id: UUID | None
    version: int
    organisation_id: UUID
    patient_id: UUID
    reason_id: UUID
    language: str
    requester: Mapping[str, JsonValue] | None
    audience: Audience
    status: str
    start: datetime
    timezone: str
    settings: Mapping[str, object]

    @classmethod
    def of(cls, appointment: Appointment) -> Self:
        """This version of an appointment."""
        return cls(
            appointment.id,
            appointment.version,
            appointment.organisation_id,
            appointment.patient_id,
            appointment.reason_id,
            appointment.language,
            appointment.requester,
            appointment.audience,
            appointment.status,
            appointment.start,
            appointment.timezone,
            appointment.settings,
        )

    @classmethod
    def read(cls, row: asyncpg.Record) -> Self:
        """From a row whose columns have the names of these fields."""
        return cls(**dict(row))

    @property
    def rhythm(self) -> Rhythm:
        """The parameters of its centre."""
        return rhythm_of(self.settings)


@dataclass(frozen=True, slots=True)
class What:
    """What is to be said: `kind` (none: reminders only), when an SMS or a call may go; beside the appointment the
    offer, item or series and the `number` of its round. What was planned for versions before `drops` is dropped.
    """

    kind: Kind | None
    spoken_at: datetime
    ref_id: UUID | None = None
    number: int = 0
    drops: int = 0
    reminds: bool = False
    tried: Sequence[str] = ()


def rhythm_of(settings: Mapping[str, object]) -> Rhythm:
    """An organisation's reminders and quiet hours, defaults filled in."""
    if settings.keys().isdisjoint(("reminders", "quiet_from", "quiet_to")):
        return _USUAL
    return Rhythm(
        reminders=_reminders(settings.get("reminders")),
        quiet_from=_wall(settings.get("quiet_from"), _DEFAULTS.quiet_from),
        quiet_to=_wall(settings.get("quiet_to"), _DEFAULTS.quiet_to),
    )


def _reminders(stored: object) -> Sequence[Reminder]:
    chosen = [ReminderParameter.model_validate(each) for each in stored] if isinstance(stored, list) else None
    wanted = _DEFAULTS.reminders if chosen is None else chosen
    return [Reminder(each.channel, each.days_before, each.local_time) for each in wanted]


def _wall(stored: object, default: time) -> time:
    return time.fromisoformat(stored) if isinstance(stored, str) else default


_USUAL = Rhythm(_reminders(None), _DEFAULTS.quiet_from, _DEFAULTS.quiet_to)
