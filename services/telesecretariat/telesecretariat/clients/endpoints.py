"""Contracts and assignments over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.clients import service
from telesecretariat.clients.schemas import (
    AssignmentIn,
    AssignmentOut,
    AssignmentPatch,
    ClientIn,
    ClientOut,
    ClientPatch,
)

router = APIRouter(prefix="/v1", tags=["clients"])
SETUP = operation("setup.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.get("/clients", response_model=Page[ClientOut], openapi_extra=SETUP)
async def list_clients(act: ActDep, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Contracts between centres and those who answer for them: validity, levels, prices, retention. Past ones too."""
    return await act.show(service.clients, cursor, limit)


@router.get("/clients/{client_id}", response_model=ClientOut, openapi_extra=SETUP)
async def read_client(client_id: UUID, act: ActDep) -> Response:
    """One contract, with its ETag."""
    return await act.show(service.client, client_id)


@router.post("/clients", status_code=201, response_model=ClientOut, openapi_extra=SETUP)
async def add_client(body: ClientIn, act: ActDep) -> Response:
    """A new contract. It gives a provider nothing beyond the delegation that the centre gave at the gateway.

    Refused: `CONTRACT_OVERLAP` 409, `RECORDING_REFUSED` 422 (kept over 180 days), `REFERENCE_UNKNOWN` 422.
    """
    return await act.answer(service.add_client, body, status=201)


@router.patch("/clients/{client_id}", response_model=ClientOut, openapi_extra=SETUP)
async def change_client(client_id: UUID, body: ClientPatch, act: ActDep) -> Response:
    """What changes of a contract; the rest stays. Recording may be declared once each line tells its callers.

    Refused: `VERSION_STALE` 412 with `If-Match`, `RECORDING_REFUSED` 422, `CONTRACT_OVERLAP` 409.
    """
    return await act.answer(service.change_client, client_id, body, act.if_match())


@router.get("/agent-assignments", response_model=Page[AssignmentOut], openapi_extra=SETUP)
async def list_assignments(
    act: ActDep,
    client_id: UUID | None = None,
    agent_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Who answers for whom and when, past ones too; of a client, of an agent, or all."""
    return await act.show(service.assignments, client_id, agent_id, cursor, limit)


@router.post("/agent-assignments", status_code=201, response_model=AssignmentOut, openapi_extra=SETUP)
async def add_assignment(body: AssignmentIn, act: ActDep) -> Response:
    """An agent answers for a client: its calls, desk and events are hers from then on.

    Refused: `REFERENCE_UNKNOWN` 422, `CONTRACT_OVERLAP` 409 with another assignment of the same two.
    """
    return await act.answer(service.add_assignment, body, status=201)


@router.patch("/agent-assignments/{assignment_id}", response_model=AssignmentOut, openapi_extra=SETUP)
async def change_assignment(assignment_id: UUID, body: AssignmentPatch, act: ActDep) -> Response:
    """Ends an assignment: from that instant on, the agent sees nothing of the client.

    Refused: `VERSION_STALE` 412 with `If-Match`, `TIME_INVALID` 422 when it is over already.
    """
    return await act.answer(service.change_assignment, assignment_id, body, act.if_match())
