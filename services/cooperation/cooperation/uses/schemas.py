"""Wire types of uses."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from cooperation.issues.wording import StaffLine
from cooperation.uses.operation_ref import OperationRef
from maillage.wire import Instant, Wire


class OverrideIn(Wire):
    """A clinician takes a blocked pack all the same, in an emergency. `reason`: why, never a word about a patient."""

    reason: StaffLine | None = None


class UseIn(Wire):
    """A pack is used. `code`: its label or its set's mark, as the scanner read it. `intact`: whether the pack was found
    whole and dry. `unused`: lines of the composition whose instruments did not serve; null when nobody looked.
    `place_id`: the theatre; without it, the only one of the site where the set is."""

    code: Annotated[str, Field(max_length=2000)]
    operation_ref: OperationRef
    used_at: Instant
    intact: bool
    unused: Annotated[list[UUID], Field(max_length=200)] | None = None
    place_id: UUID | None = None
    override: OverrideIn | None = None


class UseOut(Wire):
    """A use. `next_run_id`: the run in which the set goes back. `overridden`: the pack was blocked, and a clinician
    took it all the same."""

    id: UUID
    run_id: UUID
    set_id: UUID
    operation_ref: str
    used_at: Instant
    place_id: UUID | None
    overridden: bool
    override_by: UUID | None
    override_reason: str | None
    next_run_id: UUID | None
    version: int
