"""Events of the cooperation service (design: cooperation, section 5). Identifiers and facts: an operation is the
hospital's opaque reference, and nothing else of a patient is here. Each event belongs to the organisation that it
concerns: a load of five hospitals' packs tells each hospital of its own runs only."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Event, Instant

RunStage = Literal[
    "returning", "received", "washing", "washed", "assembled", "packed", "sterilising", "released", "used", "aborted",
]  # fmt: skip
SubjectKind = Literal["set", "crate", "instrument", "parcel"]
NeedState = Literal["covered", "arriving", "at_risk", "short"]
LineState = Literal["in_stock", "in_transit", "allocated", "used", "in_process"]
LineEnd = Literal["secured", "written_off", "acknowledged", "aborted", "cleared"]

SETS = ("cooperation:set.read",)


class CooperationEvent(Event):
    """Seen by whoever may read sets of the organisation; partners may subscribe."""

    READERS = SETS
    PARTNERS: ClassVar[bool] = True


class RunStageChanged(CooperationEvent):
    """A set went on to the next stage of its run, or the run ended."""

    TYPE = "cooperation.run_stage_changed.v1"
    SUBJECT = "run_id"
    HREF = "/api/cooperation/v1/runs/{run_id}"

    run_id: UUID
    set_id: UUID
    composition_id: UUID
    owner_id: UUID
    before: RunStage | None
    stage: RunStage
    load_id: UUID | None
    reason: str | None
    at: Instant
    version: int


class CustodyChanged(CooperationEvent):
    """A set, a crate, an instrument or a parcel is somewhere else."""

    TYPE = "cooperation.custody_changed.v1"
    SUBJECT = "subject_id"
    HREF = "/api/cooperation/v1/custody?subject_id={subject_id}"

    subject_id: UUID
    subject_kind: SubjectKind
    from_place_id: UUID | None
    to_place_id: UUID
    handover_id: UUID | None
    at: Instant


class LoadDecided(CooperationEvent):
    """A load was released or rejected; `run_ids` are those of the organisation told."""

    TYPE = "cooperation.load_decided.v1"
    SUBJECT = "load_id"
    HREF = "/api/cooperation/v1/loads/{load_id}"

    load_id: UUID
    machine_id: UUID
    cycle_no: int | None
    outcome: Literal["release", "reject"]
    run_ids: list[UUID]
    at: Instant


class MachineStateChanged(CooperationEvent):
    """A machine is ready, or why not (codes)."""

    TYPE = "cooperation.machine_state_changed.v1"
    SUBJECT = "machine_id"
    HREF = "/api/cooperation/v1/machines/{machine_id}"

    machine_id: UUID
    state: Literal["in_service", "maintenance", "out_of_service"]
    ready: bool
    reasons: list[str]
    at: Instant


class RecallOpened(CooperationEvent):
    """Packs are recalled, or a recall was extended: `lines` of the organisation told, by what had become of them."""

    TYPE = "cooperation.recall_opened.v1"
    SUBJECT = "recall_id"
    HREF = "/api/cooperation/v1/recalls/{recall_id}"

    recall_id: UUID
    lines: int
    by_state: dict[LineState, int]
    operations: int
    at: Instant


class RecallLineEnded(CooperationEvent):
    """One line of a recall is accounted for."""

    TYPE = "cooperation.recall_line_ended.v1"
    SUBJECT = "recall_id"
    HREF = "/api/cooperation/v1/recalls/{recall_id}"

    recall_id: UUID
    line_id: UUID
    subject_id: UUID
    ended: LineEnd
    left: int
    at: Instant


class RecallClosed(CooperationEvent):
    """Every line is accounted for and two persons have signed."""

    TYPE = "cooperation.recall_closed.v1"
    SUBJECT = "recall_id"
    HREF = "/api/cooperation/v1/recalls/{recall_id}"

    recall_id: UUID
    unfounded: bool
    at: Instant


class HoldPlaced(CooperationEvent):
    """Subjects of the organisation told may not be touched."""

    TYPE = "cooperation.hold_placed.v1"
    SUBJECT = "hold_id"
    HREF = "/api/cooperation/v1/holds/{hold_id}"

    hold_id: UUID
    kind: Literal["prion", "quality", "owner"]
    subject_ids: list[UUID]
    at: Instant


class HoldEnded(CooperationEvent):
    """A hold ended, and how."""

    TYPE = "cooperation.hold_ended.v1"
    SUBJECT = "hold_id"
    HREF = "/api/cooperation/v1/holds/{hold_id}"

    hold_id: UUID
    outcome: Literal["lifted", "destroyed", "double_inactivated"]
    at: Instant


class IssueOpened(CooperationEvent):
    """A non-conformity was seen."""

    TYPE = "cooperation.issue_opened.v1"
    SUBJECT = "issue_id"
    HREF = "/api/cooperation/v1/issues/{issue_id}"

    issue_id: UUID
    kind: str
    severity: Literal["minor", "major", "critical"]
    subject_kind: str
    subject_id: UUID
    at: Instant


class IssueClosed(CooperationEvent):
    """A non-conformity has its cause and its action."""

    TYPE = "cooperation.issue_closed.v1"
    SUBJECT = "issue_id"
    HREF = "/api/cooperation/v1/issues/{issue_id}"

    issue_id: UUID
    kind: str
    at: Instant


class NeedChanged(CooperationEvent):
    """What an operation needs was asked, changed, covered, or is at risk. `p90`: when it is nearly surely there."""

    TYPE = "cooperation.need_changed.v1"
    SUBJECT = "need_id"
    HREF = "/api/cooperation/v1/needs/{need_id}"

    need_id: UUID
    operation_ref: str
    composition_id: UUID
    quantity: int
    state: NeedState
    p90: Instant | None
    at: Instant


class PromiseChanged(CooperationEvent):
    """A set will be there at another time: of an urgent request (`request_id`), or of a run on its way."""

    TYPE = "cooperation.promise_changed.v1"
    SUBJECT = "run_id"
    HREF = "/api/cooperation/v1/runs/{run_id}"

    run_id: UUID
    request_id: UUID | None
    state: Literal["reckoned", "promised", "declined", "kept", "missed"]
    p50: Instant | None
    p90: Instant | None
    promised_at: Instant | None
    at: Instant


class UrgentRequestChanged(CooperationEvent):
    """An urgent request was asked, promised, declined, kept or missed."""

    TYPE = "cooperation.urgent_request_changed.v1"
    SUBJECT = "request_id"
    HREF = "/api/cooperation/v1/urgent_requests/{request_id}"

    request_id: UUID
    composition_id: UUID
    state: Literal["asked", "promised", "declined", "kept", "missed"]
    promised_at: Instant | None
    at: Instant


class HandoverRecorded(CooperationEvent):
    """Crates were given, or taken."""

    TYPE = "cooperation.handover_recorded.v1"
    SUBJECT = "handover_id"
    HREF = "/api/cooperation/v1/handovers/{handover_id}"

    handover_id: UUID
    state: Literal["given", "taken"]
    from_place_id: UUID
    to_place_id: UUID
    crate_ids: list[UUID]
    at: Instant


class StopLate(CooperationEvent):
    """A vehicle will be at a stop later than promised. Minutes. Told of its tour, which has all stops."""

    TYPE = "cooperation.stop_late.v1"
    SUBJECT = "tour_id"
    HREF = "/api/cooperation/v1/tours/{tour_id}"

    stop_id: UUID
    tour_id: UUID
    site_id: UUID
    minutes: int
    at: Instant


class TourChanged(CooperationEvent):
    """A tour was planned or went on, or one of its stops was served or failed. Told to the owner of the vehicle and to
    those at whose sites it stops."""

    TYPE = "cooperation.tour_changed.v1"
    SUBJECT = "tour_id"
    HREF = "/api/cooperation/v1/tours/{tour_id}"

    tour_id: UUID
    state: Literal["planned", "loading", "under_way", "done"]
    at: Instant


class OrderChanged(CooperationEvent):
    """A shared order (laundry, meals, pharmacy…) changed state."""

    TYPE = "cooperation.order_changed.v1"
    SUBJECT = "order_id"
    HREF = "/api/cooperation/v1/orders/{order_id}"

    order_id: UUID
    flow: str
    state: Literal[
        "draft", "sent", "accepted", "declined", "prepared", "in_transit", "received", "closed", "cancelled",
    ]  # fmt: skip
    at: Instant
    version: int


class LoanChanged(CooperationEvent):
    """A set lent by a supplier went on."""

    TYPE = "cooperation.loan_changed.v1"
    SUBJECT = "loan_id"
    HREF = "/api/cooperation/v1/loans/{loan_id}"

    loan_id: UUID
    supplier_id: UUID
    state: Literal["announced", "counted_in", "ready", "used", "counted_out", "closed"]
    at: Instant
    version: int


class ContinuityChanged(CooperationEvent):
    """Another pharmacy sterilises from now on, or no longer."""

    TYPE = "cooperation.continuity_changed.v1"
    SUBJECT = "plan_id"
    PARTNERS: ClassVar[bool] = False

    plan_id: UUID
    state: Literal["active", "ended"]
    at: Instant


class ScanSettled(CooperationEvent):
    """A person said what became of a scan that was refused or came too late."""

    TYPE = "cooperation.scan_settled.v1"
    SUBJECT = "scan_id"
    PARTNERS: ClassVar[bool] = False

    scan_id: UUID
    at: Instant
