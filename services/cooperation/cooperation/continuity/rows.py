"""A continuity plan as the base holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from cooperation.trace.rows import Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuityPlan(Traced):
    """Another authorised pharmacy sterilises for a time. `provider_place`: where it is (a place of kind `outside`).
    `planned_days`: local days from its first, as the health agency was told."""

    TABLE: ClassVar[str] = "continuity_plan"
    KIND: ClassVar[str] = "continuity_plan"

    group_id: UUID
    state: Literal["active", "ended"] = "active"
    provider_name: str
    provider_place: UUID
    authorisation: str
    reason: str
    planned_days: int
    ars_told_at: datetime
    ars_notice_ref: str
    ended_at: datetime | None = None
