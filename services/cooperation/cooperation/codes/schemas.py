"""Wire types of codes."""

from datetime import date
from typing import Literal
from uuid import UUID

from cooperation.scans.schemas import BlockOut
from maillage.wire import Wire

ThingKind = Literal["run", "set", "instrument", "crate", "place"]


class PlaceOut(Wire):
    """Where something is: the place that holds it, or the crate or compartment that does."""

    id: UUID
    kind: str
    name: str
    site_id: UUID | None


class CodeOut(Wire):
    """What a code stands for. `uri`: its name in whatever form it was read. `stage`, `expires_on` and `run_id` are
    those of the pack, or of the set's live run; `place` is from the inside out (pack, crate, vehicle)."""

    kind: ThingKind
    id: UUID
    uri: str
    owner_id: UUID
    run_id: UUID | None = None
    set_id: UUID | None = None
    stage: str | None = None
    place: list[PlaceOut] = []
    blocks: list[BlockOut] = []
    sterile_on: date | None = None
    expires_on: date | None = None
