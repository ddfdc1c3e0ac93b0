"""A hold and what it names, as the base holds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from cooperation.trace.rows import Traced

HoldKind = Literal["prion", "quality", "owner"]
Outcome = Literal["lifted", "destroyed", "double_inactivated"]
Contact = Literal["named", "operation", "instrument", "later_run"]
ThingKind = Literal["set", "instrument", "run", "order_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Traced):
    """`organisation_id`: the member whose things alone it names, else the group."""

    TABLE: ClassVar[str] = "hold"
    KIND: ClassVar[str] = "hold"

    group_id: UUID
    kind: HoldKind
    state: Literal["active", "lifted", "destroyed", "double_inactivated"] = "active"
    cause: str
    placed_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSubject(Traced):
    """One thing that may not be touched while `active`. `contact`: how it was reached; `operation_ref`: the
    intervention that a run was used in. What was destroyed stays active: it never comes back."""

    TABLE: ClassVar[str] = "hold_subject"
    KIND: ClassVar[str] = "hold_subject"

    group_id: UUID
    hold_id: UUID
    subject_kind: ThingKind
    subject_id: UUID
    contact: Contact
    operation_ref: str | None = None
    active: bool = True
