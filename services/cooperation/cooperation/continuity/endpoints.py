"""Continuity plans over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.continuity import service
from cooperation.continuity.schemas import PlanIn, PlanOut
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["continuity"])
READ = operation("set.read")
SETUP = operation("setup.write")


@router.get("/continuity_plans", response_model=Page[PlanOut], openapi_extra=READ)
async def continuity_plans(
    act: ActDep,
    state: service.State | None = None,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Continuity plans of the group, the newest first."""
    return await act.show(service.plans, state, cursor, limit)


@router.post("/continuity_plans", status_code=201, response_model=PlanOut, openapi_extra=SETUP)
async def open_continuity_plan(body: PlanIn, act: ActDep) -> Response:
    """Another authorised pharmacy sterilises for a time; the health agency has been told, with the duration. Refused:
    `PLAN_ACTIVE`, `PLACE_NOT_OUTSIDE` 422, `TIME_INVALID` 422."""
    return await act.answer(service.open_plan, body, status=201)


@router.get("/continuity_plans/{plan_id}", response_model=PlanOut, openapi_extra=READ)
async def continuity_plan(plan_id: UUID, act: ActDep) -> Response:
    """One continuity plan."""
    return await act.show(service.plan, plan_id)


@router.post("/continuity_plans/{plan_id}/end", response_model=PlanOut, openapi_extra=SETUP)
async def end_continuity_plan(plan_id: UUID, act: ActDep) -> Response:
    """The plant sterilises again; what is still outside comes back as it was given. Refused: `WRONG_STATE`."""
    return await act.answer(service.end_plan, plan_id)
