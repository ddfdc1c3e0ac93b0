"""A load and what is in it, as the base holds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from cooperation.trace.rows import Traced

LoadState = Literal["open", "running", "to_decide", "released", "rejected"]
LoadKind = Literal["washing", "steam", "low_temperature"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load(Traced):
    """`opened_by`, `started_by`: who, as `person:<id>`. `ends_by`: when its record is overdue.
    `machine_state`, `tests_at_start`: how the machine was, and its tests of the day, at the start."""

    TABLE: ClassVar[str] = "load"
    KIND: ClassVar[str] = "load"

    group_id: UUID
    machine_id: UUID
    programme_id: UUID
    kind: LoadKind
    cycle_no: int | None = None
    state: LoadState
    opened_by: str
    started_by: str | None = None
    started_at: datetime | None = None
    ends_by: datetime | None = None
    machine_state: str | None = None
    tests_at_start: list[dict[str, object]] | None = None
    cycle_ended_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRun(Traced):
    """A run in a load. `frozen` from the start on; `ended` once the load is decided; `intact`, `dry` (a steriliser)
    and `clean` (a washer) are what a person saw when it came out, null until then."""

    TABLE: ClassVar[str] = "load_run"
    KIND: ClassVar[str] = "load_run"

    group_id: UUID
    load_id: UUID
    run_id: UUID
    added_by: str
    removed_at: datetime | None = None
    frozen: bool = False
    ended: bool = False
    intact: bool | None = None
    dry: bool | None = None
    clean: bool | None = None
    seen_at: datetime | None = None
    seen_by: str | None = None
