"""A machine as the base holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from cooperation.trace.rows import Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Traced):
    """`capacity`: packs. Whether it is ready is reckoned: in service, idle, tests of the local day conform.
    `tests_from`: older tests do not count (maintenance, requalification). `requalify_since`: since when it may not come
    back without a requalification."""

    TABLE: ClassVar[str] = "machine"
    KIND: ClassVar[str] = "machine"

    group_id: UUID
    site_id: UUID
    name: str
    kind: Literal["washer", "steam", "low_temperature", "sealer"]
    capacity: int
    state: Literal["in_service", "maintenance", "out_of_service"] = "in_service"
    state_since: datetime
    state_reason: str | None = None
    last_cycle_no: int | None = None
    tests_from: datetime | None = None
    requalify_since: datetime | None = None
    retired_at: datetime | None = None
