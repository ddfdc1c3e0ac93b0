"""Agents: their desk, their state. Over HTTP."""

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.agents import service, sessions, softphones
from telesecretariat.agents.schemas import AgentOut, Heartbeat, SessionIn, SessionOut, Softphone, StateIn

router = APIRouter(prefix="/v1", tags=["agents"])
HANDLE = operation("call.handle", klass="critical")


@router.post("/agents/me/session", response_model=SessionOut, openapi_extra=HANDLE)
async def open_desk(body: SessionIn, act: ActDep) -> Response:
    """Opens one's desk with the telephone that rings; the first time makes the agent. The lease lasts 25 s from each
    sign of life.

    Refused: `NO_LINE` 409 without an assignment, `DESK_ALREADY_OPEN` 409 unless `take_over`: the other window only
    reads then.
    """
    return await act.answer(sessions.open_session, body)


@router.get("/agents/me/softphone", response_model=Softphone, openapi_extra=HANDLE)
async def read_softphone(act: ActDep) -> Response:
    """What the telephone in one's browser registers with, for an hour; read again before.

    Refused: `AGENT_OFFLINE` 409, `SOFTPHONE_OFF` 409 where the desk rings another telephone.
    """
    return await act.show(softphones.credentials)


@router.put("/agents/me/session", response_model=SessionOut, openapi_extra=HANDLE)
async def beat_desk(body: Heartbeat, act: ActDep) -> Response:
    """A sign of life, every 10 s, and at once when the telephone in the browser registers or is lost. Back within a
    minute, the agent is what she was.

    Refused: `DESK_TAKEN_OVER` 409, `AGENT_OFFLINE` 409.
    """
    return await act.answer(sessions.beat, body)


@router.delete("/agents/me/session", status_code=204, openapi_extra=HANDLE)
async def close_desk(act: ActDep) -> Response:
    """Signs out; again: 204. Refused: `AGENT_BUSY` 409 during a call and its wrap-up."""
    return await act.answer(sessions.close_session, status=204)


@router.put("/agents/me/state", response_model=AgentOut, openapi_extra=HANDLE)
async def wish_state(body: StateIn, act: ActDep) -> Response:
    """Ready, or a pause with its reason. During a call and its wrap-up it becomes `pending_state`.

    Refused: `AGENT_OFFLINE`, `DESK_TAKEN_OVER`, `DEVICE_UNREGISTERED`, `NO_LINE`, `STATE_FORCED` 409,
    `UNKNOWN_REASON` 422.
    """
    return await act.answer(service.wish, body)
