"""Announcements over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.announcements import service
from telesecretariat.announcements.schemas import AnnouncementIn, AnnouncementOut, AnnouncementPatch

router = APIRouter(prefix="/v1", tags=["lines"])
SETUP = operation("setup.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.get("/announcements", response_model=Page[AnnouncementOut], openapi_extra=SETUP)
async def list_announcements(
    act: ActDep, client_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """What callers hear before anybody answers, by moment; a line's own comes before its client's."""
    return await act.show(service.announcements, client_id, cursor, limit)


@router.post("/announcements", status_code=201, response_model=AnnouncementOut, openapi_extra=SETUP)
async def add_announcement(body: AnnouncementIn, act: ActDep) -> Response:
    """A new announcement. The words about danger of life, next opening and web address are the product's: `closed` is
    said in duty hours where no permanence is connected.

    Refused: `ANNOUNCEMENT_EXISTS` 409, `REFERENCE_UNKNOWN` 422.
    """
    return await act.answer(service.add_announcement, body, status=201)


@router.patch("/announcements/{announcement_id}", response_model=AnnouncementOut, openapi_extra=SETUP)
async def change_announcement(announcement_id: UUID, body: AnnouncementPatch, act: ActDep) -> Response:
    """Its parts anew. Refused: `VERSION_STALE` 412 with `If-Match`."""
    return await act.answer(service.change_announcement, announcement_id, body, act.if_match())
