"""Instructions, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from telesecretariat.instructions import service, showing, unread
from telesecretariat.instructions.domain import Scope
from telesecretariat.instructions.schemas import (
    Differences,
    InstructionIn,
    InstructionOut,
    InstructionProof,
    Instructions,
    InstructionShown,
    InstructionText,
    Place,
    PreviewIn,
    PublishIn,
    Readings,
    UnreadInstructions,
    VersionIn,
    VersionOut,
)

router = APIRouter(prefix="/v1", tags=["instructions"])
READ = operation("instruction.read")
WRITE = operation("instruction.write")
HANDLE = operation("call.handle")
VERSION = "/instructions/{instruction_id}/versions/{version_id}"


@router.post("/calls/{call_id}/instructions", response_model=InstructionShown, openapi_extra=HANDLE)
async def show_instructions(call_id: UUID, body: Place, act: ActDep) -> Response:
    """What the agent of this call is told for a site, practitioner and motive (the call's own where none is sent), and
    the proof that it was shown. An open call keeps the versions that it was shown.

    Refused: `NOT_YOUR_CALL` 403, `SCOPE_UNKNOWN` 422, `WRONG_STATE` 409 once the call is over, `NOT_FOUND` 404.
    """
    return await act.answer(showing.show, call_id, body)


@router.post("/instruction-displays/{display_id}/acknowledge", status_code=204, openapi_extra=HANDLE)
async def acknowledge_instruction(display_id: UUID, act: ActDep) -> Response:
    """The agent has read what is new to her. Again: 204. Refused: `NOT_YOUR_CALL` 403, `NOT_FOUND` 404."""
    return await act.answer(showing.acknowledge, display_id, status=204)


@router.get("/instruction-displays/{display_id}", response_model=InstructionProof, openapi_extra=READ)
async def instruction_display(display_id: UUID, act: ActDep) -> Response:
    """What was shown then, word for word; `intact` says that it has the hash kept at that moment. Audited."""
    return await act.show(showing.proof, display_id)


@router.get("/instructions", response_model=Instructions, openapi_extra=READ)
async def instructions(
    act: ActDep,
    client_id: Annotated[UUID | None, Query()] = None,
    scope: Annotated[Scope | None, Query()] = None,
    scope_id: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Instructions in reach, with drafts and versions that are or will be valid."""
    return await act.show(service.instructions, client_id, scope, scope_id)


@router.post("/instructions", status_code=201, response_model=InstructionOut, openapi_extra=WRITE)
async def create_instruction(body: InstructionIn, act: ActDep) -> Response:
    """A place for instructions: a scope, perhaps a motive and hours. `scope_id` of a client is the client's id.

    Refused: `SCOPE_UNKNOWN` 422, `NOT_YOUR_SCOPE` 403, `INSTRUCTION_EXISTS` 409 with `instruction_id`, `NOT_FOUND`.
    """
    return await act.answer(service.create, body, status=201)


@router.post("/instructions/resolve", response_model=InstructionText, openapi_extra=READ)
async def preview_instructions(body: PreviewIn, act: ActDep) -> Response:
    """What an agent would read for a site, practitioner and motive at an instant, without a proof of display.

    Refused: `SCOPE_UNKNOWN` 422, `NOT_FOUND` 404 for a client out of reach.
    """
    return await act.show(showing.preview, body)


@router.get("/instructions/unread", response_model=UnreadInstructions, openapi_extra=HANDLE)
async def unread_instructions(act: ActDep) -> Response:
    """Versions in force that the caller has not yet acknowledged, the one published last first."""
    return await act.show(unread.unread)


@router.get("/instructions/{instruction_id}", response_model=InstructionOut, openapi_extra=READ)
async def instruction(instruction_id: UUID, act: ActDep) -> Response:
    """One instruction with all its versions, newest first. Refused: `NOT_FOUND` 404."""
    return await act.show(service.read, instruction_id)


@router.get("/instructions/{instruction_id}/differences", response_model=Differences, openapi_extra=READ)
async def instruction_differences(
    instruction_id: UUID,
    act: ActDep,
    before: Annotated[int, Query(ge=1, le=100_000)],
    after: Annotated[int, Query(ge=1, le=100_000)],
) -> Response:
    """Two versions, by number, side by side. Refused: `NOT_FOUND` 404."""
    return await act.show(service.differences, instruction_id, before, after)


@router.post("/instructions/{instruction_id}/versions", status_code=201, response_model=VersionOut, openapi_extra=WRITE)
async def draft_instruction(instruction_id: UUID, body: VersionIn, act: ActDep) -> Response:
    """A new draft. Refused: `NOT_YOUR_SCOPE` 403, `TIME_INVALID` 422, `NOT_FOUND` 404."""
    return await act.answer(service.draft, instruction_id, body, status=201)


@router.patch(VERSION, response_model=VersionOut, openapi_extra=WRITE)
async def change_instruction_draft(instruction_id: UUID, version_id: UUID, body: VersionIn, act: ActDep) -> Response:
    """Changes the fields sent of a draft. `If-Match` is honoured (412 with the present ETag).

    Refused: `VERSION_PUBLISHED` 409, `NOT_YOUR_SCOPE` 403, `TIME_INVALID` 422, `NOT_FOUND` 404.
    """
    return await act.answer(service.change, instruction_id, version_id, body, act.if_match())


@router.post(VERSION + "/publish", response_model=VersionOut, openapi_extra=WRITE)
async def publish_instruction(instruction_id: UUID, version_id: UUID, body: PublishIn, act: ActDep) -> Response:
    """Puts a draft into force, at the earliest now. A practitioner publishes for himself; the centre publishes for
    itself or a site and names the practitioner who approves.

    Refused: `NOT_VALIDATOR` 403, `VERSION_PUBLISHED`, `VALIDITY_OVERLAP` 409, `TIME_INVALID` 422, `NOT_FOUND` 404.
    """
    return await act.answer(service.publish, instruction_id, version_id, body)


@router.post(VERSION + "/withdraw", response_model=VersionOut, openapi_extra=WRITE)
async def withdraw_instruction(instruction_id: UUID, version_id: UUID, act: ActDep) -> Response:
    """Takes a version out of force now; calls under way keep it. Again: the same.

    Refused: `NOT_YOUR_SCOPE` 403, `WRONG_STATE` 409 for a draft, `NOT_FOUND` 404.
    """
    return await act.answer(service.withdraw, instruction_id, version_id)


@router.post(VERSION + "/acknowledge", status_code=204, openapi_extra=HANDLE)
async def acknowledge_instruction_version(instruction_id: UUID, version_id: UUID, act: ActDep) -> Response:
    """The caller has read this version, outside of any call: no call asks her again. Again: 204. Refused: `NOT_FOUND`
    404, for a draft too."""
    return await act.answer(unread.acknowledge_version, instruction_id, version_id, status=204)


@router.get(
    VERSION + "/acknowledgements",
    response_model=Readings,
    openapi_extra=operation("instruction.write|floor.supervise"),
)
async def instruction_readings(instruction_id: UUID, version_id: UUID, act: ActDep) -> Response:
    """The agents assigned to the client now, and when each acknowledged this version; those who have not come first."""
    return await act.show(service.readings, instruction_id, version_id)
