"""Lines, their hours, what a closed one says. Over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Instant, Page
from telesecretariat.lines import service, setup
from telesecretariat.lines.schemas import LineIn, LineOut, LinePatch, OpeningOut

router = APIRouter(prefix="/v1", tags=["lines"])
SETUP = operation("setup.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.get("/lines/{line_id}/opening", response_model=OpeningOut, openapi_extra=operation("opening.read", public_s=5))
async def line_opening(line_id: UUID, act: ActDep, at: Annotated[Instant | None, Query()] = None) -> Response:
    """Whether the line answers, now or at an instant (RFC 3339), until when, and what a caller would hear.

    A closed line says, in this order: danger of life, 15; in duty hours the published number and place of its sectors,
    while what permanence told is valid; the next opening in words; the web address. Refused: `NOT_FOUND` for a line
    that is unknown or switched off.
    """
    return await act.show(service.opening_now, line_id, at)


@router.get("/lines", response_model=Page[LineOut], openapi_extra=SETUP)
async def list_lines(act: ActDep, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Lines with their parameters, defaults filled in."""
    return await act.show(setup.lines, cursor, limit)


@router.get("/lines/{line_id}", response_model=LineOut, openapi_extra=SETUP)
async def read_line(line_id: UUID, act: ActDep) -> Response:
    """One line, with its ETag."""
    return await act.show(setup.line, line_id)


@router.post("/lines", status_code=201, response_model=LineOut, openapi_extra=SETUP)
async def add_line(body: LineIn, act: ActDep) -> Response:
    """A new line on a telephone system that the caller keeps. Refused: `NUMBER_IN_USE` 409, `ZONE_UNKNOWN`,
    `REFERENCE_UNKNOWN` 422 (client, calendar of that centre, telephone system), `NUMBER_NOT_ALLOWED` 422 for where an
    overflow sends callers."""
    return await act.answer(setup.add_line, body, status=201)


@router.patch("/lines/{line_id}", response_model=LineOut, openapi_extra=SETUP)
async def change_line(line_id: UUID, body: LinePatch, act: ActDep) -> Response:
    """What changes of a line. Number, telephone system, mode and activity stay while a call is live.

    Refused: `VERSION_STALE` 412 with `If-Match`, `LINE_HAS_CALLS`, `NUMBER_IN_USE` 409, `REFERENCE_UNKNOWN`,
    `NUMBER_NOT_ALLOWED` 422.
    """
    return await act.answer(setup.change_line, line_id, body, act.if_match())
