"""What the group decides, with its defaults; each is confirmed before production (design: cooperation, section 10)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from cooperation.members import queries
from maillage.database import Tx
from maillage.refusals import NotAllowed, NotFound
from maillage.wire import Wire

TestKind = Literal["leak", "bowie_dick", "seal", "performance"]


class Parameters(Wire):
    """Minutes and seconds are in the names."""

    soak_alarm_min: int = Field(50, ge=1, le=240)
    soak_on_the_road: bool = True
    tests_of_day: list[TestKind] = ["leak", "bowie_dick"]
    """What a steam steriliser must have passed on the local day before it may start."""
    separation_of_duties: bool = True
    release_proof_s: int = Field(120, ge=30, le=900)
    correction_min: int = Field(30, ge=0, le=1440)
    unattended_h: int = Field(12, ge=1, le=72)
    set_not_back_h: int = Field(24, ge=1, le=240)
    record_overdue_min: int = Field(30, ge=1, le=600)
    theatre_before_min: int = Field(60, ge=0, le=600)
    stop_late_min: int = Field(15, ge=1, le=240)
    loan_washes: int = Field(2, ge=1, le=5)
    second_recorder_k: float = Field(1.0, gt=0, le=5)
    clock_wrong_h: float = Field(24.0, gt=0, le=240)
    """A device whose clock is further off than this is not believed."""
    steam_controls: list[Literal["integrator", "biological", "helix"]] = ["integrator"]
    late_scan_min: int = Field(10, ge=1, le=1440)
    trace_years: int = Field(20, ge=5, le=100)
    prion_years: int = Field(40, ge=20, le=100)


@dataclass(frozen=True, slots=True)
class Group:
    """One cooperation group."""

    id: UUID
    gs1_prefix: str
    zone: ZoneInfo
    parameters: Parameters

    def day(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(self.zone).date()


async def group(tx: Tx, group_id: UUID) -> Group:
    """The group with its parameters. Refused: `NOT_FOUND` out of reach."""
    row = await tx.fetchrow(queries.GROUP, group_id)
    if row is None:
        raise NotFound
    return Group(row["id"], row["gs1_prefix"], ZoneInfo(row["time_zone"]), Parameters.model_validate(row["parameters"]))


async def own_group(tx: Tx) -> Group:
    """The group that the caller works for or is a member of. Refused: `NOT_FOUND` without one."""
    group_id = await tx.fetchval(queries.OWN_GROUP, tx.principal.org)
    if not isinstance(group_id, UUID):
        raise NotFound
    return await group(tx, group_id)


async def staffed_group(tx: Tx) -> Group:
    """The group that the caller works for: what it decides, a member's staff does not, under whatever role. Refused:
    `NOT_FOUND` out of any group, `NOT_ALLOWED` for a member's."""
    of = await own_group(tx)
    if tx.principal.orgs is not None and tx.principal.org != of.id:
        raise NotAllowed
    return of
