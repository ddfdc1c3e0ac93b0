"""Hand-overs over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.handovers import service
from telesecretariat.handovers.schemas import HandoverIn, HandoverItem, HandoverOut, HandoverState

router = APIRouter(prefix="/v1", tags=["handovers"])


@router.get("/handovers", response_model=Page[HandoverItem], openapi_extra=operation("call.handle"))
async def handovers(
    act: ActDep,
    client_id: UUID | None = None,
    state: HandoverState | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Hand-overs of the clients that the caller answers for, newest first."""
    return await act.show(service.handovers, client_id, state, limit, cursor)


@router.post("/handovers", response_model=HandoverOut, status_code=201, openapi_extra=operation("call.handle"))
async def begin_handover(body: HandoverIn, act: ActDep) -> Response:
    """A draft with the open tasks, messages and callbacks of the client, and one's own remarks. Refused: `NOT_FOUND`
    for a client out of reach."""
    return await act.answer(service.begin, body, status=201)


@router.get("/handovers/{handover_id}", response_model=HandoverOut, openapi_extra=operation("call.handle"))
async def handover(handover_id: UUID, act: ActDep) -> Response:
    """One hand-over with what is left; audited."""
    return await act.show(service.handover, handover_id)


@router.post("/handovers/{handover_id}/sign", response_model=HandoverOut, openapi_extra=operation("call.handle"))
async def sign_handover(handover_id: UUID, act: ActDep) -> Response:
    """Who leaves signs; what is left is kept as it is at this moment. Refused: `HANDOVER_OF_OTHER`, `WRONG_STATE`."""
    return await act.answer(service.sign, handover_id)


@router.post("/handovers/{handover_id}/acknowledge", response_model=HandoverOut, openapi_extra=operation("call.handle"))
async def acknowledge_handover(handover_id: UUID, act: ActDep) -> Response:
    """Who comes has read it. Refused: `HANDOVER_NOT_SIGNED`, `HANDOVER_OWN`, `WRONG_STATE`."""
    return await act.answer(service.acknowledge, handover_id)
