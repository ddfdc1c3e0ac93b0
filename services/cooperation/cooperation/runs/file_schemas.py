"""Wire types of the file of a run and of a set."""

from collections.abc import Mapping
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import JsonValue

from contracts.cooperation import LineEnd, LineState, RunStage
from cooperation.loads.rows import LoadKind, LoadState
from cooperation.loads.schemas import ControlOut, FileIssue, FileRecord, FileTest
from cooperation.runs.schemas import RunOut
from maillage.wire import Instant, Wire


class FileInstrument(Wire):
    """A marked instrument that was counted. `used`: whether it served, when somebody told."""

    id: UUID
    code: str
    used: bool | None


class FileLine(Wire):
    """A line of the composition and what was counted on it; `counted` is null before recomposition."""

    line_id: UUID
    position: int
    model_id: UUID
    model: str
    quantity: int
    mode: Literal["free", "exclusive"]
    critical: bool
    single_use: bool
    counted: int | None
    missing: int
    missing_reason: str | None
    used: bool | None
    instruments: list[FileInstrument]


class FileDecision(Wire):
    """Who decided on a load, when, on what: `evidence_hash` is what was signed. `document_ref`: the delegation."""

    outcome: Literal["release", "reject"]
    person_id: UUID
    role: str
    signatory_id: UUID | None
    document_ref: str | None
    decided_at: Instant
    reason: str | None
    evidence_hash: str


class FileLoad(Wire):
    """A load that the run was in, oldest first. The curve: `GET /v1/loads/{load_id}/record`."""

    load_id: UUID
    kind: LoadKind
    state: LoadState
    machine_id: UUID
    machine_name: str
    programme_id: UUID
    programme_code: str
    programme_no: int
    programme_name: str
    temp_c: float
    plateau_s: int
    a0_min: float
    cycle_no: int | None
    started_at: Instant | None
    started_by: str | None
    cycle_ended_at: Instant | None
    added_by: str
    removed_at: Instant | None
    clean: bool | None
    intact: bool | None
    dry: bool | None
    seen_at: Instant | None
    seen_by: str | None
    tests: list[FileTest]
    records: list[FileRecord]
    controls: list[ControlOut]
    decision: FileDecision | None


class FileStay(Wire):
    """Where the set was, from when to when; `depth` 0 directly, 1 with its crate, 2 with the crate's vehicle. Who gave
    and took, when it came by a hand-over."""

    place_id: UUID
    place_name: str
    place_kind: str
    site_id: UUID | None
    site_name: str | None
    depth: int
    since: Instant
    until: Instant | None
    handover_id: UUID | None
    given_by: str | None
    given_at: Instant | None
    taken_by: str | None
    taken_at: Instant | None


class FileEntry(Wire):
    """One thing that was done to the run, its loads, its use, its issues. `station`, `place_id`: of the device."""

    id: UUID
    seq: int
    kind: str
    subject_kind: str
    subject_id: UUID
    occurred_at: Instant
    recorded_at: Instant
    actor: str
    person_id: UUID | None
    role: str | None
    device_id: UUID | None
    station: str | None
    place_id: UUID | None
    place_name: str | None
    row: Mapping[str, JsonValue]
    facts: Mapping[str, JsonValue]
    corrects: UUID | None


class FileUse(Wire):
    """The use that ended the run."""

    id: UUID
    operation_ref: str
    used_at: Instant
    place_id: UUID | None
    override_by: UUID | None
    override_reason: str | None


class FileBlock(Wire):
    """What forbids to touch it at this instant; `cause_id`: the hold or recall, null for an expiry."""

    kind: Literal["prion", "quality", "owner", "recall", "expired"]
    code: Literal["ON_HOLD", "RECALLED", "EXPIRED"]
    cause_id: UUID | None


class FileRecall(Wire):
    """A recall that names the run, also an ended one."""

    recall_id: UUID
    line_id: UUID
    state: LineState
    ended: LineEnd | None
    ended_at: Instant | None


class RunFile(Wire):
    """Everything about one turn of one set, on one page."""

    run: RunOut
    lines: list[FileLine]
    loads: list[FileLoad]
    use: FileUse | None
    stays: list[FileStay]
    blocks: list[FileBlock]
    recalls: list[FileRecall]
    issues: list[FileIssue]
    entries: list[FileEntry]


class SetTurn(Wire):
    """One run of a set in its file; `load_id`: its sterilising load."""

    id: UUID
    stage: RunStage
    stage_since: Instant
    label: str | None
    rewash_count: int
    washes: int
    load_id: UUID | None
    cycle_no: int | None
    outcome: Literal["release", "reject"] | None
    sterile_on: date | None
    expires_on: date | None
    released_at: Instant | None
    ended_at: Instant | None
    end_reason: str | None
    operation_ref: str | None
    used_at: Instant | None
    created_at: Instant


class SetPlace(Wire):
    """A place that holds the set, `depth` 0 directly, 1 through a crate, 2 through its vehicle."""

    id: UUID
    kind: str
    site_id: UUID | None
    name: str
    depth: int


class SetInstrument(Wire):
    """A marked instrument of the set."""

    id: UUID
    code: str
    model_id: UUID
    model: str
    status: str
    runs_count: int


class SetFile(Wire):
    """A set: where it is, what blocks it, its instruments, its runs from the newest on (200 at most)."""

    id: UUID
    owner_id: UUID
    name: str
    tag: str
    status: str
    temporary: bool
    composition_id: UUID
    composition_code: str
    composition_name: str
    composition_version_id: UUID
    composition_no: int
    places: list[SetPlace]
    blocks: list[FileBlock]
    instruments: list[SetInstrument]
    issues: list[FileIssue]
    runs: list[SetTurn]
