"""Blocks over HTTP."""

from fastapi import APIRouter, Response

from cooperation.blocks import service
from cooperation.blocks.schemas import BlockList
from maillage.http import ActDep, operation
from maillage.wire import Instant

router = APIRouter(prefix="/v1", tags=["blocks"])


@router.get("/blocks", response_model=BlockList, openapi_extra=operation("set.read"))
async def blocked_things(act: ActDep, since: Instant | None = None) -> Response:
    """Packs, sets and instruments within reach that must not be used, for checks off line: on hold, recalled, expired.
    With `since` (the `as_of` of the last list) only what has changed."""
    return await act.show(service.blocked, since)
