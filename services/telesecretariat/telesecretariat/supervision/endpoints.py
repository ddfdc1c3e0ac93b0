"""Acts of supervisors over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.agents.schemas import AgentOut
from telesecretariat.supervision import service
from telesecretariat.supervision.schemas import AssignIn, CallStands, ForceIn, ReturnIn

router = APIRouter(prefix="/v1", tags=["supervision"])
SUPERVISE = operation("floor.supervise")


@router.post("/agents/{agent_id}/force-state", response_model=AgentOut, openapi_extra=SUPERVISE)
async def force_state(agent_id: UUID, body: ForceIn, act: ActDep) -> Response:
    """Makes an agent ready or not ready (forced), after her call if she has one; she cannot make herself ready for
    `minutes`, unless this lifts it. A reason is required; audited.

    Refused: `AGENT_OFFLINE` 409, `NOT_FOUND` 404.
    """
    return await act.answer(service.force, agent_id, body)


@router.post("/calls/{call_id}/return", response_model=CallStands, openapi_extra=SUPERVISE)
async def return_call(call_id: UUID, body: ReturnIn, act: ActDep) -> Response:
    """Takes a call from its agent back into the queue, first of all. A reason is required; audited.

    Refused: `WRONG_STATE`, `RED_FLAG_OPEN`, `LINE_OBSERVED_ONLY` 409, `NOT_FOUND` 404.
    """
    return await act.answer(service.take_back, call_id, body)


@router.post("/calls/{call_id}/assign", response_model=CallStands, openapi_extra=SUPERVISE)
async def assign_call(call_id: UUID, body: AssignIn, act: ActDep) -> Response:
    """Offers a waiting call to this agent before her turn; audited.

    Refused: `AGENT_NOT_CAPABLE` 409, `WRONG_STATE` 409, `NOT_FOUND` 404.
    """
    return await act.answer(service.assign, call_id, body)
