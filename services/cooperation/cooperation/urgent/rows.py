"""An urgent request as the base holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from cooperation.trace.rows import Traced

UrgentState = Literal["asked", "promised", "declined", "kept", "missed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentRequest(Traced):
    """A hospital needs a set sooner than it would come. `run_id`, `p50`, `p90`: what was proposed, then promised;
    `promised_at`: by when. `delayed`: sets that it passes over, `[{"run_id", "set_id"}]`. `settled_at`: when it was
    there, or was known not to be."""

    TABLE: ClassVar[str] = "urgent_request"
    KIND: ClassVar[str] = "urgent_request"

    group_id: UUID
    composition_id: UUID
    site_id: UUID
    operation_ref: str | None = None
    reason: str
    needed_at: datetime
    state: UrgentState = "asked"
    run_id: UUID | None = None
    p50: datetime | None = None
    p90: datetime | None = None
    promised_at: datetime | None = None
    delayed: list[dict[str, object]]
    asked_by: str
    decided_by: str | None = None
    decided_why: str | None = None
    settled_at: datetime | None = None
