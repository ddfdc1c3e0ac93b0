"""HTTP of expected identities: administrators, own organisation."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.identities import service
from gateway.identities.schemas import ExpectedIdentities, ExpectedIn, ExpectedOut, ExpectedPatch
from gateway.paging import Cursor, Limit
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1/expected-identities", tags=["expected identities"])
READ = operation("account.write")
WRITE = operation("account.write", step_up_s=900)


@router.get("", response_model=ExpectedIdentities, openapi_extra=READ)
async def expected_identities(act: ActDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Identities awaited in the own organisation, by id."""
    return await act.show(service.list_expected, cursor, limit)


@router.post("", status_code=201, response_model=ExpectedOut, openapi_extra=WRITE)
async def add_expected_identity(body: ExpectedIn, act: ActDep) -> Response:
    """Awaits an identity: whoever proves it by signing in elsewhere gets the role here. Refused: `ROLE_NOT_FOR_KIND`
    422, `IDENTITY_EXPECTED` 409, `STEP_UP_REQUIRED` 403."""
    return await act.answer(service.add_expected, body, status=201)


@router.patch("/{id}", response_model=ExpectedOut, openapi_extra=WRITE)
async def change_expected_identity(id: UUID, body: ExpectedPatch, act: ActDep) -> Response:
    """Awaits it again, or no longer: then the role that was given for it ends, and the sessions under it. Refused:
    `VERSION_STALE` 412, `STEP_UP_REQUIRED` 403."""
    return await act.answer(service.change_expected, id, body, act.if_match())
