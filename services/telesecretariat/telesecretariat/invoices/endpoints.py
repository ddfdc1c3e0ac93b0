"""What a client owes for a month. Over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.invoices import service
from telesecretariat.invoices.schemas import (
    BilledCall,
    CorrectionIn,
    InvoiceIn,
    InvoiceItem,
    InvoiceOut,
    InvoiceState,
)
from telesecretariat.months import Month

router = APIRouter(prefix="/v1", tags=["invoices"])
READ = operation("report.read", klass="bulk")
WRITE = operation("setup.write", klass="bulk")
Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/invoices", response_model=Page[InvoiceItem], openapi_extra=READ)
async def list_invoices(
    act: ActDep,
    client_id: UUID | None = None,
    month: Month | None = None,
    state: InvoiceState | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Cursor = None,
) -> Response:
    """Drafts and closed invoices of the clients in reach. Refused: `NOT_ALLOWED` 403 to who reads the territory."""
    return await act.show(service.invoices, client_id, month, state, cursor, limit)


@router.post("/invoices", response_model=InvoiceOut, openapi_extra=WRITE)
async def draft_invoice(body: InvoiceIn, act: ActDep) -> Response:
    """The draft of a month, made or reckoned again: what has a price in the contract and happened in that month.

    Refused: `NOT_FOUND` 404 for a client out of reach, `INVOICE_CLOSED` 409.
    """
    return await act.answer(service.draft, body)


@router.get("/invoices/{invoice_id}", response_model=InvoiceOut, openapi_extra=READ)
async def read_invoice(invoice_id: UUID, act: ActDep) -> Response:
    """One invoice with its lines, in cents, and its ETag. Refused: `NOT_FOUND` 404, `NOT_ALLOWED` 403."""
    return await act.show(service.invoice, invoice_id)


@router.get("/invoices/{invoice_id}/lines/{line_id}/calls", response_model=Page[BilledCall], openapi_extra=READ)
async def billed_calls(
    invoice_id: UUID,
    line_id: UUID,
    act: ActDep,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = None,
) -> Response:
    """The calls behind a line, as many as it counts, without number, patient or note. Audited. Refused: `NOT_FOUND`
    404, `NOT_ALLOWED` 403, `CURSOR_INVALID` 422."""
    return await act.show(service.billed_calls, invoice_id, line_id, cursor, limit)


@router.post("/invoices/{invoice_id}/close", response_model=InvoiceOut, openapi_extra=WRITE)
async def close_invoice(invoice_id: UUID, act: ActDep) -> Response:
    """Settles a month for ever, with the hash of its lines. `If-Match` is honoured.

    Refused: `MONTH_NOT_OVER`, `INVOICE_CLOSED`, `INVOICE_OUTDATED` 409, `VERSION_STALE` 412, `NOT_FOUND` 404.
    """
    return await act.answer(service.close, invoice_id, act.if_match())


@router.post("/invoices/{invoice_id}/corrections", response_model=InvoiceOut, openapi_extra=WRITE)
async def credit_line(invoice_id: UUID, body: CorrectionIn, act: ActDep) -> Response:
    """A credit, on this draft, for a line of an earlier closed invoice of the client: by a manager of the provider.

    Refused: `CREDIT_OF_PROVIDER` 403, `INVOICE_CLOSED` 409, `VERSION_STALE` 412, `LINE_NOT_CORRECTABLE`,
    `CREDIT_TOO_LARGE` 422, `NOT_FOUND` 404.
    """
    return await act.answer(service.correct, invoice_id, body, act.if_match())


@router.delete("/invoices/{invoice_id}/corrections/{line_id}", response_model=InvoiceOut, openapi_extra=WRITE)
async def drop_credit(invoice_id: UUID, line_id: UUID, act: ActDep) -> Response:
    """Takes a credit off a draft again. Refused: as for giving it."""
    return await act.answer(service.drop_credit, invoice_id, line_id, act.if_match())
