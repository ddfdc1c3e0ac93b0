"""Wire types of loans."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from cooperation.issues.wording import StaffNote
from cooperation.loans.rows import LoanState
from cooperation.members.marks import set_mark
from cooperation.uses.operation_ref import OperationRef
from maillage.wire import Line, Wire

Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,60}$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
Mark = Annotated[str, Field(max_length=512), AfterValidator(set_mark)]


class LentLine(Wire):
    """So many instruments of one article of the supplier."""

    reference: Reference
    name: Line
    quantity: int = Field(ge=1, le=500)


class LoanIn(Wire):
    """A set that a supplier lends for a hospital. `ifu_ref`: where its instructions for use are. The plant, which
    enters what came unannounced, names the supplier."""

    reference: Reference
    site_id: UUID
    due_on: date
    lines: list[LentLine] = Field(min_length=1, max_length=200)
    operation_ref: OperationRef | None = None
    ifu_ref: Line | None = None
    supplier_id: UUID | None = None


class CountedLine(Wire):
    """So many were there."""

    reference: Reference
    quantity: int = Field(ge=0, le=500)


class LoanCount(Wire):
    """What was counted. In: `tag` is the mark that the plant gives the set for its stay, `place_id` where it is (the
    reception unless said); programmes are those of the instructions for use, else the strictest of the plant."""

    direction: Literal["in", "out"]
    lines: list[CountedLine] = Field(max_length=200)
    tag: Mark | None = None
    place_id: UUID | None = None
    ifu_ref: Line | None = None
    wash_programme: Code | None = None
    programme: Code | None = None


class LoanClose(Wire):
    """Why a loan ends though the counts differ."""

    reason: StaffNote


class LentOut(Wire):
    """One line as announced."""

    reference: str
    name: str
    quantity: int


class LoanOut(Wire):
    """A loan. `missing_in`: short at the count in, against what was announced; `missing_out`: short at the last count
    out, against the count in. `washes_needed`: before its first use."""

    id: UUID
    supplier_id: UUID
    reference: str
    site_id: UUID
    operation_ref: str | None
    due_on: date
    state: LoanState
    announced: bool
    ifu_ref: str | None
    set_id: UUID | None
    lines: list[LentOut]
    counted_in: list[CountedLine] | None
    counted_out: list[CountedLine] | None
    missing_in: dict[str, int]
    missing_out: dict[str, int]
    washes_needed: int
    created_at: datetime
    version: int
