"""Wire types of machines: their readiness, tests and states."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from cooperation.issues.wording import StaffLine
from cooperation.machines.domain import Kind, Result, State, TestKind
from maillage.wire import Instant, Line, Wire


class TestDone(Wire):
    """A test of a machine. `tested_at`: now, unless said; its local day counts."""

    __test__ = False

    kind: TestKind
    result: Result
    tested_at: Instant | None = None


class TestOut(Wire):
    """A test as it was made."""

    __test__ = False

    id: UUID
    machine_id: UUID
    kind: TestKind
    local_day: date
    result: Result
    tested_at: datetime
    recorded_by: str
    after_service: bool


class TestAnswer(Wire):
    """The test, and what it makes of the machine."""

    __test__ = False

    test: TestOut
    machine: "MachineState"


class StateChange(Wire):
    """`requalification_ref`: the document that a machine needs to come back from `out_of_service`."""

    state: Literal["in_service", "maintenance", "out_of_service"]
    reason: StaffLine
    requalification_ref: Line | None = None


class MachineState(Wire):
    """Whether a machine may be started now; `reasons` are codes: `maintenance`, `out_of_service`, `retired`,
    `running`, `<test>_missing`, `<test>_failed`."""

    machine_id: UUID
    name: str
    kind: Kind
    state: State
    state_since: datetime
    ready: bool
    reasons: list[str]
    local_day: date


TestAnswer.model_rebuild()
