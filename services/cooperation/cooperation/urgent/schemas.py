"""Wire types of urgent requests."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from cooperation.demand.schemas import CompositionName
from cooperation.issues.wording import StaffNote
from cooperation.urgent.rows import UrgentState
from cooperation.uses.operation_ref import OperationRef
from maillage.wire import Instant, Wire


class UrgentIn(Wire):
    """A set is needed at a site by an instant. `reason`: for who decides; no word about a patient."""

    composition: CompositionName
    site_id: UUID
    needed_at: Instant
    reason: StaffNote
    operation_ref: OperationRef | None = None


class UrgentDecision(Wire):
    """What the manager answers. `run_id`: another run than the one proposed. `sign_p50`: he signs for the median, one
    in two, where the 90th percentile is too late. `why` is asked for a refusal."""

    outcome: Literal["promised", "declined"]
    run_id: UUID | None = None
    sign_p50: bool = False
    why: StaffNote | None = None


class Delayed(Wire):
    """A set that the urgent one passes over on the line."""

    run_id: UUID
    set_id: UUID


class UrgentOut(Wire):
    """An urgent request. While it is `asked`, `run_id`, `p50`, `p90` and `delayed` are the proposal of this instant;
    then what was promised: by `promised_at`. A hospital reads of `delayed` its own sets only, the plant all."""

    id: UUID
    composition_id: UUID
    site_id: UUID
    operation_ref: str | None
    reason: str
    needed_at: datetime
    state: UrgentState
    run_id: UUID | None
    p50: datetime | None
    p90: datetime | None
    promised_at: datetime | None
    delayed: list[Delayed]
    decided_why: str | None
    settled_at: datetime | None
    created_at: datetime
    version: int
