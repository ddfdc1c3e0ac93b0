"""HTTP of visiting sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.schedules.schemas import LocalDate
from appointments.sessions import service
from appointments.sessions.schemas import SessionIn, SessionOut, SessionsIn, SessionsOut
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["sessions"])
WRITE = operation("schedule.write")


@router.get("/sessions", response_model=Page[SessionOut], openapi_extra=operation("slot.read"))
async def list_sessions(
    act: ActDep,
    site: UUID | None = None,
    practitioner: UUID | None = None,
    from_: Annotated[LocalDate | None, Query(alias="from")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> Response:
    """Which practitioners from elsewhere receive where and when, from today on or from a local day. No patient is in
    it.
    """
    return await act.show(service.listed, site, practitioner, from_, limit, cursor)


@router.post("/sessions", status_code=201, response_model=SessionsOut, openapi_extra=WRITE)
async def plan_sessions(body: SessionsIn, act: ActDep) -> Response:
    """Sessions of an external practitioner on several days, all or nothing. His schedule is made when there is none.

    Refused: `NOT_EXTERNAL`, `WINDOW_CLASH`, `ROOM_CLASH` 409, `INVALID` 422 for a day past or beyond 180 days, each
    with the pointer of the day; `NOT_FOUND` 404; `NOT_ALLOWED` 403.
    """
    return await act.answer(service.plan, body, status=201)


@router.put("/sessions/{session_id}", response_model=SessionOut, openapi_extra=WRITE)
async def change_session(session_id: UUID, body: SessionIn, act: ActDep) -> Response:
    """Other hours, day, reasons or room. Visits left outside are flagged and in a draft campaign.

    Refused: as planning, `SESSION_OVER` 409, `VERSION_STALE` 412 with `If-Match`.
    """
    return await act.answer(service.change, session_id, body, act.if_match())


@router.delete("/sessions/{session_id}", response_model=SessionOut, openapi_extra=WRITE)
async def cancel_session(session_id: UUID, act: ActDep) -> Response:
    """It will not take place: booked visits are flagged (`conflicts`) and in a draft campaign. A second time answers
    the same. Refused: `SESSION_OVER` 409 for a day past, `VERSION_STALE` 412, `NOT_FOUND` 404.
    """
    return await act.answer(service.cancel, session_id, act.if_match())
