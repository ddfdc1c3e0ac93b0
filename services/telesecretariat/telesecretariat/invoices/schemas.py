"""Wire types of invoices. Money is whole cents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from maillage.wire import Wire
from telesecretariat.months import Month

InvoiceState = Literal["draft", "closed"]
LineKind = Literal["call_answered", "callback", "appointment", "message", "monthly"]
CreditReason = Literal["not_owed", "duplicate", "wrong_client", "service_failure", "goodwill"]


class InvoiceIn(Wire):
    """Whose month is reckoned."""

    client_id: UUID
    month: Month


class CorrectionIn(Wire):
    """How many of a line of an earlier, closed invoice are credited, and why."""

    line_id: UUID
    count: Annotated[int, Field(ge=1, le=1_000_000)]
    reason: CreditReason


class InvoiceItem(Wire):
    """An invoice in a list."""

    id: UUID
    client_id: UUID
    month: Month
    state: InvoiceState
    total_cents: int
    closed_at: datetime | None
    version: int
    created_at: datetime


class InvoiceLineOut(Wire):
    """`amount_cents` = `count` x `unit_cents`. All but monthly lines and credits open on so many calls."""

    id: UUID
    kind: LineKind
    count: int
    unit_cents: int
    amount_cents: int
    corrects_id: UUID | None
    reason: CreditReason | None


class InvoiceOut(InvoiceItem):
    """An invoice with its lines. `hash`: SHA-256 in hexadecimal digits of a closed one."""

    hash: str | None
    closed_by: UUID | None
    lines: Sequence[InvoiceLineOut]


class BilledCall(Wire):
    """A call behind a line, without number, patient or note: whoever may read those opens the call by its id."""

    id: UUID
    line_id: UUID
    direction: Literal["inbound", "outbound", "callback"]
    arrived_at: datetime
    answered_at: datetime | None
    talk_s: float
    hold_s: float
