"""Wire types of recalls."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.cooperation import LineEnd, LineState
from cooperation.issues.wording import StaffNote
from maillage.wire import Instant, Line, Wire


class MachineSpan(Wire):
    """What a machine ran between two instants."""

    machine_id: UUID
    since: Instant
    until: Instant

    @model_validator(mode="after")
    def _in_order(self) -> "MachineSpan":
        if self.until <= self.since:
            raise PydanticCustomError("TIME_INVALID", "the end is not after the beginning")
        return self


class Lot(Wire):
    """A lot of another flow; `item_id`: of this item only."""

    lot: Line
    item_id: UUID | None = None


class Scope(Wire):
    """What is recalled: each run that ever was in any of these. `loads` have started; `runs` are named themselves;
    `machines`: all loads of a machine that ran in a period; `instruments`, `models`: each run that ever held one (a
    marked instrument that is counted by model is followed by the set it is in); `lots` of other flows."""

    loads: Annotated[list[UUID], Field(max_length=200)] = []
    runs: Annotated[list[UUID], Field(max_length=2000)] = []
    machines: Annotated[list[MachineSpan], Field(max_length=20)] = []
    instruments: Annotated[list[UUID], Field(max_length=200)] = []
    models: Annotated[list[UUID], Field(max_length=20)] = []
    lots: Annotated[list[Lot], Field(max_length=50)] = []


class RecallIn(Wire):
    """`preview`: tells what the scope reaches and changes nothing."""

    cause: StaffNote
    scope: Scope
    preview: bool = False


class Extension(Wire):
    """The whole scope as it shall be: all of the present one, and more."""

    scope: Scope


class RecallCounts(Wire):
    """What a recall reached. `operations`: interventions in which a recalled pack was used. `id` is null in a
    preview."""

    id: UUID | None
    state: Literal["preview", "open", "closed"]
    lines: int
    by_state: dict[LineState, int]
    operations: int
    members: int


class Closing(Wire):
    """`unfounded`: nothing was wrong; lines still open are cleared, and their packs may be used. Then `reason` says
    why."""

    unfounded: bool = False
    reason: StaffNote | None = None


class SignatureOut(Wire):
    """Who agreed to what."""

    act: str
    person_id: UUID
    role: str
    signed_at: datetime


class MemberLines(Wire):
    """The lines of one member."""

    organisation_id: UUID
    name: str
    lines: int
    left: int


class RecallOut(RecallCounts):
    """A recall; a member sees its own lines counted. `scope` is told to the group only."""

    id: UUID
    cause: str
    scope: Scope | None
    unfounded: bool
    opened_at: datetime
    closed_at: datetime | None
    left: int
    by_member: list[MemberLines]
    signatures: list[SignatureOut]
    version: int


class RecallItem(Wire):
    """A recall in the list; counts are of the lines within reach."""

    id: UUID
    state: Literal["open", "closed"]
    cause: str
    unfounded: bool
    opened_at: datetime
    closed_at: datetime | None
    lines: int
    left: int


class PlaceOut(Wire):
    """Where a thing is, from the inside out: `names` of the crate, the compartment, the place; `site_id` of the
    last."""

    place_id: UUID
    kind: str
    names: list[str]
    site_id: UUID | None


class LineOut(Wire):
    """One line. `place`: where the pack is now; null once its run has ended."""

    id: UUID
    recall_id: UUID
    organisation_id: UUID
    subject_kind: Literal["run", "order_line"]
    subject_id: UUID
    set_id: UUID | None
    set_name: str | None
    label: str | None
    state: LineState
    operation_ref: str | None
    ended: LineEnd | None
    ended_at: datetime | None
    place: PlaceOut | None
    version: int


class OperationOut(Wire):
    """One intervention that a recall reaches: the hospital's own reference, and the packs used in it."""

    organisation_id: UUID
    operation_ref: str
    used_at: datetime
    run_ids: list[UUID]
    acknowledged: bool


class Acknowledgement(Wire):
    """The hospital has followed the intervention. `note`: for staff, never of a patient."""

    note: StaffNote | None = None


class WriteOff(Wire):
    """The pack was not found; where it was looked for."""

    reason: StaffNote
