"""One stay of one subject in one place."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from contracts.cooperation import SubjectKind
from cooperation.trace.rows import Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay(Traced):
    """`until` is null for where it is now. The next stay begins when this ends."""

    TABLE: ClassVar[str] = "custody"
    KIND: ClassVar[str] = "stay"

    group_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    place_id: UUID
    since: datetime
    until: datetime | None = None
    handover_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """A place that holds a subject, `depth` 0 directly, 1 through a crate, 2 through a compartment."""

    id: UUID
    kind: str
    site_id: UUID | None
    name: str
    cleanliness: str
    locked: bool
    depth: int
