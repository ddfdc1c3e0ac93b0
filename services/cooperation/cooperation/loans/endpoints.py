"""Loans over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.loans import service
from cooperation.loans.rows import LoanState
from cooperation.loans.schemas import LoanClose, LoanCount, LoanIn, LoanOut
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["loans"])
ORDER = operation("order.write")
READ = operation("set.read")


@router.get("/loans", response_model=Page[LoanOut], openapi_extra=READ)
async def list_loans(
    act: ActDep,
    state: LoanState | None = None,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Loans, the oldest first: a hospital's own, a supplier's own, for the plant all."""
    return await act.show(service.loans, state, cursor, limit)


@router.post("/loans", status_code=201, response_model=LoanOut, openapi_extra=ORDER)
async def announce_loan(body: LoanIn, act: ActDep) -> Response:
    """A supplier announces a set that it lends; the plant enters one that came unannounced, with an issue. Refused:
    `LOAN_KNOWN`, 403 `ROLE_REQUIRED` for who lends nothing, 422 `REFERENCE_UNKNOWN`, `PATIENT_DATA_SUSPECTED`."""
    return await act.answer(service.announce, body, status=201)


@router.get("/loans/{loan_id}", response_model=LoanOut, openapi_extra=READ)
async def show_loan(loan_id: UUID, act: ActDep) -> Response:
    """One loan. Refused: `NOT_FOUND`."""
    return await act.show(service.loan_file, loan_id)


@router.post("/loans/{loan_id}/count", response_model=LoanOut, openapi_extra=operation("scan.write"))
async def count_loan(loan_id: UUID, body: LoanCount, act: ActDep) -> Response:
    """Counts a loan in: it becomes a temporary set, `received`, to be washed `washes_needed` times first; or out:
    equal to the count in, it is closed and leaves. What differs is accepted, with an issue. Refused: `IFU_MISSING`,
    `WRONG_STATE`, `TAG_TAKEN`, `ON_HOLD`, `WRONG_STAGE`, 403 `ROLE_REQUIRED`, 422 `REFERENCE_UNKNOWN`."""
    return await act.answer(service.count, loan_id, body)


@router.post("/loans/{loan_id}/close", response_model=LoanOut, openapi_extra=ORDER)
async def close_loan(loan_id: UUID, body: LoanClose, act: ActDep) -> Response:
    """The group's manager ends a loan that was counted out with a difference. Refused: `WRONG_STATE`, 403
    `ROLE_REQUIRED`."""
    return await act.answer(service.close, loan_id, body)
