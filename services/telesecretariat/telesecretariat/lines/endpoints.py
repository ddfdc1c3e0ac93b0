"""Lines, their hours, what a closed one says. Over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Instant
from telesecretariat.lines import service
from telesecretariat.lines.schemas import OpeningOut

router = APIRouter(prefix="/v1", tags=["lines"])


@router.get("/lines/{line_id}/opening", response_model=OpeningOut, openapi_extra=operation("opening.read", public_s=5))
async def line_opening(line_id: UUID, act: ActDep, at: Annotated[Instant | None, Query()] = None) -> Response:
    """Whether the line answers, now or at an instant (RFC 3339), until when, and what a caller would hear.

    A closed line says, in this order: danger of life, 15; in duty hours the published number and place of its sectors,
    while what permanence told is valid; the next opening in words; the web address. Refused: `NOT_FOUND` for a line
    that is unknown or switched off.
    """
    return await act.show(service.opening_now, line_id, at)
