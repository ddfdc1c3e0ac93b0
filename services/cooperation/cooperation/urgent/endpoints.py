"""Urgent requests over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.urgent import service
from cooperation.urgent.rows import UrgentState
from cooperation.urgent.schemas import UrgentDecision, UrgentIn, UrgentOut
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["urgent"])
WRITE = operation("programme.write")
READ = operation("set.read")


@router.get("/urgent_requests", response_model=Page[UrgentOut], openapi_extra=READ)
async def list_urgent_requests(
    act: ActDep,
    state: UrgentState | None = None,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Urgent requests, the oldest first."""
    return await act.show(service.requests, state, cursor, limit)


@router.post("/urgent_requests", status_code=201, response_model=UrgentOut, openapi_extra=WRITE)
async def ask_urgently(body: UrgentIn, act: ActDep, dry_run: Annotated[bool, Query()] = False) -> Response:
    """A set is needed sooner than it would come. The answer proposes: the set that can be there first, when (`p50`,
    `p90`), and whom it would pass over. With `dry_run`: 200, the same answer, nothing is asked. Refused: 422
    `REFERENCE_UNKNOWN`, `TIME_INVALID`, `PATIENT_DATA_SUSPECTED`."""
    if not dry_run:
        return await act.answer(service.ask, body, status=201)
    try:
        await act.run(service.rehearse, body)
    except service.Rehearsed as rehearsed:
        return Response(rehearsed.out.model_dump_json(), media_type="application/json")
    raise AssertionError("a rehearsal always ends by Rehearsed")


@router.get("/urgent_requests/{request_id}", response_model=UrgentOut, openapi_extra=READ)
async def show_urgent_request(request_id: UUID, act: ActDep) -> Response:
    """One request; while it is asked, with the proposal of this instant."""
    return await act.show(service.request_file, request_id)


@router.post("/urgent_requests/{request_id}/decide", response_model=UrgentOut, openapi_extra=WRITE)
async def decide_urgent_request(request_id: UUID, body: UrgentDecision, act: ActDep) -> Response:
    """The group's manager promises or declines. Promised by p90 when that is in time; by p50 only with `sign_p50`.
    Refused: `PROMISE_IMPOSSIBLE` with `p50`, `p90`; `WRONG_STATE`; 403 `ROLE_REQUIRED`; 422 `REASON_REQUIRED`."""
    return await act.answer(service.decide, request_id, body)
