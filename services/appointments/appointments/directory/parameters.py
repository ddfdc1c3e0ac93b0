"""The typed parameters of an organisation (design: appointments, section 10), kept in `organisation.settings`.

Only what differs from these defaults is stored, so that a better default reaches everyone who has not chosen otherwise.
"""

from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Wire

Audience = Literal["public", "secretariat", "partner", "regulator", "cpts"]
DocumentKind = Literal["identity_card", "passport", "residence_permit", "family_book", "birth_certificate"]


def _local_time(value: object) -> object:
    """`HH:MM` only: pydantic would also read a number of seconds, or an hour with an offset."""
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, str) and len(value) == 5 and value[2] == ":" and value.isascii():
        return value
    raise PydanticCustomError("TIME_INVALID", "not a local time HH:MM")


LocalTime = Annotated[
    time,
    BeforeValidator(_local_time),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str, when_used="json"),
]


class OpenHours(Wire):
    """Hours of the public line on one weekday (ISO: Monday 1), local time. Closed on public holidays."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    start: LocalTime
    end: LocalTime

    @model_validator(mode="after")
    def _in_order(self) -> "OpenHours":
        if self.start >= self.end:
            raise PydanticCustomError("TIME_INVALID", "the end is not after the start")
        return self


class Release(Wire):
    """From when an audience may book: `days_before` the day of the visit at `local_time`."""

    audience: Audience
    days_before: Annotated[int, Field(ge=0, le=60)]
    local_time: LocalTime


class Reminder(Wire):
    """A reminder of an appointment: `days_before` it at `local_time`."""

    channel: Literal["sms", "voice", "email"]
    days_before: Annotated[int, Field(ge=0, le=30)]
    local_time: LocalTime


def _weekdays_8_to_20_saturday_8_to_12() -> list[OpenHours]:
    week = [OpenHours(weekday=day, start=time(8), end=time(20)) for day in range(1, 6)]
    return [*week, OpenHours(weekday=6, start=time(8), end=time(12))]


def _reminders() -> list[Reminder]:
    return [
        Reminder(channel="email", days_before=7, local_time=time(10)),
        Reminder(channel="email", days_before=1, local_time=time(10)),
        Reminder(channel="sms", days_before=2, local_time=time(10)),
    ]


def _documents() -> list[DocumentKind]:
    return ["identity_card", "passport", "residence_permit"]


def _releases() -> list[Release]:
    return [
        Release(audience="regulator", days_before=2, local_time=time(0)),
        Release(audience="public", days_before=0, local_time=time(10)),
    ]


class Parameters(Wire):
    """How the centre works. Each has a default that the named person confirms before production."""

    opening_hours: Annotated[list[OpenHours], Field(max_length=28)] = Field(
        default_factory=_weekdays_8_to_20_saturday_8_to_12, description="Hours of the public line. Manager."
    )
    hold_minutes: int = Field(
        10, ge=2, le=60, description="How long a time is kept for somebody; each extension adds as much. Manager."
    )
    hold_extensions: int = Field(10, ge=0, le=10, description="How many times a hold may be extended. Manager.")
    late_after_minutes: int = Field(
        1440, ge=0, le=10_080, description="A cancellation closer to the start is marked late. Manager."
    )
    move_until_minutes: int = Field(
        120, ge=0, le=10_080, description="Patients move on their own until so long before. Manager."
    )
    overbook_limit: int = Field(2, ge=0, le=10, description="Overbookings per practitioner and half-day. Manager.")
    max_live: int = Field(5, ge=1, le=50, description="Live appointments of a patient booked online. Manager.")
    misses_allowed: int = Field(
        3, ge=1, le=20, description="Unexcused misses that close online booking. Medical director."
    )
    misses_within_months: int = Field(
        12, ge=1, le=36, description="Period in which misses are counted. Medical director."
    )
    misses_block_months: int = Field(
        3, ge=0, le=24, description="How long online booking stays closed. Medical director."
    )
    unscheduled_percent: int = Field(
        19, ge=0, le=100, description="Share of windows kept for unscheduled care. SAS of the territory."
    )
    unscheduled_releases: Annotated[list[Release], Field(max_length=5)] = Field(
        default_factory=_releases, description="Proposed for new unscheduled windows. SAS of the territory."
    )
    reminders: Annotated[list[Reminder], Field(max_length=6)] = Field(
        default_factory=_reminders, description="Manager."
    )
    quiet_from: LocalTime = Field(time(20), description="No message to a patient from this local time. Manager.")
    quiet_to: LocalTime = Field(time(8), description="… until this one.")
    offers_per_entry: int = Field(3, ge=0, le=10, description="Notices of the waiting list, one a day. Manager.")
    offer_far_minutes: int = Field(
        240, ge=5, le=2880, description="Time to answer an offer whose start is over 48 h away. Manager."
    )
    offer_near_minutes: int = Field(60, ge=5, le=1440, description="… over 24 h away. Manager.")
    offer_soon_minutes: int = Field(20, ge=5, le=720, description="… over `offer_until_minutes` away. Manager.")
    offer_until_minutes: int = Field(
        360, ge=0, le=2880, description="A freed time nearer than this opens to all at once. Manager."
    )
    call_under_minutes: int = Field(
        180, ge=0, le=1440, description="Visits that close are told by telephone, not by message. Manager."
    )
    identity_documents: Annotated[list[DocumentKind], Field(max_length=10)] = Field(
        default_factory=_documents,
        description="Documents that validate an identity (RNIV). Identity-vigilance officer.",
    )
    keep_holds_days: int = Field(30, ge=1, le=365, description="Lapsed holds stay so long. Data protection officer.")
    keep_messages_days: int = Field(
        365, ge=30, le=3650, description="Contacts in sent messages are kept so long. Data protection officer."
    )
    keep_unseen_months: int = Field(
        24, ge=6, le=240, description="Identities without any visit are kept so long. Data protection officer."
    )
    offer_refusals: int = Field(5, ge=1, le=20, description="Refusals after which a freed time opens to all. Manager.")


class StoredParameters(Parameters, extra="ignore"):
    """As read back: a parameter that has since been retired is ignored."""
