"""Wire types of loads, their evidence, controls and decision."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from cooperation.issues.wording import about_no_patient
from cooperation.loads.evidence import ItemName, State
from cooperation.loads.rows import LoadKind, LoadState
from maillage.wire import Instant, Line, Note, Wire

CycleNo = int
ControlKind = Literal["integrator", "biological", "helix", "soil"]
Outcome = Literal["release", "reject"]


class LoadIn(Wire):
    """A new load on a machine, with the programme that it will run."""

    machine_id: UUID
    programme_id: UUID


class ProgrammeChange(Wire):
    """The programme of a load that has not started."""

    programme_id: UUID


class RunIn(Wire):
    """A run that goes into a load."""

    run_id: UUID


class SeenIn(Wire):
    """What was seen of a pack when it came out: `intact` and `dry` of a sterilised one, `clean` of a washed set."""

    intact: bool | None = None
    dry: bool | None = None
    clean: bool | None = None


class StartIn(Wire):
    """`cycle_no`: what the machine's display says; without it, the first record of this machine tells."""

    cycle_no: int | None = Field(None, ge=1, le=2**53)


class LoadRunOut(Wire):
    """A run in a load, and what was seen of it."""

    run_id: UUID
    intact: bool | None
    dry: bool | None
    clean: bool | None
    seen_at: datetime | None
    added_by: str


class EvidenceItem(Wire):
    """One item of the evidence: `done` of `of` packs; `codes` say what is missing or failed."""

    item: ItemName
    state: State
    done: int | None = None
    of: int | None = None
    codes: list[str] = []


class DecisionIn(Wire):
    """`release` (of a wash: accept) or `reject`, with its reason. The verdict is the server's."""

    outcome: Outcome
    reason: Annotated[Note, AfterValidator(about_no_patient)] | None = None


class DecisionOut(Wire):
    """The decision, once. `evidence_hash` is what was signed."""

    id: UUID
    outcome: Outcome
    person_id: UUID
    role: str
    signatory_id: UUID | None
    decided_at: datetime
    reason: str | None
    evidence_hash: str


class LoadItem(Wire):
    """A load in a list."""

    id: UUID
    machine_id: UUID
    programme_id: UUID
    kind: LoadKind
    cycle_no: int | None
    state: LoadState
    started_at: datetime | None
    ends_by: datetime | None
    cycle_ended_at: datetime | None
    decided_at: datetime | None
    created_at: datetime


class LoadOut(LoadItem):
    """One load. `evidence` and `evidence_hash` (the ETag) are for who reaches the whole load; once it is decided, they
    are what was signed. A member sees its own runs."""

    opened_by: str
    started_by: str | None
    runs: list[LoadRunOut]
    evidence: list[EvidenceItem] | None
    evidence_hash: str | None
    decision: DecisionOut | None


class ControlIn(Wire):
    """A control was read: integrator, biological indicator, helix, soil test. The last reading of a kind counts."""

    kind: ControlKind
    result: Literal["conform", "failed"]
    read_at: Instant | None = None


class ControlOut(Wire):
    """A reading. `recall_needed`: the load is released already, and this reading says that it should not be."""

    id: UUID
    load_id: UUID
    kind: ControlKind
    result: Literal["conform", "failed"]
    read_by: str
    read_at: datetime
    recall_needed: bool = False


class FileRun(Wire):
    """A run on the load's page."""

    run_id: UUID
    owner_id: UUID
    set_id: UUID
    set_name: str
    label: str | None
    stage: str
    sterile_on: date | None
    expires_on: date | None
    intact: bool | None
    dry: bool | None
    clean: bool | None
    seen_at: datetime | None
    seen_by: str | None
    added_by: str


class FileTest(Wire):
    """A test of the machine that the load was started on."""

    id: UUID
    kind: str
    result: str
    tested_at: Instant


class FileIssue(Wire):
    """A non-conformity about the load."""

    id: UUID
    kind: str
    severity: str
    state: str
    created_at: datetime


class FileRecord(Wire):
    """A record and its figures; refused ones are kept and shown."""

    id: UUID
    cycle_no: int | None
    source: str
    accepted: bool
    refused_for: str | None
    sha256: str
    began_at: datetime | None
    ended_at: datetime | None
    verdict: str | None
    failings: list[str]
    figures: dict[str, float | None]
    second_agrees: bool | None
    recorded_by: str
    witness: UUID | None
    created_at: datetime


class LoadFile(Wire):
    """Everything about a load on one page; for a member with its own packs only."""

    load: LoadOut
    machine_name: str
    machine_kind: str
    programme_code: str
    programme_no: int
    programme_name: Line
    temp_c: float
    band_k: float
    plateau_s: int
    a0_min: float
    tests: list[FileTest]
    runs: list[FileRun]
    records: list[FileRecord]
    controls: list[ControlOut]
    issues: list[FileIssue]
