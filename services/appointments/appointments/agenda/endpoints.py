"""HTTP of the agenda."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.agenda import service
from appointments.agenda.schemas import AgendaOut
from appointments.schedules.schemas import LocalDate
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["appointments"])


@router.get("/agenda", response_model=AgendaOut, openapi_extra=operation("appointment.read"))
async def read_agenda(
    act: ActDep,
    day: LocalDate,
    days: Annotated[int, Query(ge=1, le=7)] = 1,
    site: UUID | None = None,
    practitioner: UUID | None = None,
) -> Response:
    """Windows with what is free and closed in them, appointments with who comes, and holds with their end, of local
    days. For professionals of the centre; several days of one practitioner only.

    Refused: `NOT_ALLOWED` 403 for the others, `CRITERION_REQUIRED` 422 for several days of everybody.
    """
    return await act.show(service.show, service.Asked(day, days, site, practitioner))
