"""HTTP of appointments."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.appointments import changes, service
from appointments.appointments.domain import Status
from appointments.appointments.schemas import ActIn, AppointmentOut, BookIn, ChangedOut, HistoryOut, MissIn, MoveIn
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["appointments"])
READ = operation("appointment.read")
WRITE = operation("appointment.write", klass="critical")
PlainEvent = Literal["cancel", "arrive", "fulfil", "leave", "reopen", "void", "confirm", "decline"]


@router.post("/appointments", status_code=201, response_model=ChangedOut, openapi_extra=WRITE)
async def book(body: BookIn, act: ActDep) -> Response:
    """Books a time or a hold for a patient. Send an `Idempotency-Key`: the same key gives the same appointment.

    Refused: `SLOT_TAKEN` 409 with up to five `alternatives`; `SLOT_NOT_OPEN`, `PATIENT_BUSY`, `GAP_TOO_SHORT`,
    `MAX_LIVE`,
    `ONLINE_BLOCKED`, `OVERBOOK_LIMIT`, `HOLD_USED`, `DUPLICATE_SUSPECTED` 409; `HOLD_EXPIRED` 410; `TIME_INVALID`,
    `AGE_NOT_ALLOWED`, `FIRST_VISIT_RULE`, `NOTICE_TOO_SHORT`, `TOO_FAR_AHEAD`, `REASON_REQUIRED` 422; `NOT_ALLOWED`
    403 for an
    overbooking without the right; `NOT_FOUND` 404 for a reason closed to the caller or a patient out of reach.
    """
    return await act.answer(service.book, body, act.language, status=201)


@router.get("/appointments", response_model=Page[AppointmentOut], openapi_extra=READ)
async def list_appointments(  # noqa: PLR0913 - one parameter of the query each
    act: ActDep,
    day: date | None = None,
    site: UUID | None = None,
    practitioner: UUID | None = None,
    patient: UUID | None = None,
    status: Annotated[list[Status] | None, Query(max_length=7)] = None,
    conflict: bool | None = None,
    call_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> Response:
    """Appointments in the caller's reach, by start. `day` is a local day; without day, patient or call: from today
    on.
    """
    asked = service.Filter(day, site, practitioner, patient, status, conflict, call_id)
    return await act.show(service.listed, asked, cursor, limit)


@router.get("/appointments/{appointment_id}", response_model=AppointmentOut, openapi_extra=READ)
async def read_appointment(appointment_id: UUID, act: ActDep) -> Response:
    """One appointment, with its ETag. Refused: `NOT_FOUND` 404, also for one of somebody else."""
    return await act.show(service.read, appointment_id)


@router.get("/appointments/{appointment_id}/history", response_model=HistoryOut, openapi_extra=READ)
async def read_history(appointment_id: UUID, act: ActDep) -> Response:
    """All that happened to it, oldest first: who, in which role, when, why."""
    return await act.show(service.history, appointment_id)


@router.post("/appointments/{appointment_id}/move", response_model=ChangedOut, openapi_extra=WRITE)
async def move_appointment(appointment_id: UUID, body: MoveIn, act: ActDep) -> Response:
    """Another time for the same visit; the old one is given back in the same act, only if the new one could be had.

    Refused: `SLOT_TAKEN`, `SLOT_NOT_OPEN`, `PATIENT_BUSY`, `GAP_TOO_SHORT`, `WRONG_STATE` 409, `MOVE_TOO_LATE` 409
    for the public,
    `TIME_INVALID`, `NOTICE_TOO_SHORT`, `TOO_FAR_AHEAD`, `AGE_NOT_ALLOWED` 422, `VERSION_STALE` 412 with `If-Match`.
    """
    return await act.answer(changes.move, appointment_id, body, act.if_match())


@router.post("/appointments/{appointment_id}/miss", response_model=ChangedOut, openapi_extra=WRITE)
async def miss_appointment(appointment_id: UUID, act: ActDep, body: MissIn | None = None) -> Response:
    """The patient did not come. Practitioners and front desk, from 15 minutes after the start. Refused:
    `MISS_TOO_EARLY` 409.
    """
    return await act.answer(changes.act, appointment_id, "miss", body or MissIn(), act.if_match())


@router.post("/appointments/{appointment_id}/{event}", response_model=ChangedOut, openapi_extra=WRITE)
async def change_appointment(
    appointment_id: UUID, event: PlainEvent, act: ActDep, body: ActIn | None = None
) -> Response:
    """An event of the life of an appointment. A second cancel answers 200 and does nothing.

    Refused: `WRONG_STATE` 409 with `state` and `allowed`; `ALREADY_STARTED`, `ARRIVAL_TOO_EARLY`, `ARRIVAL_TOO_LATE`,
    `NOT_STARTED`, `REOPEN_TOO_LATE`, `SLOT_TAKEN` 409; `REASON_REQUIRED` 422 to void; `NOT_ALLOWED` 403 for another
    role's act;
    `VERSION_STALE` 412 with `If-Match`.
    """
    return await act.answer(changes.act, appointment_id, event, body or ActIn(), act.if_match())
