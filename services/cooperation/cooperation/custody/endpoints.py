"""Custody over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.custody import service
from cooperation.custody.schemas import CustodyOut
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["custody"])


@router.get("/custody", response_model=CustodyOut, openapi_extra=operation("set.read"))
async def custody(
    act: ActDep,
    subject_id: UUID | None = None,
    place_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Where a set, crate, instrument or parcel is and was (`subject_id`), or what is in a place, also within its crates
    and compartments (`place_id`). Refused: `INVALID` unless one of the two is named; `NOT_FOUND`."""
    return await act.show(service.custody, subject_id, place_id, limit, cursor)
