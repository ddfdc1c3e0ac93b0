"""Crates, compartments of vehicles, hand-overs and stops as the base holds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from cooperation.trace.rows import Traced

Cleanliness = Literal["clean", "dirty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate(Traced):
    """A place that is carried; `id` is also its place's. `tag`: canonical Digital Link of its GRAI. `load_state`: what
    it holds, or last held: what was taken out elsewhere is not told here, see `crates.holds`. `dirty_since`: null once
    decontaminated. `quarantine`: it was filled in quarantine and goes to quarantine."""

    TABLE: ClassVar[str] = "crate"
    KIND: ClassVar[str] = "crate"

    group_id: UUID
    tag: str
    flow: str = "sterilisation"
    load_state: Literal["empty", "clean", "dirty"] = "empty"
    seal: str | None = None
    destination_id: UUID | None = None
    decontaminated_at: datetime | None = None
    dirty_since: datetime | None = None
    quarantine: bool = False
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compartment(Traced):
    """Part of a vehicle; `id` is also its place's. `capacity`: crates. `both`: clean or dirty, never at once.
    `cleaning_due`: waste was unloaded; nothing rides before it is disinfected."""

    TABLE: ClassVar[str] = "compartment"
    KIND: ClassVar[str] = "compartment"

    group_id: UUID
    vehicle_id: UUID
    cleanliness: Literal["clean", "dirty", "both"]
    capacity: int
    disinfected_at: datetime | None = None
    dirty_since: datetime | None = None
    cleaning_due: bool = False
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(Traced):
    """Crates given by one person and taken by another. `given_by`, `taken_by`: who, as `person:<id>` or `client:<id>`.
    `unattended`: why nobody was there; `take_by`: when it is overdue then."""

    TABLE: ClassVar[str] = "handover"
    KIND: ClassVar[str] = "handover"

    group_id: UUID
    state: Literal["given", "taken"] = "given"
    from_place_id: UUID
    to_place_id: UUID
    stop_id: UUID | None = None
    given_by: str
    given_at: datetime
    unattended: str | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
    take_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Traced):
    """One call of a tour at a site. `promised_at`: when it was promised there. `late_told`: its lateness was told."""

    TABLE: ClassVar[str] = "stop"
    KIND: ClassVar[str] = "stop"

    group_id: UUID
    tour_id: UUID
    position: int
    site_id: UUID
    promised_at: datetime
    state: Literal["expected", "served", "failed"] = "expected"
    reason: str | None = None
    late_told: bool = False
    settled_at: datetime | None = None
