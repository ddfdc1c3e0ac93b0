"""HTTP of messages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.messages import service
from appointments.messages.schemas import Kind, MessageOut, State
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["messages"])


@router.get("/messages", response_model=Page[MessageOut], openapi_extra=operation("message.read"))
async def messages(
    act: ActDep,
    appointment_id: UUID | None = None,
    patient_id: UUID | None = None,
    kind: Kind | None = None,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """What was sent to patients, newest first; contacts are masked. Filter by appointment, patient,
    kind or state."""
    return await act.show(service.messages, appointment_id, patient_id, kind, state, limit, cursor)


@router.post("/messages/{message_id}/resend", response_model=MessageOut, openapi_extra=operation("message.read"))
async def resend(message_id: UUID, act: ActDep) -> Response:
    """Sends a message once more. Refused: `WRONG_STATE` while under way, or when the appointment has changed since."""
    return await act.answer(service.resend, message_id)
