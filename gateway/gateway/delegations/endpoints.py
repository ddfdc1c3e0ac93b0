"""HTTP of delegations: the organisation whose rows they are gives them, either end ends them."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.delegations import service
from gateway.delegations.schemas import DelegationIn, DelegationOut, DelegationPatch, Delegations
from gateway.paging import Cursor, Limit
from gateway.platform import over_all
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["delegations"])
READ = operation("account.write")
WRITE = operation("account.write", step_up_s=900)


@router.get("/delegations", response_model=Delegations, openapi_extra=READ)
async def delegations(act: ActDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Delegations that the own organisation gave or received, by id, past ones too."""
    return await over_all(act).show(service.list_delegations, cursor, limit)


@router.post("/delegations", status_code=201, response_model=DelegationOut, openapi_extra=WRITE)
async def give_delegation(body: DelegationIn, act: ActDep) -> Response:
    """Lets another organisation act for the own one. Refused: `PERMISSION_UNKNOWN` 422, `PROVIDER_UNKNOWN` 422,
    `TIME_INVALID` 422, `DELEGATION_EXISTS` 409 when it does already at some of that time."""
    return await over_all(act).answer(service.give, body, status=201)


@router.patch("/delegations/{id}", response_model=DelegationOut, openapi_extra=WRITE)
async def end_delegation(id: UUID, body: DelegationPatch, act: ActDep) -> Response:
    """Another end; an instant in the past means now, and within a second the provider reaches nothing more. The
    provider may only shorten it. Refused: `NOT_FOUND`, `NOT_ALLOWED` 403, `WRONG_STATE` 409 once it is over,
    `DELEGATION_EXISTS` 409, `VERSION_STALE` 412."""
    return await over_all(act).answer(service.end, id, body, act.if_match())
