"""A run, an instrument set and an instrument as the base holds them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final, Self
from uuid import UUID

import asyncpg

from contracts.cooperation import RunStage
from cooperation.trace.rows import Traced

LIVE: Final = frozenset(
    {"returning", "received", "washing", "washed", "assembled", "packed", "sterilising", "released"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Traced):
    """`label`: the SSCC of its pack. `gaps`: what is missing by name, `[{"line_id", "missing", "reason"}]`.
    `load_id`: the sterilising load that it is or was in. `sterile_on`, `expires_on`: local days,
    null before release."""

    TABLE: ClassVar[str] = "run"
    KIND: ClassVar[str] = "run"

    group_id: UUID
    set_id: UUID
    composition_version_id: UUID
    stage: RunStage
    stage_since: datetime
    label: str | None = None
    soak_from: datetime | None = None
    soak_to: datetime | None = None
    rewash_count: int = 0
    washes: int = 0
    packaging_id: UUID | None = None
    gaps: list[dict[str, object]]
    load_id: UUID | None = None
    sterile_on: date | None = None
    expires_on: date | None = None
    released_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    opened_from: UUID | None = None

    @classmethod
    def among(cls, row: asyncpg.Record) -> Self:
        """From a row that has more columns beside its own."""
        return cls(**{name: row[name] for name in cls.columns()})

    @property
    def live(self) -> bool:
        """Whether anything can still happen to it."""
        return self.stage in LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentSet(Traced):
    """`tag`: canonical Digital Link of its GRAI. `temporary`: lent by a supplier."""

    TABLE: ClassVar[str] = "instrument_set"
    KIND: ClassVar[str] = "set"

    group_id: UUID
    name: str
    tag: str
    composition_id: UUID
    composition_version_id: UUID
    home_place_id: UUID | None = None
    temporary: bool = False
    status: str = "in_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Traced):
    """`code`: canonical Digital Link of its GIAI, or of its GTIN and serial number."""

    TABLE: ClassVar[str] = "instrument"
    KIND: ClassVar[str] = "instrument"

    group_id: UUID
    code: str
    model_id: UUID
    set_id: UUID | None = None
    runs_count: int = 0
    status: str = "in_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content(Traced):
    """What was counted on one line of a run: by model, or this instrument. `used`: whether it served, when told."""

    TABLE: ClassVar[str] = "run_content"
    KIND: ClassVar[str] = "content"

    run_id: UUID
    line_id: UUID
    counted: int
    instrument_id: UUID | None = None
    used: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use(Traced):
    """One use of one run, in one operation: the hospital's opaque reference, nothing else of a patient."""

    TABLE: ClassVar[str] = "use"
    KIND: ClassVar[str] = "use"

    run_id: UUID
    operation_ref: str
    used_at: datetime
    place_id: UUID | None = None
    override_by: UUID | None = None
    override_reason: str | None = None
