"""Wire types of the board."""

from datetime import date, datetime
from uuid import UUID

from cooperation.demand.schemas import NeedOut
from cooperation.urgent.schemas import UrgentOut
from maillage.wire import Wire


class NeedCounts(Wire):
    """Needs of planned operations, by how they stand."""

    covered: int = 0
    arriving: int = 0
    at_risk: int = 0
    short: int = 0


class IssueCounts(Wire):
    """Open non-conformities by severity."""

    minor: int = 0
    major: int = 0
    critical: int = 0


class Late(Wire):
    """What should have happened by now."""

    records_overdue: int
    stops_late: int
    handovers_overdue: int
    soaking_too_long: int
    sets_not_back: int


class MachineNotReady(Wire):
    """A machine that cannot be started, and why (codes); one that runs is not listed."""

    machine_id: UUID
    name: str
    kind: str
    reasons: list[str]


class BoardOut(Wire):
    """The day at `at`: `needs` of operations until `until`, the end of the next local day; `needs_open`: the first 50
    of them at risk or short; `urgent`: open requests, the soonest first. A hospital sees its own rows."""

    at: datetime
    local_day: date
    until: datetime
    needs: NeedCounts
    needs_open: list[NeedOut]
    late: Late
    urgent: list[UrgentOut]
    issues: IssueCounts
    machines_not_ready: list[MachineNotReady]
    loads_to_decide: int
    loans_expected: int
    to_settle: int
