"""Codes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from cooperation.codes import service
from cooperation.codes.schemas import CodeOut
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["codes"])


@router.get("/codes", response_model=CodeOut, openapi_extra=operation("set.read"))
async def code(act: ActDep, read: Annotated[str, Query(max_length=4000)]) -> Response:
    """What was read, as one object: its kind, stage, place, blocks and last day of use. Read are GS1 element strings,
    bracketed text, Digital Links, EPC URNs and the house's place codes. Refused: 404 `UNKNOWN_CODE`, also for what
    belongs to others; 422 `CODE_GARBLED`, `CHECK_DIGIT`, `TWO_CODES`, `CODE_TOO_LONG`, `CODE_EMPTY`,
    `CODE_MALFORMED`."""
    return await act.show(service.look_up, read)
