"""Wire types of practitioners and their contracts."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.directory.fields import Day, Email, Rpps, Specialty
from maillage.wire import Line, Wire


class PractitionerIn(Wire):
    """A doctor or nurse, active from `active_from` to `active_to` included. `external`: a liberal doctor on duty."""

    rpps: Rpps | None = None
    profession: Literal["physician", "nurse"]
    specialty: Specialty | None = None
    family_name: Line
    given_name: Line
    email: Email | None = None
    active_from: Day = date(2000, 1, 1)
    active_to: Day | None = None
    external: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "PractitionerIn":
        if self.active_to is not None and self.active_to < self.active_from:
            raise PydanticCustomError("TIME_INVALID", "ends before it begins")
        return self


class PractitionerOut(Wire):
    """A practitioner. `person` is what only professionals read, null for patients and visitors."""

    id: UUID
    organisation_id: UUID
    rpps: str | None
    profession: Literal["physician", "nurse"]
    specialty: str | None
    display_name: str
    site_ids: list[UUID]
    active: bool
    person: "PractitionerPerson | None"
    version: int


class PractitionerPerson(Wire):
    """What only professionals read of a practitioner. `person_id`: the account that is tied by the RPPS number."""

    family_name: str
    given_name: str
    email: str | None
    active_from: date
    active_to: date | None
    external: bool
    person_id: UUID | None


class ContractIn(Wire):
    """Hours owed: 2,100 minutes a week = 35 h. From `first_day` to `last_day`, both included. `rule_pack`: which rules
    of working time hold; `liberal` has none.
    """

    practitioner_id: UUID
    weekly_minutes: Annotated[int, Field(ge=0, le=2880)]
    rule_pack: Literal["territorial", "liberal"] = "territorial"
    first_day: Day
    last_day: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "ContractIn":
        if self.last_day is not None and self.last_day < self.first_day:
            raise PydanticCustomError("TIME_INVALID", "ends before it begins")
        return self


class ContractOut(Wire):
    """A contract."""

    id: UUID
    organisation_id: UUID
    practitioner_id: UUID
    weekly_minutes: int
    rule_pack: str
    first_day: date
    last_day: date | None
    version: int
