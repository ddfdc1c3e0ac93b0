"""HTTP of visits without an appointment."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.schedules.schemas import LocalDate
from appointments.walk_ins import service
from appointments.walk_ins.schemas import QueueOut, WalkInIn, WalkInOut
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["walk-ins"])


@router.post(
    "/walk-ins",
    status_code=201,
    response_model=WalkInOut,
    openapi_extra=operation("appointment.write", klass="critical"),
)
async def take_in(body: WalkInIn, act: ActDep) -> Response:
    """Somebody at the desk without an appointment: the next place in a walk-in window of today, booked and arrived.
    Send an `Idempotency-Key`.

    For front desk, practitioners and nurses. Refused: `NOT_ALLOWED` 403 for the others; `WALK_IN_FULL`,
    `NO_WALK_IN_TODAY` 409 with `next_opening`; `PATIENT_BUSY`, `GAP_TOO_SHORT`, `DUPLICATE_SUSPECTED` 409;
    `AGE_NOT_ALLOWED`, `FIRST_VISIT_RULE` 422; `NOT_FOUND` 404.
    """
    return await act.answer(service.take_in, body, act.language, status=201)


@router.get("/walk-ins", response_model=QueueOut, openapi_extra=operation("appointment.read"))
async def walk_in_queue(
    act: ActDep,
    site: UUID,
    day: LocalDate | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> Response:
    """Who came without an appointment, in which order, with counts. `day`: a local day, today when left out."""
    return await act.show(service.queue, site, day, limit, cursor)
