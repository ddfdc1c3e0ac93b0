"""Wire types of instrument sets and of instruments with their own mark."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.cooperation import RunStage
from cooperation.issues.wording import StaffLine
from cooperation.members.marks import InstrumentMark, SetMark
from maillage.wire import Line, Patch, Wire

SetStatus = Literal["in_service", "retired"]
InstrumentStatus = Literal["in_service", "in_repair", "missing", "retired"]


class SetIn(Wire):
    """A set with its engraved mark (GRAI, in any form that a scanner reads), on a composition of its owner. `place_id`:
    where it is now; its run opens when it is received."""

    tag: SetMark
    name: Line
    composition_id: UUID
    home_place_id: UUID | None = None
    place_id: UUID


class SetPatch(Patch):
    """Its name, or the place where it is at home, of its owner."""

    EMPTIABLE = frozenset({"home_place_id"})

    name: Line | None = None
    home_place_id: UUID | None = None


class SetStatusIn(Wire):
    """`retired`: it takes part no more, once its run has ended. `reason`: of no patient; it stays in the trace."""

    status: SetStatus
    reason: StaffLine | None = None


class SetOut(Wire):
    """A set, with its live run and where it is. `tag`: canonical Digital Link of its GRAI. `because`: why it is
    retired, where that was said."""

    id: UUID
    organisation_id: UUID
    name: str
    tag: str
    composition_id: UUID
    composition_version_id: UUID
    home_place_id: UUID | None
    temporary: bool
    status: SetStatus
    because: str | None = None
    run_id: UUID | None
    stage: RunStage | None
    place_id: UUID | None
    version: int
    created_at: datetime


class InstrumentIn(Wire):
    """An instrument with its own mark: GIAI, or GTIN and serial number. Of a set, or of `owner_id` without a set, then
    at `place_id`."""

    code: InstrumentMark
    model_id: UUID
    set_id: UUID | None = None
    owner_id: UUID | None = None
    place_id: UUID | None = None


class InstrumentPatch(Patch):
    """`set_id`: the set that it belongs to from now on; null takes it out of its set."""

    EMPTIABLE = frozenset({"set_id"})

    set_id: UUID | None


class InstrumentStatusIn(Wire):
    """`place_id`: where it goes: a place of kind `repair` for `in_repair`. What is held goes to quarantine only.
    `reason`: of no patient; it stays in the trace."""

    status: InstrumentStatus
    place_id: UUID | None = None
    reason: StaffLine | None = None


class InstrumentOut(Wire):
    """An instrument with its own mark. `runs_count`: how often it was recomposed. `place_id`: where it is by itself;
    null while it is with its set. `because`: why it is not in service, where that was said."""

    id: UUID
    organisation_id: UUID
    code: str
    model_id: UUID
    set_id: UUID | None
    runs_count: int
    status: InstrumentStatus
    because: str | None = None
    place_id: UUID | None
    version: int
    created_at: datetime


class SetFault(Wire):
    """One thing wrong in a file. `line`: of the file, its first is 1; `column`: null for the whole line."""

    line: int
    column: str | None
    code: str
    detail: str


class SetImportOut(Wire):
    """What an import did, or would do. With a fault nothing is written. `added`, `unchanged`: sets."""

    dry_run: bool
    added: int = Field(ge=0)
    unchanged: int = Field(ge=0)
    faults: list[SetFault]
