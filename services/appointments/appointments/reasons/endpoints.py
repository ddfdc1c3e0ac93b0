"""HTTP of visit reasons."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from appointments.directory.endpoints import READ, WRITE, Cursor, Inactive, Limit
from appointments.reasons import service
from appointments.reasons.schemas import PublicReason, ReasonIn, ReasonOut
from maillage.http import ActDep
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["directory"])


@router.get("/visit-reasons", response_model=Page[ReasonOut] | Page[PublicReason], openapi_extra=READ)
async def list_reasons(
    act: ActDep,
    profession: Literal["physician", "nurse"] | None = None,
    inactive: Inactive = False,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Reasons by rank. Patients and visitors read public fields, and no sensitive reason that they may not book."""
    if act.principal.kind in ("visitor", "patient"):
        return await act.show(service.public_reasons, profession, cursor, limit)
    return await act.show(service.reasons, profession, inactive, cursor, limit)


@router.get("/visit-reasons/{reason_id}", response_model=ReasonOut | PublicReason, openapi_extra=READ)
async def read_reason(reason_id: UUID, act: ActDep) -> Response:
    """One reason, with its ETag."""
    return await act.show(service.reason, reason_id)


@router.post("/visit-reasons", status_code=201, response_model=ReasonOut, openapi_extra=WRITE)
async def add_reason(body: ReasonIn, act: ActDep) -> Response:
    """A new reason. Refused: `CODE_TAKEN` 409, `REFERENCE_UNKNOWN` 422 for a protocol that is not in force here."""
    return await act.answer(service.add_reason, body, status=201)


@router.put("/visit-reasons/{reason_id}", response_model=ReasonOut, openapi_extra=WRITE)
async def replace_reason(reason_id: UUID, body: ReasonIn, act: ActDep) -> Response:
    """The whole reason anew. Refused: `VERSION_STALE` 412, `CODE_FIXED`, `REFERENCE_UNKNOWN` 422, `IN_USE` 409 with
    what still needs it.
    """
    return await act.answer(service.replace_reason, reason_id, body, act.if_match())
