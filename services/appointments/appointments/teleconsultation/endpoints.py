"""HTTP of teleconsultations: the practitioner's door, and the way over to the telephone."""

from uuid import UUID

from fastapi import APIRouter, Response

from appointments.appointments.schemas import ChangedOut
from appointments.teleconsultation import joining, service
from appointments.teleconsultation.schemas import ByPhoneIn, RoomOut
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["teleconsultation"])
WRITE = operation("appointment.write", klass="critical", timeout_s=15)


@router.post("/appointments/{appointment_id}/room", response_model=RoomOut, openapi_extra=WRITE)
async def enter_room(appointment_id: UUID, act: ActDep) -> RoomOut:
    """Where the practitioner of the visit joins it, from 30 minutes before the start; the room is opened if need be.

    Refused: `NOT_ALLOWED` 403 for another's visit; `NOT_BY_VIDEO`, `ROOM_NOT_OPEN` 409; `VIDEO_UNAVAILABLE` 503 (then
    `by-phone`); `NOT_FOUND` 404.
    """
    return await joining.host(act.database, act.principal, appointment_id)


@router.post("/appointments/{appointment_id}/by-phone", response_model=ChangedOut, openapi_extra=WRITE)
async def continue_by_phone(appointment_id: UUID, body: ByPhoneIn, act: ActDep) -> Response:
    """The visit goes on by telephone at the same time; the patient is told, his page says which number is called. With
    no number known, the telesecretaries are asked to find one.

    Refused: `NOT_BY_VIDEO`, `WRONG_STATE` 409, `VERSION_STALE` 412, `NOT_ALLOWED` 403, `NOT_FOUND` 404.
    """
    return await act.answer(service.by_phone, appointment_id, body, act.if_match())
