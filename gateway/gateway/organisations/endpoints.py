"""HTTP of organisations: an administrator's own one, an operator's territory."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.organisations import service
from gateway.organisations.schemas import OrganisationIn, OrganisationOut, OrganisationPatch, Organisations
from gateway.paging import Cursor, Limit
from gateway.platform import over_all
from gateway.sessions.endpoints import house_of
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["organisations"])
READ = operation("account.write")
WRITE = operation("account.write", step_up_s=900)


@router.get("/organisations", response_model=Organisations, openapi_extra=READ)
async def organisations(act: ActDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """The own organisation; for an operator all of the territory, by id."""
    return await over_all(act).show(service.list_organisations, cursor, limit)


@router.post("/organisations", status_code=201, response_model=OrganisationOut, openapi_extra=WRITE)
async def add_organisation(body: OrganisationIn, act: ActDep) -> Response:
    """A new organisation with its first administrator, invited. Refused: `NOT_ALLOWED` 403 to all but operators,
    `IDENTIFIER_TAKEN` 409, `LOGIN_TAKEN` 409, `TEXT_INVALID` 422 (a number without its key)."""
    return await over_all(act).answer(
        service.add, house_of(act.request).sealer, body, act.settings.territory, status=201
    )


@router.patch("/organisations/{id}", response_model=OrganisationOut, openapi_extra=WRITE)
async def change_organisation(id: UUID, body: OrganisationPatch, act: ActDep) -> Response:
    """Changes name and numbers; operators also close (`active` false: its members are out within a second) and open
    again. Refused: `NOT_FOUND` for another organisation, `NOT_ALLOWED` 403 to close without being an operator,
    `OWN_ORGANISATION` 409, `IDENTIFIER_TAKEN` 409, `VERSION_STALE` 412."""
    return await over_all(act).answer(service.change, id, body, act.if_match())
