"""Tasks over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.telesecretariat import TaskKind
from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.tasks import service
from telesecretariat.tasks.schemas import TaskDone, TaskIn, TaskItem, TaskOut, TaskState

router = APIRouter(prefix="/v1", tags=["tasks"])


@router.get("/tasks", response_model=Page[TaskItem], openapi_extra=operation("call.handle"))
async def tasks(
    act: ActDep,
    state: TaskState | None = None,
    kind: TaskKind | None = None,
    client_id: UUID | None = None,
    owner_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """What is still to do for the clients that the caller answers for, due first; with `state`, of that state. The note
    is read one by one."""
    return await act.show(service.tasks, state, kind, client_id, owner_id, limit, cursor)


@router.post("/tasks", response_model=TaskOut, status_code=201, openapi_extra=operation("call.handle"))
async def open_task(body: TaskIn, act: ActDep) -> Response:
    """Something to do for somebody of the team. Refused: `NOT_FOUND` for a client out of reach; `INVALID` for a call
    about nobody."""
    return await act.answer(service.create, body, status=201)


@router.get("/tasks/{task_id}", response_model=TaskOut, openapi_extra=operation("call.handle"))
async def task(task_id: UUID, act: ActDep) -> Response:
    """One task with its note; reading it is audited."""
    return await act.show(service.task, task_id)


@router.post("/tasks/{task_id}/take", response_model=TaskOut, openapi_extra=operation("call.handle"))
async def take_task(task_id: UUID, act: ActDep) -> Response:
    """Takes a task; the same person again gets the same answer, a supervisor takes it over. Refused: `TASK_TAKEN`
    (`taken_by`), `WRONG_STATE` when it is closed."""
    return await act.answer(service.take, task_id)


@router.post("/tasks/{task_id}/done", response_model=TaskOut, openapi_extra=operation("call.handle"))
async def finish_task(task_id: UUID, body: TaskDone, act: ActDep) -> Response:
    """It is done, with this outcome; taking it first is not asked. What it came from (a message, a need of the
    appointments service) learns it. Refused: `TASK_TAKEN`, `WRONG_STATE`."""
    return await act.answer(service.done, task_id, body)


@router.post("/tasks/{task_id}/cancel", response_model=TaskOut, openapi_extra=operation("call.handle"))
async def cancel_task(task_id: UUID, act: ActDep) -> Response:
    """Nobody needs to do it any more. Refused: `TASK_TAKEN`, `WRONG_STATE`."""
    return await act.answer(service.cancel, task_id)
