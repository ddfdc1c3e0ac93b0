"""HTTP of holds."""

from uuid import UUID

from fastapi import APIRouter, Response

from appointments.holds import service
from appointments.holds.schemas import HoldIn, HoldOut
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["holds"])
HOLD = operation("slot.hold", klass="critical")


@router.post("/holds", status_code=201, response_model=HoldOut, openapi_extra=HOLD)
async def hold(body: HoldIn, act: ActDep) -> Response:
    """Keeps a time for ten minutes, for a visitor, a patient or during a call. Visitors keep one at a time.

    Refused: `SLOT_TAKEN` 409 with up to five `alternatives`, `SLOT_NOT_OPEN` 409, `TIME_INVALID`, `NOTICE_TOO_SHORT`,
    `TOO_FAR_AHEAD` 422, `NOT_FOUND` 404 for a reason that is closed to the caller.
    """
    return await act.answer(service.hold, body, status=201)


@router.get("/holds/{hold_id}", response_model=HoldOut, openapi_extra=HOLD)
async def read_hold(hold_id: UUID, act: ActDep) -> Response:
    """One's own hold. Refused: `NOT_FOUND` 404."""
    return await act.show(service.view, hold_id)


@router.post("/holds/{hold_id}/extend", response_model=HoldOut, openapi_extra=HOLD)
async def extend_hold(hold_id: UUID, act: ActDep) -> Response:
    """Ten minutes more. Refused: `HOLD_EXPIRED` 410, `HOLD_USED` 409, `EXTENSIONS_SPENT` 409 after the tenth time."""
    return await act.answer(service.extend, hold_id)


@router.delete("/holds/{hold_id}", status_code=204, openapi_extra=HOLD)
async def release_hold(hold_id: UUID, act: ActDep) -> Response:
    """Gives the time back. Again: 204. Refused: `HOLD_USED` 409 once it is an appointment."""
    return await act.answer(service.release, hold_id, status=204)
