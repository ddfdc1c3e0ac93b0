"""Wire types of issues."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.cooperation import RunStage
from cooperation.issues.rows import About, Severity
from cooperation.issues.wording import StaffNote
from maillage.wire import Patch, Wire

Kind = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class SubjectIn(Wire):
    """What it is about."""

    kind: About
    id: UUID


class IssueIn(Wire):
    """A non-conformity. `code`: the thing as the scanner read it, or `subject`. `kind`: what was seen (`torn_pack`,
    `soil_seen`, `instrument_missing`…). `words`: for staff, never of a patient."""

    kind: Kind
    code: Annotated[str, Field(max_length=2000)] | None = None
    subject: SubjectIn | None = None
    severity: Severity = "major"
    words: StaffNote | None = None


class IssuePatch(Patch):
    """The analysis: where it came from, why, what is done. `state` `closed` needs cause and action."""

    EMPTIABLE = frozenset({"stage_of_origin", "cause", "action"})

    severity: Severity | None = None
    stage_of_origin: RunStage | None = None
    cause: StaffNote | None = None
    action: StaffNote | None = None
    state: Literal["analysed", "closed"] | None = None


class IssueOut(Wire):
    """A non-conformity. While it is not closed, the load `load_id` is not released."""

    id: UUID
    organisation_id: UUID
    kind: str
    severity: Severity
    state: Literal["open", "analysed", "closed"]
    stage_seen: str | None
    stage_of_origin: str | None
    subject_kind: About
    subject_id: UUID
    load_id: UUID | None
    words: str | None
    cause: str | None
    action: str | None
    opened_by: str
    created_at: datetime
    closed_at: datetime | None
    version: int
