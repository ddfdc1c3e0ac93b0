"""Shared orders and their lines as the base holds them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from cooperation.orders.domain import State
from cooperation.trace.rows import Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Traced):
    """One order of one flow for one site of a member, whose row it is. `wanted_on`: local day. `reason`: why it was
    declined. `crate_ids`: what it travels in. `prepared_by`, `checked_by`: who, as `person:<id>`."""

    TABLE: ClassVar[str] = "flow_order"
    KIND: ClassVar[str] = "order"

    group_id: UUID
    flow_id: UUID
    site_id: UUID
    state: State = "draft"
    wanted_on: date
    reason: str | None = None
    sent_at: datetime | None = None
    crate_ids: list[UUID]
    checked_by: str | None = None
    prepared_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Traced):
    """So many of one item, in the unit of the flow. Once prepared for crates it is a parcel: its custody says where it
    is. `temperature_c`: read at reception; `blocked`: out of range, until the pharmacist decides (`decided_why`)."""

    TABLE: ClassVar[str] = "order_line"
    KIND: ClassVar[str] = "order_line"

    group_id: UUID
    order_id: UUID
    item_id: UUID
    ordered: int
    prepared: int | None = None
    received: int | None = None
    lot: str | None = None
    temperature_c: float | None = None
    blocked: bool = False
    decided_why: str | None = None
