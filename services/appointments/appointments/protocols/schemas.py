"""Wire types of protocols of delegation to nurses (*protocoles de coopération*)."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.directory.fields import Day
from maillage.wire import Line, Wire


class _Days(Wire):
    """Local days, both included; left out: as long as the protocol."""

    practitioner_id: UUID
    first_day: Day | None = None
    last_day: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise PydanticCustomError("TIME_INVALID", "ends before it begins")
        return self


class DelegatingPhysician(_Days):
    """A physician who delegates under the protocol."""


class DelegatedNurse(_Days):
    """A nurse who gives visits under the protocol, from the day of training on; without one: not yet."""

    trained_on: Day | None = None


class ProtocolIn(Wire):
    """A protocol: its reference as registered, the local days on which it is valid, and its members."""

    title: Line
    reference: Line
    first_day: Day
    last_day: Day | None = None
    active: bool = True
    physicians: Annotated[list[DelegatingPhysician], Field(max_length=200)] = Field(default_factory=list)
    nurses: Annotated[list[DelegatedNurse], Field(max_length=200)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.last_day and self.last_day < self.first_day:
            raise PydanticCustomError("TIME_INVALID", "ends before it begins")
        people = [member.practitioner_id for member in (*self.physicians, *self.nurses)]
        if len(set(people)) != len(people):
            raise PydanticCustomError("INVALID", "somebody twice")
        return self


class ProtocolMembers(Wire):
    """For professionals: who takes part, and how many visits to come the protocol no longer covers (`conflicts`)."""

    physicians: list[DelegatingPhysician]
    nurses: list[DelegatedNurse]
    conflicts: int


class ProtocolOut(Wire):
    """A protocol. `members` is null for patients and visitors. `reasons`: visit reasons that are under it."""

    id: UUID
    organisation_id: UUID
    title: str
    reference: str
    first_day: Day
    last_day: Day | None
    active: bool
    reasons: int
    members: ProtocolMembers | None
    version: int
