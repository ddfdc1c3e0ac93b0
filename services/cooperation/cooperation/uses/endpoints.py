"""Uses over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.uses import service
from cooperation.uses.operation_ref import OperationRef
from cooperation.uses.schemas import UseIn, UseOut
from maillage.http import ActDep, operation
from maillage.wire import Instant, Page

router = APIRouter(prefix="/v1", tags=["uses"])


@router.post(
    "/uses",
    response_model=UseOut,
    status_code=201,
    openapi_extra=operation("use.write|use.override", klass="critical"),
)
async def record_use(body: UseIn, act: ActDep) -> Response:
    """A pack is used in an operation. Its run ends, the set's next run opens `returning`. An override of a blocked pack
    is a clinician's (`use.override`), with its reason; an issue opens with it. Refused: `UNKNOWN_CODE`,
    `ALREADY_USED` (`used_on`), `NOT_RELEASED`, `WRONG_STAGE`, `TIME_IN_FUTURE`, `PACK_NOT_INTACT`, `ON_HOLD`,
    `RECALLED`, `EXPIRED`, `PATIENT_DATA_SUSPECTED`, `REASON_REQUIRED`."""
    return await act.answer(service.record, body, status=201)


@router.get("/uses", response_model=Page[UseOut], openapi_extra=operation("set.read"))
async def uses(
    act: ActDep,
    operation_ref: OperationRef | None = None,
    set_id: UUID | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Uses within reach, the newest record first; of one operation, one set, or a time from `since` to before
    `until`."""
    return await act.show(service.uses, operation_ref, set_id, since, until, limit, cursor)


@router.get("/uses/{use_id}", response_model=UseOut, openapi_extra=operation("set.read"))
async def one_use(use_id: UUID, act: ActDep) -> Response:
    """One use. Refused: `NOT_FOUND`, also out of reach."""
    return await act.show(service.one, use_id)
