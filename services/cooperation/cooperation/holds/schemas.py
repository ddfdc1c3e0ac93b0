"""Wire types of holds."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cooperation.holds.rows import Contact, HoldKind, Outcome, ThingKind
from cooperation.issues.wording import StaffNote
from cooperation.recalls.schemas import PlaceOut, SignatureOut
from cooperation.uses.operation_ref import OperationRef
from maillage.wire import Wire


class ThingIn(Wire):
    """A set, an instrument, a run or a line of an order."""

    kind: ThingKind
    id: UUID


class HoldIn(Wire):
    """`subjects` are held as named. `operation_refs`, for prions: contact is followed from these interventions;
    `organisation_id`: of this hospital only, for two may use the same reference."""

    kind: HoldKind
    cause: StaffNote
    subjects: Annotated[list[ThingIn], Field(max_length=500)] = []
    operation_refs: Annotated[list[OperationRef], Field(max_length=100)] = []
    organisation_id: UUID | None = None

    @model_validator(mode="after")
    def _contact_is_of_prions(self) -> "HoldIn":
        if self.operation_refs and self.kind != "prion":
            raise PydanticCustomError("FIELD_NOT_ALLOWED", "operation_refs are for prion holds")
        return self


class SignIn(Wire):
    """How it shall end. Two signatures count together when they say the same outcome."""

    outcome: Outcome
    reason: StaffNote


class ContactOut(Wire):
    """One thing held, how it was reached and where it is now. `operation_ref`: the intervention a run was used in.
    `status`: a run's stage, or `in_repair`, `missing`… of an instrument. `active`: it may not be touched."""

    kind: ThingKind
    id: UUID
    organisation_id: UUID
    contact: Contact
    operation_ref: str | None
    active: bool
    name: str | None
    status: str | None
    place: PlaceOut | None


class HoldItem(Wire):
    """A hold in the list; `subjects` within reach."""

    id: UUID
    kind: HoldKind
    state: Literal["active", "lifted", "destroyed", "double_inactivated"]
    cause: str
    created_at: datetime
    ended_at: datetime | None
    subjects: int


class HoldCounts(Wire):
    """How many of each; `operations`: interventions that a held run was used in."""

    sets: int
    instruments: int
    runs: int
    order_lines: int
    operations: int


class HoldOut(Wire):
    """A hold with its contacts; a member sees its own."""

    id: UUID
    kind: HoldKind
    state: Literal["active", "lifted", "destroyed", "double_inactivated"]
    cause: str
    created_at: datetime
    ended_at: datetime | None
    counts: HoldCounts
    contacts: list[ContactOut]
    signatures: list[SignatureOut]
    version: int
