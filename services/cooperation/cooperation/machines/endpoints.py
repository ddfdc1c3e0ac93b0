"""Machines over HTTP: ready or not, tests, states. The machines themselves are reference rows (`members`)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.machines import service
from cooperation.machines.schemas import MachineState, StateChange, TestAnswer, TestDone, TestOut
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["machines"])
READ = operation("set.read")
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.get("/machine_readiness", response_model=Page[MachineState], openapi_extra=READ)
async def machine_readinesses(act: ActDep, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Every machine of the group: ready, or why not."""
    return await act.show(service.states, cursor, limit)


@router.get("/machines/{machine_id}/readiness", response_model=MachineState, openapi_extra=READ)
async def machine_readiness(machine_id: UUID, act: ActDep) -> Response:
    """Ready, or why not: in service, idle, the tests of the local day conform."""
    return await act.show(service.show_state, machine_id)


@router.get("/machines/{machine_id}/tests", response_model=Page[TestOut], openapi_extra=READ)
async def machine_tests(
    machine_id: UUID, act: ActDep, day: date | None = None, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """The machine's tests, the newest first; with `day`, of that local day."""
    return await act.show(service.tests, machine_id, day, cursor, limit)


@router.post(
    "/machines/{machine_id}/tests",
    status_code=201,
    response_model=TestAnswer,
    openapi_extra=operation("record.write", klass="critical"),
)
async def record_machine_test(machine_id: UUID, body: TestDone, act: ActDep) -> Response:
    """A test was made (leak, Bowie-Dick, seal, performance), told by an operator or by the machine's own connector.
    The second failed Bowie-Dick of a local day puts the machine out of service. Refused: `TEST_NOT_FOR_MACHINE`,
    `TIME_INVALID` in the future, `NOT_FOUND` for another connector's machine."""
    return await act.answer(service.record_test, machine_id, body, status=201)


@router.post("/machines/{machine_id}/state", response_model=MachineState, openapi_extra=operation("load.write"))
async def change_machine_state(machine_id: UUID, body: StateChange, act: ActDep) -> Response:
    """Maintenance, out of service, or back. After maintenance the tests of the day start again. Refused:
    `REQUALIFICATION_REQUIRED` (`missing`), `MACHINE_IN_USE`, `NOT_ALLOWED` for an operator who would bring back what
    was out of service."""
    return await act.answer(service.change_state, machine_id, body)
