"""An operation, what it needs, and which packs are kept for it, as the base holds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.cooperation import NeedState
from cooperation.trace.rows import Traced

OperationState = Literal["planned", "done", "cancelled"]
AllocationEnd = Literal["taken_back", "used", "ended", "blocked", "need_gone", "too_late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Traced):
    """One intervention of a hospital's programme: its opaque reference, where and when; nothing of a patient."""

    TABLE: ClassVar[str] = "operation"
    KIND: ClassVar[str] = "operation"

    group_id: UUID
    operation_ref: str
    site_id: UUID
    theatre: str
    starts_at: datetime
    state: OperationState = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Traced):
    """So many packs of one composition for one operation. `p90`: when the last of them is nearly surely there.
    `quantity` 0: needed no more."""

    TABLE: ClassVar[str] = "need"
    KIND: ClassVar[str] = "need"

    group_id: UUID
    operation_id: UUID
    composition_id: UUID
    quantity: int
    state: NeedState = "short"
    p90: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Traced):
    """A released pack kept for a need; one at a time for a run. `made_by`: a person or `system:cooperation`."""

    TABLE: ClassVar[str] = "allocation"
    KIND: ClassVar[str] = "allocation"

    group_id: UUID
    need_id: UUID
    run_id: UUID
    made_by: str
    ended_at: datetime | None = None
    ended_why: AllocationEnd | None = None
