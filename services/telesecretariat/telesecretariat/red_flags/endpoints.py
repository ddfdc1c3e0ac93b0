"""Danger of life during a call, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from telesecretariat.red_flags import closing, service, sets
from telesecretariat.red_flags.schemas import (
    CloseIn,
    OpenRedFlags,
    RedFlagOut,
    RedFlagPatch,
    RedFlagSetIn,
    RedFlagSetOut,
    RedFlagSets,
)

router = APIRouter(prefix="/v1", tags=["red flags"])
KEY = operation("call.handle", klass="critical")


@router.post("/calls/{call_id}/red-flag", response_model=RedFlagOut, openapi_extra=KEY)
async def open_red_flag(call_id: UUID, act: ActDep) -> Response:
    """Opens a red flag and dials the 15, in one act; the caller stays on the line. Pressed again: the same answer.

    `by_hand`: nothing dials from here, the agent does. Refused: `CALL_NOT_TALKING` 409 when nobody is on the line,
    `NOT_YOUR_CALL` 403, `NOT_FOUND` 404.
    """
    return await act.answer(service.open_red_flag, call_id)


@router.get("/red-flags", response_model=OpenRedFlags, openapi_extra=operation("floor.supervise|floor.watch"))
async def open_red_flags(act: ActDep) -> Response:
    """Those that want their outcome, oldest first; codes only."""
    return await act.show(service.all_open)


@router.get("/red-flags/{red_flag_id}", response_model=RedFlagOut, openapi_extra=KEY)
async def red_flag(red_flag_id: UUID, act: ActDep) -> Response:
    """One red flag with its words and the caller's number; each reading is in the audit. Refused: `NOT_FOUND` 404."""
    return await act.show(service.read, red_flag_id)


@router.patch("/red-flags/{red_flag_id}", response_model=RedFlagOut, openapi_extra=KEY)
async def note_red_flag(red_flag_id: UUID, body: RedFlagPatch, act: ActDep) -> Response:
    """What is learnt while the 15 is being dialled: sign, answers, address. `If-Match` is honoured (412).

    Refused: `UNKNOWN_RED_FLAG` 422, `NOT_YOUR_CALL` 403, `WRONG_STATE` 409 once it is closed.
    """
    return await act.answer(closing.note, red_flag_id, body, act.if_match())


@router.post("/red-flags/{red_flag_id}/dial", response_model=RedFlagOut, openapi_extra=KEY)
async def dial_red_flag(red_flag_id: UUID, act: ActDep) -> Response:
    """Rings the 15 once more, when nobody answers or the regulator was lost. Refused: `WRONG_STATE` 409 while it rings,
    while somebody is there, and where the agent dials by hand.
    """
    return await act.answer(service.dial_again, red_flag_id)


@router.post("/red-flags/{red_flag_id}/hand-over", response_model=RedFlagOut, openapi_extra=KEY)
async def hand_over_red_flag(red_flag_id: UUID, act: ActDep) -> Response:
    """The regulator has taken over: the agent leaves, caller and regulator go on speaking. Again: the same.

    Refused: `WRONG_STATE` 409 before the three are together, `NOT_YOUR_CALL` 403.
    """
    return await act.answer(closing.hand_over, red_flag_id)


@router.post("/red-flags/{red_flag_id}/close", response_model=RedFlagOut, openapi_extra=KEY)
async def close_red_flag(red_flag_id: UUID, body: CloseIn, act: ActDep) -> Response:
    """Says how it ended. There is no false alarm. `handed_to_15` also lets the agent leave.

    Refused: `OUTCOME_REQUIRED` 422, `EXACT_WORDS_REQUIRED` 422 for `caller_refused`, `WRONG_STATE` 409 when it ended
    otherwise, `NOT_YOUR_CALL` 403.
    """
    return await act.answer(closing.close, red_flag_id, body)


@router.get("/red-flag-sets", response_model=RedFlagSets, openapi_extra=operation("instruction.read"))
async def red_flag_sets(act: ActDep, client_id: Annotated[UUID | None, Query()] = None) -> Response:
    """Every version of the lists of signs in reach, newest first."""
    return await act.show(sets.sets, client_id)


@router.post(
    "/red-flag-sets", status_code=201, response_model=RedFlagSetOut, openapi_extra=operation("instruction.write")
)
async def draft_red_flag_set(body: RedFlagSetIn, act: ActDep) -> Response:
    """A new version of a client's list, to be signed by a doctor. Refused: `NOT_FOUND` 404, `TIME_INVALID` 422."""
    return await act.answer(sets.draft, body, status=201)


@router.post(
    "/red-flag-sets/{set_id}/publish", response_model=RedFlagSetOut, openapi_extra=operation("instruction.write")
)
async def publish_red_flag_set(set_id: UUID, act: ActDep) -> Response:
    """Signs and puts into force; the version before ends now. Refused: `NOT_VALIDATOR` 403 for anyone but a doctor of
    the centre, `VERSION_PUBLISHED` 409, `VALIDITY_OVERLAP` 409, `NOT_FOUND` 404.
    """
    return await act.answer(sets.publish, set_id)
