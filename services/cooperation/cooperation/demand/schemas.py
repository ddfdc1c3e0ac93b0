"""Wire types of the operating programme: operations, needs, allocations, promises."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.cooperation import NeedState, RunStage
from cooperation.demand.rows import OperationState
from cooperation.issues.wording import StaffLine
from maillage.wire import Instant, Wire

CompositionName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]
"""The composition's code in the hospital's catalogue, or its id."""


class ItemIn(Wire):
    """So many packs of one composition."""

    composition: CompositionName
    quantity: int = Field(1, ge=1, le=50)


class OperationIn(Wire):
    """One intervention as the hospital's programme has it; its reference is in the address. The whole each time: what
    is not named any more is needed no more."""

    site_id: UUID
    theatre: StaffLine
    starts_at: Instant
    items: list[ItemIn] = Field(max_length=50)


class AllocationBrief(Wire):
    """A pack kept for a need."""

    id: UUID
    run_id: UUID


class NeedOut(Wire):
    """Packs of one composition for one operation. `covered`: kept or used already; `arriving`: there in time at nine in
    ten (p90); `at_risk`: at one in two only (p50); `short`: not. `deadline`: when they must be at the site. `p90`: when
    the last awaited pack is nearly surely there; null when nothing is awaited, or nothing comes."""

    id: UUID
    operation_ref: str
    site_id: UUID
    theatre: str
    starts_at: datetime
    deadline: datetime
    composition_id: UUID
    composition: str
    quantity: int
    used: int
    state: NeedState
    p90: datetime | None
    allocations: list[AllocationBrief]
    version: int


class OperationOut(Wire):
    """An operation and its needs."""

    id: UUID
    operation_ref: str
    site_id: UUID
    theatre: str
    starts_at: datetime
    state: OperationState
    needs: list[NeedOut]
    version: int


class StepOut(Wire):
    """What is left of one stage, in minutes. `observations` 0: nobody has observed it often enough, it is the seed."""

    stage: Literal["received", "washing", "washed", "assembled", "packed", "sterilising", "out"]
    p50_min: float
    p90_min: float
    observations: int


class PromiseOut(Wire):
    """When a set is at its site: at one in two (`p50`), at nine in ten (`p90`). `ready_p50`, `ready_p90`: when it may
    leave; the timetable's next departure after that and the drive make the rest."""

    run_id: UUID
    set_id: UUID
    stage: RunStage
    site_id: UUID
    p50: datetime
    p90: datetime
    ready_p50: datetime
    ready_p90: datetime
    steps: list[StepOut]


class CandidateOut(Wire):
    """A run that could serve a need. `allocated_to`: the need that it is kept for."""

    run_id: UUID
    set_id: UUID
    stage: RunStage
    expires_on: date | None
    p50: datetime
    p90: datetime
    allocated_to: UUID | None


class NeedFile(NeedOut):
    """One need with every run that could serve it, the earliest first; blocked ones are left out."""

    candidates: list[CandidateOut]


class AllocationIn(Wire):
    """A released pack to be kept for a need."""

    need_id: UUID
    run_id: UUID


class AllocationOut(Wire):
    """A pack kept for a need, until `ended_at`."""

    id: UUID
    need_id: UUID
    run_id: UUID
    ended_at: datetime | None
    version: int


class LineFault(Wire):
    """One thing wrong in a file: its line (the first is 1), the column or null, why."""

    line: int
    column: str | None
    code: str
    detail: str


class ProgrammeImportOut(Wire):
    """What a file of the programme came to. With `dry_run` nothing was stored and `faults` lists every faulty line."""

    dry_run: bool
    lines: int
    operations: int
    created: int
    changed: int
    unchanged: int
    faults: list[LineFault]
