"""HTTP of: two files of one person: pairs found by night, merges, their undoing."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.merges import duplicates, service
from appointments.merges.schemas import Duplicates, MergeIn, MergeOut, NotSameOut, PairIn
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["merges"])
Limit = Annotated[int, Query(ge=1, le=50)]
Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/duplicates", response_model=Duplicates, openapi_extra=operation("patient.merge"))
async def list_duplicates(act: ActDep, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Pairs of files that may be one person, found by night, the likeliest first. Each reading is in the audit."""
    return await act.show(duplicates.pairs, cursor, limit)


@router.post("/duplicates/not-same", response_model=NotSameOut, openapi_extra=operation("patient.merge"))
async def declare_different(body: PairIn, act: ActDep) -> Response:
    """Declares two files to be of two persons: the pair never comes back. Refused: `NOT_FOUND`, `SAME_FILE` 422."""
    return await act.answer(duplicates.declare_different, body)


@router.delete("/duplicates/not-same/{first_id}/{second_id}", status_code=204, openapi_extra=operation("patient.merge"))
async def take_back_different(first_id: UUID, second_id: UUID, act: ActDep) -> Response:
    """Takes such a declaration back, ids in either order. Refused: `NOT_FOUND`."""
    return await act.answer(duplicates.take_back, first_id, second_id)


@router.post("/merges", status_code=201, response_model=MergeOut, openapi_extra=operation("patient.merge"))
async def merge_patients(body: MergeIn, act: ActDep) -> Response:
    """`from_id` goes into `into_id`, with all that speaks of it. `patient_merged` tells the other services.

    Refused: `NOT_FOUND`; `SAME_FILE` 422; 409 `ALREADY_MERGED` with who remains, `INS_CONFLICT`, `KEEP_THE_CHECKED`
    when the file that goes is the better checked, `PATIENT_BUSY` with the two appointments that overlap. That they were
    declared different does not refuse it: that declaration ends, until the merge is undone.
    """
    return await act.answer(service.merge, body, status=201)


@router.get("/merges", response_model=Page[MergeOut], openapi_extra=operation("patient.merge"))
async def list_merges(
    act: ActDep, patient_id: UUID | None = None, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Merges, newest first, undone ones too; of one file if asked."""
    return await act.show(service.history, patient_id, cursor, limit)


@router.get("/merges/{merge_id}", response_model=MergeOut, openapi_extra=operation("patient.merge"))
async def read_merge(merge_id: UUID, act: ActDep) -> Response:
    """One merge."""
    return await act.show(service.read, merge_id)


@router.post("/merges/{merge_id}/undo", response_model=MergeOut, openapi_extra=operation("patient.merge"))
async def undo_merge(merge_id: UUID, act: ActDep) -> Response:
    """Two files again, each with what was its own. `stayed`: what was written about the remaining one since.

    Refused: `NOT_FOUND`; 409 `ALREADY_UNDONE`, `LATER_MERGE` with the merge to undo first.
    """
    return await act.answer(service.undo, merge_id)
