"""The queue over HTTP: what an agent takes and declines."""

from uuid import UUID

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.dispatch import service
from telesecretariat.dispatch.schemas import DeskIn, TakenCall

router = APIRouter(prefix="/v1", tags=["dispatch"])
CLAIM = operation("call.handle", klass="critical")


@router.post(
    "/calls/next",
    response_model=TakenCall,
    responses={204: {"description": "Nobody waits that you may serve."}},
    openapi_extra=CLAIM,
)
async def take_next_call(act: ActDep, body: DeskIn | None = None) -> Response:
    """Takes the call that waits first among those that one may serve, or the one that is offered; callbacks too. 204
    when nobody waits. The same `Idempotency-Key` gets the same answer. The number is shown; audited.

    Refused: `AGENT_NOT_READY`, `AGENT_OFFLINE`, `DESK_TAKEN_OVER`, `DEVICE_UNREGISTERED`, `NO_LINE` 409.
    """
    return await act.answer(service.take_next, body and body.desk_id)


@router.post("/calls/{call_id}/claim", response_model=TakenCall, openapi_extra=CLAIM)
async def claim_call(call_id: UUID, act: ActDep, body: DeskIn | None = None) -> Response:
    """Takes this call: one of many who try has it, her telephone rings. Again by her: the same answer; audited.

    Refused: `CALL_ALREADY_CLAIMED` 409 with `claimed_by` and `claimed_at`, `CALL_GONE` 410, `LINE_OBSERVED_ONLY`,
    `AGENT_NOT_CAPABLE` 409 and those of the next call; `NOT_FOUND` 404 for a call out of reach.
    """
    return await act.answer(service.claim, call_id, body and body.desk_id)


@router.post("/offers/{offer_id}/decline", status_code=204, openapi_extra=CLAIM)
async def decline_offer(offer_id: UUID, act: ActDep) -> Response:
    """The call is offered to another; oneself is not ready (declined). Again: 204. Refused: `OFFER_CLOSED` 410."""
    return await act.answer(service.decline, offer_id, status=204)
