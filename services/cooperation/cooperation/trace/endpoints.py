"""Trace over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.trace import correcting, reading
from cooperation.trace.schemas import Correction, TraceEntry
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["trace"])


@router.get("/trace", response_model=Page[TraceEntry], openapi_extra=operation("trace.read"))
async def trace(
    act: ActDep,
    subject: UUID,
    after: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """What was done to a run, a set, a load, a machine…, oldest first; `after`: the `next_cursor` of the page before.
    Empty for a subject out of reach. Refused: `CURSOR_INVALID` 422."""
    return await act.show(reading.trace, subject, after, limit)


@router.get("/trace/{entry_id}", response_model=TraceEntry, openapi_extra=operation("trace.read"))
async def trace_entry(entry_id: UUID, act: ActDep) -> Response:
    """One entry. Refused: `NOT_FOUND`."""
    return await act.show(reading.entry, entry_id)


@router.post("/trace/{entry_id}/correct", response_model=TraceEntry, openapi_extra=operation("scan.write"))
async def correct_entry(entry_id: UUID, body: Correction, act: ActDep) -> Response:
    """Takes an entry back by a new one, which is the answer: by its author for 30 minutes (a parameter of the group),
    then by the group's manager. Refused: `NOT_CORRECTABLE` (records, decisions, signatures, and what other acts hang
    on), `LATER_ENTRIES` (something was done to the subject since), 403 `CORRECTION_NOT_YOURS`, 422 `INVALID` for
    values that the entry does not have."""
    return await act.answer(correcting.correct, entry_id, body)
