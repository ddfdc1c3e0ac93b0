"""Callbacks over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.callbacks import service
from telesecretariat.callbacks.schemas import CallbackIn, CallbackItem, CallbackOut, CallbackState

router = APIRouter(prefix="/v1", tags=["callbacks"])


@router.get("/callbacks", response_model=Page[CallbackItem], openapi_extra=operation("call.handle"))
async def callbacks(
    act: ActDep,
    state: CallbackState | None = None,
    line_id: UUID | None = None,
    client_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Who waits to be called, in the order of the queue; with `state`, of that state. No number: it is read one by
    one."""
    return await act.show(service.callbacks, state, line_id, client_id, limit, cursor)


@router.post("/callbacks", response_model=CallbackOut, status_code=201, openapi_extra=operation("call.handle"))
async def ask_callback(body: CallbackIn, act: ActDep) -> Response:
    """Promises to call: with `line_id` and `number` by an agent, with `call_id` alone for somebody who waits in the
    queue and leaves it without losing his place. Refused: `CALLBACK_EXISTS` (`callback_id`), `CALLBACK_NOT_OFFERED`,
    `NUMBER_NOT_ALLOWED`, `INVALID` without a number to call."""
    return await act.answer(service.ask, body, status=201)


@router.get("/callbacks/{callback_id}", response_model=CallbackOut, openapi_extra=operation("call.handle"))
async def callback(callback_id: UUID, act: ActDep) -> Response:
    """One callback with its number; reading it is audited."""
    return await act.show(service.callback, callback_id)


@router.post("/callbacks/{callback_id}/cancel", response_model=CallbackOut, openapi_extra=operation("call.handle"))
async def cancel_callback(callback_id: UUID, act: ActDep) -> Response:
    """Nobody is to be called any more. Refused: `WRONG_STATE` while it is being dialled or when it is over."""
    return await act.answer(service.cancel, callback_id)
