"""Reading and noting calls, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.calls.reading import noting, service
from telesecretariat.calls.reading.schemas import CallContext, CallFile, CallItem, CallPatch, CallsWish, Timeline

router = APIRouter(prefix="/v1", tags=["calls"])
READ = operation("call.handle|floor.supervise")


@router.get("/calls", response_model=Page[CallItem], openapi_extra=READ)
async def calls(act: ActDep, wish: Annotated[CallsWish, Query()]) -> Response:
    """Calls in reach by the instant at which they arrived, newest first; without number, note or patient.

    Refused: `TIME_INVALID`, `CURSOR_INVALID` 422.
    """
    return await act.show(service.calls, wish)


@router.get("/calls/{call_id}", response_model=CallFile, openapi_extra=READ)
async def call(call_id: UUID, act: ActDep) -> Response:
    """One call with its number and note; each reading is in the audit. Refused: `NOT_FOUND` 404."""
    return await act.show(service.read, call_id)


@router.get("/calls/{call_id}/timeline", response_model=Timeline, openapi_extra=READ)
async def call_timeline(call_id: UUID, act: ActDep) -> Response:
    """What happened to a call, first to last, in codes and ids. Audited. Refused: `NOT_FOUND` 404."""
    return await act.show(service.timeline, call_id)


@router.get("/calls/{call_id}/context", response_model=CallContext, openapi_extra=READ)
async def call_context(call_id: UUID, act: ActDep) -> Response:
    """What to know before speaking: the last five calls of the number or the patient, open messages and callbacks, the
    repeat flag, a red flag of the last 24 hours, what this call has booked. Audited. Refused: `NOT_FOUND` 404.
    """
    return await act.show(service.context, call_id)


@router.patch("/calls/{call_id}", response_model=CallFile, openapi_extra=operation("call.handle"))
async def note_call(call_id: UUID, body: CallPatch, act: ActDep) -> Response:
    """Notes what is learnt; only the fields sent change. `If-Match` is honoured (412 with the present ETag).

    Refused: `NOT_YOUR_CALL` 403, `UNKNOWN_MOTIVE`, `UNKNOWN_OUTCOME`, `UNKNOWN_PLACE`, `PHONE_INVALID` 422,
    `NOTE_TOO_LONG` 413 over 64 KiB, `NUMBER_KNOWN` 409, `NOT_FOUND` 404.
    """
    return await act.answer(noting.note, call_id, body, act.if_match())
