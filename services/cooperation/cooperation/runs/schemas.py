"""Wire types of runs."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from contracts.cooperation import RunStage
from maillage.wire import Instant, Wire

AbortReason = Literal["torn", "wet", "expired", "recalled", "opened_unused", "lost", "damaged", "incomplete"]
GapReason = Literal["missing", "in_repair", "broken", "withdrawn"]
Scanned = Annotated[str, Field(max_length=2000)]


class CountedIn(Wire):
    """Instruments counted on one line; those with a mark of their own are scanned, and are part of `quantity`."""

    line_id: UUID
    quantity: Annotated[int, Field(ge=0, le=500)]
    instruments: Annotated[list[Scanned], Field(max_length=500)] = []


class GapIn(Wire):
    """Instruments of one line that are missing, and why. The label of the pack names them."""

    line_id: UUID
    missing: Annotated[int, Field(ge=1, le=500)]
    reason: GapReason


class AssembleIn(Wire):
    """A recomposition, closed; or, with `soil`, a set that goes back to washing, whatever was counted."""

    counted: Annotated[list[CountedIn], Field(max_length=200)] = []
    gaps: Annotated[list[GapIn], Field(max_length=200)] = []
    soil: bool = False


class AbortIn(Wire):
    """Why the run ends without a use. After `lost` no run opens until the set is received again."""

    reason: AbortReason | None = None


class RunOut(Wire):
    """One turn of one set. `place`: where the set is, directly; days are local days."""

    id: UUID
    owner_id: UUID
    set_id: UUID
    set_name: str
    tag: str
    composition_id: UUID
    composition_code: str
    composition_version_id: UUID
    composition_no: int
    stage: RunStage
    stage_since: Instant
    label: str | None
    packaging_id: UUID | None
    soak_from: Instant | None
    soak_to: Instant | None
    rewash_count: int
    washes: int
    gaps: list[Mapping[str, JsonValue]]
    load_id: UUID | None
    sterile_on: date | None
    expires_on: date | None
    released_at: Instant | None
    ended_at: Instant | None
    end_reason: str | None
    opened_from: UUID | None
    place_id: UUID | None
    place_kind: str | None
    place_name: str | None
    created_at: Instant
    version: int
