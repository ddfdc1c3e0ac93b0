"""A loan as the base holds it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from cooperation.trace.rows import Traced

LoanState = Literal["announced", "counted_in", "ready", "used", "counted_out", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan(Traced):
    """A set lent by a supplier (*ancillaire*) for a hospital, whose row it is. `lines`: what was announced,
    `[{"reference", "name", "quantity"}]`; `counted_in`, `counted_out`: what was there, `[{"reference", "quantity"}]`.
    `ifu_ref`: where the instructions for use are. `announced`: false when it came without a word."""

    TABLE: ClassVar[str] = "loan"
    KIND: ClassVar[str] = "loan"

    group_id: UUID
    supplier_id: UUID
    reference: str
    site_id: UUID
    operation_ref: str | None = None
    due_on: date
    state: LoanState = "announced"
    announced: bool
    ifu_ref: str | None = None
    set_id: UUID | None = None
    lines: list[dict[str, object]]
    counted_in: list[dict[str, object]] | None = None
    counted_out: list[dict[str, object]] | None = None
    washes_needed: int = 2
