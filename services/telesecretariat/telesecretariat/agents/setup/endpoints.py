"""Set-up of agents over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.agents.setup import service
from telesecretariat.agents.setup.schemas import AgentSetupIn, AgentSetupOut, AgentSetupPatch

router = APIRouter(prefix="/v1", tags=["agents"])
SETUP = operation("setup.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.get("/agents", response_model=Page[AgentSetupOut], openapi_extra=SETUP)
async def list_agents(act: ActDep, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """The agents that the caller's organisation employs: label, skills, telephone. No names: the gateway has them."""
    return await act.show(service.agents, cursor, limit)


@router.post("/agents", status_code=201, response_model=AgentSetupOut, openapi_extra=SETUP)
async def add_agent(body: AgentSetupIn, act: ActDep) -> Response:
    """A telesecretary or supervisor of one's own organisation becomes an agent; opening a desk does so too.

    Refused: `REFERENCE_UNKNOWN` 422 for a person without such a role here, `AGENT_EXISTS` 409.
    """
    return await act.answer(service.add_agent, body, status=201)


@router.patch("/agents/{agent_id}", response_model=AgentSetupOut, openapi_extra=SETUP)
async def change_agent(agent_id: UUID, body: AgentSetupPatch, act: ActDep) -> Response:
    """Label, skills, telephone, whether she is offered calls. Refused: `VERSION_STALE` 412 with `If-Match`."""
    return await act.answer(service.change_agent, agent_id, body, act.if_match())
