"""Wire types of the catalogue: models, packagings, programmes, machines, compositions and their versions."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cooperation.members.marks import Gtin, Slug
from cooperation.members.schemas import Kept
from maillage.wire import Instant, Line, Patch, Wire

PackagingKind = Literal["pouch", "wrap", "container"]
ProgrammeKind = Literal["washing", "steam", "low_temperature"]
MachineKind = Literal["washer", "steam", "low_temperature", "sealer"]
Slugs = Annotated[list[Slug], Field(max_length=50)]


class InstrumentModelIn(Wire):
    """A model of instrument. `alias`: as it is called at the table; `programmes_allowed`: codes of the washing and
    sterilising programmes that its maker allows; `ifu_ref`: where its instructions for use are."""

    alias: Line
    gtin: Gtin | None = None
    single_use: bool = False
    programmes_allowed: Slugs = []
    ifu_ref: Line | None = None


class InstrumentModelPatch(Patch):
    """What changes counts from the next load and the next recomposition on."""

    EMPTIABLE = frozenset({"gtin", "ifu_ref"})

    alias: Line | None = None
    gtin: Gtin | None = None
    single_use: bool | None = None
    programmes_allowed: Slugs | None = None
    ifu_ref: Line | None = None


class InstrumentModelOut(Kept):
    """A model of instrument."""

    alias: str
    gtin: str | None
    single_use: bool
    programmes_allowed: list[str]
    ifu_ref: str | None


class PackagingIn(Wire):
    """What a set is packed in. `shelf_days`: how many local days it stays sterile; `sealed`: by a sealer that is tested
    each day."""

    name: Line
    kind: PackagingKind
    shelf_days: int = Field(ge=1, le=1825)
    sealed: bool


class PackagingPatch(Patch):
    """`shelf_days` counts for packs released from now on; dates that are printed do not move."""

    name: Line | None = None
    shelf_days: int | None = Field(None, ge=1, le=1825)


class PackagingOut(Kept):
    """What a set is packed in."""

    name: str
    kind: PackagingKind
    shelf_days: int
    sealed: bool


class ProgrammeIn(Wire):
    """What a cycle must be: the next number of a code, valid from an instant on; the number before ends there.
    Temperatures in degrees Celsius, bands and spreads in kelvin, times in seconds, `expected_min` in minutes.

    A washing programme has `a0_min` (ISO 15883-1: 600 or 3000); a steam programme `plateau_s` and `saturation_k`
    (EN 285). `most_c`: no probe above it."""

    code: Slug
    name: Line
    kind: ProgrammeKind
    temp_c: float = Field(ge=20, le=150, allow_inf_nan=False)
    band_k: float = Field(3, gt=0, le=20, allow_inf_nan=False)
    plateau_s: int = Field(0, ge=0, le=86_400)
    spread_k: float = Field(2, gt=0, le=20, allow_inf_nan=False)
    saturation_k: float | None = Field(None, gt=0, le=20, allow_inf_nan=False)
    max_gap_s: float = Field(5, gt=0, le=60, allow_inf_nan=False)
    a0_min: float = Field(0, ge=0, le=100_000, allow_inf_nan=False)
    a0_floor_c: float = Field(65, ge=50, le=90, allow_inf_nan=False)
    most_c: float | None = Field(None, ge=20, le=160, allow_inf_nan=False)
    expected_min: int = Field(ge=1, le=1440)
    valid_from: Instant
    valid_to: Instant | None = None

    @model_validator(mode="after")
    def _judges(self) -> Self:
        """A programme by which no cycle could ever fail is none."""
        bounded = self.a0_min > 0 if self.kind == "washing" else self.plateau_s > 0
        if not bounded or (self.kind == "steam" and self.saturation_k is None):
            raise PydanticCustomError("INVALID", "a washing programme wants a0_min, others plateau_s")
        return self


class ProgrammePatch(Patch):
    """The name, or when it ends (not in the past). Bounds never change: add the next number."""

    EMPTIABLE = frozenset({"valid_to"})

    name: Line | None = None
    valid_to: Instant | None = None


class ProgrammeOut(Kept):
    """What a cycle must be."""

    code: str
    no: int
    name: str
    kind: ProgrammeKind
    temp_c: float
    band_k: float
    plateau_s: int
    spread_k: float
    saturation_k: float | None
    max_gap_s: float
    a0_min: float
    a0_floor_c: float
    most_c: float | None
    expected_min: int
    valid_from: datetime
    valid_to: datetime | None


class MachineIn(Wire):
    """A washer-disinfector, steriliser or sealer. `capacity`: packs at once."""

    site_id: UUID
    name: Line
    kind: MachineKind
    capacity: int = Field(ge=1, le=200)


class MachinePatch(Patch):
    """Its name and capacity; its state changes by an act of its own."""

    name: Line | None = None
    capacity: int | None = Field(None, ge=1, le=200)


class MachineOut(Kept):
    """A machine as entered, with the state it was put in. Whether it is ready is another question."""

    site_id: UUID
    name: str
    kind: MachineKind
    capacity: int
    state: Literal["in_service", "maintenance", "out_of_service"]
    state_since: datetime
    last_cycle_no: int | None


class CompositionIn(Wire):
    """A kind of set of one owner (`owner_id`: a member, absent: the group). What is in it is said by its versions."""

    owner_id: UUID | None = None
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]
    name: Line


class CompositionPatch(Patch):
    """The name."""

    name: Line | None = None


class CompositionOut(Kept):
    """A kind of set. `adopted_version_id`: the version by which its sets are recomposed; null before the first."""

    code: str
    name: str
    adopted_version_id: UUID | None


class CompositionLineIn(Wire):
    """One line. `free`: counted by model; `exclusive`: these very instruments, each with its own mark. `critical`:
    without it the set is not packed."""

    model_id: UUID
    quantity: int = Field(ge=1, le=500)
    mode: Literal["free", "exclusive"] = "free"
    critical: bool = False
    photo_ref: Line | None = None


class CompositionLineOut(CompositionLineIn):
    """One line, in its place (from 1)."""

    id: UUID
    position: int


class VersionIn(Wire):
    """A draft, whole. `wash_programme`, `programme`: codes; `packaging_ids`: those it may be packed in; `prion_class`
    `high`: every line is exclusive."""

    wash_programme: Slug
    programme: Slug
    packaging_ids: list[UUID] = Field(min_length=1, max_length=20)
    prion_class: Literal["none", "high"] = "none"
    uo_category: Line
    lines: list[CompositionLineIn] = Field(min_length=1, max_length=300)


class VersionOut(Wire):
    """A version of a composition with its lines. Adopted, it never changes; the next supersedes it."""

    id: UUID
    organisation_id: UUID
    composition_id: UUID
    no: int
    state: Literal["draft", "adopted", "superseded"]
    wash_programme: str
    programme: str
    packaging_ids: list[UUID]
    prion_class: Literal["none", "high"]
    uo_category: str
    adopted_by: UUID | None
    adopted_at: datetime | None
    version: int
    created_at: datetime
    lines: list[CompositionLineOut]
