"""Known numbers over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.known_numbers import service
from telesecretariat.known_numbers.schemas import KnownNumberIn, KnownNumberOut, KnownNumberPatch

router = APIRouter(prefix="/v1", tags=["lines"])
SETUP = operation("setup.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.get("/known-numbers", response_model=Page[KnownNumberOut], openapi_extra=SETUP)
async def list_known_numbers(client_id: UUID, act: ActDep, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Numbers that a client knows, in clear; audited. Refused: `REFERENCE_UNKNOWN` 422 for another's client."""
    return await act.show(service.known_numbers, client_id, cursor, limit)


@router.post("/known-numbers", status_code=201, response_model=KnownNumberOut, openapi_extra=SETUP)
async def add_known_number(body: KnownNumberIn, act: ActDep) -> Response:
    """A professional who is served a little earlier, or a barred number. Refused: `NUMBER_KNOWN` 409."""
    return await act.answer(service.add_known_number, body, status=201)


@router.patch("/known-numbers/{known_id}", response_model=KnownNumberOut, openapi_extra=SETUP)
async def change_known_number(known_id: UUID, body: KnownNumberPatch, act: ActDep) -> Response:
    """Kind or label. Refused: `VERSION_STALE` 412 with `If-Match`."""
    return await act.answer(service.change_known_number, known_id, body, act.if_match())


@router.delete("/known-numbers/{known_id}", status_code=204, openapi_extra=SETUP)
async def forget_known_number(known_id: UUID, act: ActDep) -> Response:
    """Forgets a number: who may be known or barred is erased when the reason is gone."""
    return await act.answer(service.forget_known_number, known_id)
