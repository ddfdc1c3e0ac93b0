"""Wire types of visiting sessions: days on which a practitioner from elsewhere receives at a site."""

import datetime
from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.schedules.schemas import LocalDate, LocalTime
from maillage.wire import Note, Wire


class _Hours(Wire):
    """Hours are local; `local_end` not after `local_start`: on the next day. `reason_ids` empty: every reason of the
    profession.
    """

    local_start: LocalTime
    local_end: LocalTime
    reason_ids: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    room_id: UUID | None = None
    note: Note | None = None


class SessionsIn(_Hours):
    """A practitioner from elsewhere receives at a site on these days, at the same hours."""

    practitioner_id: UUID
    site_id: UUID
    dates: Annotated[tuple[LocalDate, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _each_once(self) -> "SessionsIn":
        if len(set(self.dates)) < len(self.dates):
            raise PydanticCustomError("INVALID", "a day is named twice")
        return self


class SessionIn(_Hours):
    """What a session is to become; practitioner and site stay."""

    local_date: LocalDate


class SessionOut(Wire):
    """« Dr X receives on … ». `note` is null for the public. `conflicts`: visits flagged by the change just made."""

    id: UUID
    practitioner_id: UUID
    practitioner: str
    site_id: UUID
    local_date: datetime.date
    local_start: LocalTime
    local_end: LocalTime
    reason_ids: Sequence[UUID]
    room_id: UUID | None
    state: Literal["planned", "cancelled"]
    note: str | None
    version: int
    conflicts: int | None = None


class SessionsOut(Wire):
    """The sessions that were planned, by the days asked for."""

    items: Sequence[SessionOut]
