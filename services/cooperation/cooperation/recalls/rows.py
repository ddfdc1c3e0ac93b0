"""A recall, its lines, and signatures, as the base holds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.cooperation import LineEnd, LineState
from cooperation.trace.rows import Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(Traced):
    """`scope`: what it was opened for, as asked. Its lines are what that reached, whatever became of it since."""

    TABLE: ClassVar[str] = "recall"
    KIND: ClassVar[str] = "recall"

    group_id: UUID
    state: Literal["open", "closed"] = "open"
    cause: str
    scope: dict[str, object]
    unfounded: bool = False
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallLine(Traced):
    """One run, or one line of an order, in a recall. `state`: what had become of it when the recall reached it, or
    `used` when it was used afterwards. `ended`: how it was accounted for."""

    TABLE: ClassVar[str] = "recall_line"
    KIND: ClassVar[str] = "recall_line"

    group_id: UUID
    recall_id: UUID
    subject_kind: Literal["run", "order_line"]
    subject_id: UUID
    set_id: UUID | None = None
    state: LineState
    operation_ref: str | None = None
    ended: LineEnd | None = None
    ended_at: datetime | None = None
