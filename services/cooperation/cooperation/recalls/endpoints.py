"""Recalls over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.cooperation import LineState
from cooperation.recalls import closing, opening, reading, settling
from cooperation.recalls.schemas import (
    Acknowledgement,
    Closing,
    Extension,
    LineOut,
    OperationOut,
    RecallCounts,
    RecallIn,
    RecallItem,
    RecallOut,
    WriteOff,
)
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["recalls"])
READ = operation("set.read")
ACT = operation("recall.act")
URGENT = operation("recall.act", klass="critical")
Cursor = Annotated[str | None, Query(max_length=1024)]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/recalls", response_model=Page[RecallItem], openapi_extra=READ)
async def recalls(
    act: ActDep, state: Literal["open", "closed"] | None = None, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """Recalls that name something of the caller's, the newest first; a member's counts are of its own lines."""
    return await act.show(reading.recalls, state, cursor, limit)


@router.post("/recalls", status_code=201, response_model=RecallCounts, openapi_extra=URGENT)
async def open_recall(body: RecallIn, act: ActDep) -> Response:
    """Recalls every run ever in the scope, whatever became of it: packs are blocked at once and the members told. With
    `preview` (200) the counts only, nothing is written. Refused: `SCOPE_EMPTY`; `ROLE_REQUIRED` 403 but for pharmacist
    and manager of the group."""
    if body.preview:
        return await act.show(opening.preview, body)
    return await act.answer(opening.open_recall, body, status=201)


@router.get("/recalls/{recall_id}", response_model=RecallOut, openapi_extra=READ)
async def recall(recall_id: UUID, act: ActDep) -> Response:
    """One recall: counts, lines left by member, signatures."""
    return await act.show(reading.recall, recall_id)


@router.get("/recalls/{recall_id}/lines", response_model=Page[LineOut], openapi_extra=READ)
async def recall_lines(
    recall_id: UUID,
    act: ActDep,
    organisation_id: UUID | None = None,
    place_id: UUID | None = None,
    state: LineState | None = None,
    open: bool | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Its lines within reach, each with where the pack is now. `place_id`: a place, crate, compartment or site."""
    return await act.show(reading.lines, recall_id, organisation_id, place_id, state, open, cursor, limit)


@router.get("/recalls/{recall_id}/operations", response_model=Page[OperationOut], openapi_extra=READ)
async def recall_operations(recall_id: UUID, act: ActDep) -> Response:
    """Every intervention in which a recalled pack was used: the hospital's own reference, nothing else of a patient."""
    return await act.show(reading.operations, recall_id)


@router.post("/recalls/{recall_id}/extend", response_model=RecallCounts, openapi_extra=URGENT)
async def extend_recall(recall_id: UUID, body: Extension, act: ActDep) -> Response:
    """A wider scope, given whole; lines are added. Refused: `SCOPE_NARROWED`, `SCOPE_EMPTY`, `VERSION_STALE` 412 with
    `If-Match`, `WRONG_STATE` once closed."""
    return await act.answer(opening.extend, recall_id, body, act.if_match())


@router.post("/recalls/{recall_id}/close", response_model=RecallOut, openapi_extra=ACT)
async def close_recall(recall_id: UUID, body: Closing, act: ActDep) -> Response:
    """Signs the end; with the second signature (pharmacist and infection control, two persons) it is closed. Refused:
    `LINES_OPEN` with the ids, `SAME_PERSON`, `ROLE_REQUIRED` 403, `REASON_REQUIRED` 422 for an unfounded one."""
    return await act.answer(closing.close, recall_id, body)


@router.post("/recall_lines/{line_id}/acknowledge", response_model=LineOut, openapi_extra=ACT)
async def acknowledge_recall_line(line_id: UUID, body: Acknowledgement, act: ActDep) -> Response:
    """The member has followed the intervention. Refused: `ROLE_REQUIRED` 403 but for its infection-control team or its
    software, `LINE_ENDED`, `WRONG_STATE` for a pack that was not used."""
    return await act.answer(settling.acknowledge, line_id, body)


@router.post("/recall_lines/{line_id}/write_off", response_model=LineOut, openapi_extra=ACT)
async def write_off_recall_line(line_id: UUID, body: WriteOff, act: ActDep) -> Response:
    """The pack was not found; the second person's word ends the line. Refused: `SAME_PERSON`, `LINE_ENDED`,
    `ROLE_REQUIRED` 403 but for pharmacist and manager, `WRONG_STATE` for a pack that was used."""
    return await act.answer(settling.write_off, line_id, body)
