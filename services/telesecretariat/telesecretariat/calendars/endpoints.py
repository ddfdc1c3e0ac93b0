"""Calendars over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.calendars import service
from telesecretariat.calendars.schemas import CalendarIn, CalendarOut, CalendarPatch

router = APIRouter(prefix="/v1", tags=["lines"])
SETUP = operation("setup.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.get("/calendars", response_model=Page[CalendarOut], openapi_extra=SETUP)
async def list_calendars(act: ActDep, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Hours of lines: local ranges per weekday, holidays, exceptional days."""
    return await act.show(service.calendars, cursor, limit)


@router.get("/calendars/{calendar_id}", response_model=CalendarOut, openapi_extra=SETUP)
async def read_calendar(calendar_id: UUID, act: ActDep) -> Response:
    """One calendar, with its ETag."""
    return await act.show(service.calendar, calendar_id)


@router.post("/calendars", status_code=201, response_model=CalendarOut, openapi_extra=SETUP)
async def add_calendar(body: CalendarIn, act: ActDep) -> Response:
    """New hours. Refused: `CALENDAR_OVERLAP`, `TIME_INVALID` (closes before it opens), `REFERENCE_UNKNOWN` 422."""
    return await act.answer(service.add_calendar, body, status=201)


@router.patch("/calendars/{calendar_id}", response_model=CalendarOut, openapi_extra=SETUP)
async def change_calendar(calendar_id: UUID, body: CalendarPatch, act: ActDep) -> Response:
    """What changes; a list replaces the former one. Callers in the queue stay; new ones meet the new hours at once.

    Refused: `VERSION_STALE` 412 with `If-Match`, `CALENDAR_OVERLAP`, `TIME_INVALID` 422.
    """
    return await act.answer(service.change_calendar, calendar_id, body, act.if_match())
