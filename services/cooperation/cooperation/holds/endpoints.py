"""Holds over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.holds import service
from cooperation.holds.rows import HoldKind
from cooperation.holds.schemas import HoldIn, HoldItem, HoldOut, SignIn
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["holds"])
READ = operation("set.read")


@router.get("/holds", response_model=Page[HoldItem], openapi_extra=READ)
async def holds(
    act: ActDep,
    state: service.State | None = None,
    kind: HoldKind | None = None,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Holds that name something of the caller's, the newest first."""
    return await act.show(service.holds, state, kind, cursor, limit)


@router.post("/holds", status_code=201, response_model=HoldOut, openapi_extra=operation("hold.sign", klass="critical"))
async def place_hold(body: HoldIn, act: ActDep) -> Response:
    """Holds things as named; for prions, from interventions: the instruments used in them, each later run and each
    later intervention, to the end. Nothing held is used, reprocessed or sent, but to quarantine. Refused:
    `SCOPE_EMPTY`; `ROLE_REQUIRED` 403 but for pharmacist and infection control; `PATIENT_DATA_SUSPECTED` 422."""
    return await act.answer(service.place, body, status=201)


@router.get("/holds/{hold_id}", response_model=HoldOut, openapi_extra=READ)
async def hold(hold_id: UUID, act: ActDep) -> Response:
    """One hold: what it names, how each was reached, where each is."""
    return await act.show(service.hold, hold_id)


@router.post("/holds/{hold_id}/sign", response_model=HoldOut, openapi_extra=operation("hold.sign"))
async def sign_hold(hold_id: UUID, body: SignIn, act: ActDep) -> Response:
    """Signs an outcome. A prion hold ends by a pharmacist and infection control, two persons, who say the same; the
    others by one of them. Refused: `SAME_PERSON`, `ROLE_REQUIRED` 403, `WRONG_STATE` once ended."""
    return await act.answer(service.end, hold_id, body)
