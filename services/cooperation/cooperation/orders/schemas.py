"""Wire types of shared orders."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from cooperation.issues.wording import StaffNote
from cooperation.orders.domain import Direction, State
from maillage.wire import Instant, Wire

FlowCode = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
ItemCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
Lot = Annotated[str, Field(pattern=r"^[!-~]{1,20}$")]
"""As GS1 writes a lot (AI 10)."""
Count = Annotated[int, Field(ge=0, le=100_000)]
Wanted = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]


class LineIn(Wire):
    """So many of one item, in the flow's unit."""

    item: ItemCode
    quantity: int = Field(ge=1, le=100_000)


class OrderIn(Wire):
    """What a site wants on a local day; for a flow that goes from the member (waste, biology), what is to be collected.
    Each item once."""

    flow: FlowCode
    site_id: UUID
    wanted_on: Wanted
    lines: list[LineIn] = Field(min_length=1, max_length=200)


class Declining(Wire):
    """Why."""

    reason: StaffNote


class PreparedLine(Wire):
    """How many were made ready; the lot, where the flow has lots; the crate, by its mark or id, where it travels in
    one."""

    line_id: UUID
    quantity: Count
    lot: Lot | None = None
    crate: Annotated[str, Field(min_length=1, max_length=512)] | None = None


class Preparing(Wire):
    """Each line of the order, once."""

    lines: list[PreparedLine] = Field(min_length=1, max_length=200)


class ReceivedLine(Wire):
    """How many came; the temperature in degrees Celsius, where the flow has a range."""

    line_id: UUID
    quantity: Count
    temperature_c: float | None = Field(None, ge=-100, le=150, allow_inf_nan=False)


class Receiving(Wire):
    """Each line of the order, once. `place_id`: where the goods are put; asked when they came in crates."""

    lines: list[ReceivedLine] = Field(min_length=1, max_length=200)
    place_id: UUID | None = None


class Deciding(Wire):
    """What becomes of a line that was too cold or too warm: `accept` it, or `destroy` it (nothing of it counts as
    received)."""

    outcome: Literal["accept", "destroy"]
    reason: StaffNote


class LineOut(Wire):
    """One line. `place_id`: where it is, a crate while it travels in one."""

    id: UUID
    item: str
    name: str
    ordered: int
    prepared: int | None
    received: int | None
    lot: str | None
    temperature_c: float | None
    blocked: bool
    decided_why: str | None
    place_id: UUID | None
    version: int


class OrderItem(Wire):
    """An order in a list. `member_id`: whose it is."""

    id: UUID
    member_id: UUID
    flow: str
    unit: str
    direction: Direction
    site_id: UUID
    state: State
    wanted_on: date
    sent_at: Instant | None
    version: int


class OrderOut(OrderItem):
    """An order with its lines."""

    reason: str | None
    crate_ids: list[UUID]
    prepared_by: str | None
    checked_by: str | None
    lines: list[LineOut]
