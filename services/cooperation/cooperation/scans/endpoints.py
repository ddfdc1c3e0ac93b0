"""Scans over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.scans import service, settling
from cooperation.scans.errors import SeqReused
from cooperation.scans.schemas import ScanAnswers, ScanBatch, ScanItem, Settling
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["scans"])


@router.post(
    "/scans",
    response_model=ScanAnswers,
    openapi_extra=operation("scan.write", klass="critical", max_body=1_048_576, timeout_s=30),
)
async def send_scans(body: ScanBatch, act: ActDep) -> Response:
    """What a device read at its station, in sequence: the station is the verb, the code the object. Each scan is one
    act with its own answer and is kept whatever becomes of it; sent again it has the same answer. Refused as a whole,
    nothing applied: `WRONG_STATION`, `SCAN_GAP` with `expected_seq`, `SEQ_REUSED` with an issue on the device."""
    try:
        return await act.answer(service.take, body, act.language)
    except SeqReused:
        await act.run(service.alarm, body.device_id, "seq_reused")
        raise


@router.get("/scans", response_model=Page[ScanItem], openapi_extra=operation("set.read"))
async def scans(
    act: ActDep,
    to_settle: bool = False,
    device_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Scans as they were kept, oldest first; with `to_settle`, those refused or too late that nobody has settled."""
    return await act.show(settling.scans, to_settle, device_id, limit, cursor, act.language)


@router.post("/scans/{scan_id}/settle", response_model=ScanItem, openapi_extra=operation("setup.write"))
async def settle_scan(scan_id: UUID, body: Settling, act: ActDep) -> Response:
    """Says what became of a refused or late scan: recorded in another way, did not happen, nothing to do. Refused:
    `SCAN_SETTLED`."""
    return await act.answer(settling.settle, scan_id, body, act.language)
