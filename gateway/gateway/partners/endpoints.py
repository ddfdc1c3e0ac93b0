"""HTTP of partners' machines: their administration by the own organisation's administrators."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.paging import Cursor, Limit
from gateway.partners import oauth, service
from gateway.partners.schemas import ClientIn, ClientOut, ClientPatch, Clients
from gateway.partners.service import Reader
from gateway.sessions.endpoints import house_of
from maillage.http import Act, ActDep, operation

router = APIRouter(tags=["partners"])
router.include_router(oauth.router)
READ = operation("client.write")
WRITE = operation("client.write", max_body=131_072, step_up_s=900)


def _reader(act: Act) -> Reader:
    return Reader(house_of(act.request).settings, act.language)


@router.get("/v1/clients", response_model=Clients, openapi_extra=READ)
async def list_clients(act: ActDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """The own organisation's machines by id: keys, scopes, last use, requests of the day, last refusal in words."""
    return await act.show(service.list_clients, _reader(act), cursor, limit)


@router.get("/v1/clients/{id}", response_model=ClientOut, openapi_extra=READ)
async def read_client(id: UUID, act: ActDep) -> Response:
    """One machine. Refused: `NOT_FOUND` for another organisation's."""
    return await act.show(service.read_client, _reader(act), id)


@router.post("/v1/clients", status_code=201, response_model=ClientOut, openapi_extra=WRITE)
async def add_client(body: ClientIn, act: ActDep) -> Response:
    """Registers a machine; its `id` is the `client_id`. There is no secret: it proves itself by its own keys.

    Refused: `KEY_WEAK` 422 (private, RSA below 2048 bits, no kid, other kinds), `SCOPE_UNKNOWN` 422, `URL_REFUSED` 422,
    `REACH_NOT_FOR_KIND` 422, `CERTIFICATE_UNREADABLE` 422, `CERTIFICATE_TAKEN` 409, `STEP_UP_REQUIRED` 403.
    """
    return await act.answer(service.add_client, _reader(act), body, status=201)


@router.patch("/v1/clients/{id}", response_model=ClientOut, openapi_extra=WRITE)
async def change_client(id: UUID, body: ClientPatch, act: ActDep) -> Response:
    """Changes keys, scopes, certificates, reach; what is taken back ends within a second. Refused: as at registration,
    `VERSION_STALE` 412, `NOT_FOUND` 404."""
    return await act.answer(service.change_client, _reader(act), id, body, act.if_match())


@router.post("/v1/clients/{id}/suspend", response_model=ClientOut, openapi_extra=WRITE)
async def suspend_client(id: UUID, act: ActDep) -> Response:
    """Suspends: its tokens end everywhere within a second, and no new one is given. Refused: `WRONG_STATE` 409."""
    return await act.answer(service.set_status, _reader(act), id, "suspended")


@router.post("/v1/clients/{id}/resume", response_model=ClientOut, openapi_extra=WRITE)
async def resume_client(id: UUID, act: ActDep) -> Response:
    """Lets a suspended machine in again; it asks for a new token. Refused: `WRONG_STATE` 409."""
    return await act.answer(service.set_status, _reader(act), id, "active")
