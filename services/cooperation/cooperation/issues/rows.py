"""A non-conformity as the base holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from cooperation.trace.rows import Traced

Severity = Literal["minor", "major", "critical"]
About = Literal[
    "run", "set", "instrument", "load", "machine", "crate", "handover", "order", "order_line", "loan", "device",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Traced):
    """`stage_seen`, `stage_of_origin`: stages of a run. While one is not closed on a load, the load is not released."""

    TABLE: ClassVar[str] = "issue"
    KIND: ClassVar[str] = "issue"

    group_id: UUID
    kind: str
    severity: Severity
    state: Literal["open", "analysed", "closed"] = "open"
    stage_seen: str | None = None
    stage_of_origin: str | None = None
    subject_kind: About
    subject_id: UUID
    load_id: UUID | None = None
    words: str | None = None
    cause: str | None = None
    action: str | None = None
    opened_by: str
    closed_at: datetime | None = None
