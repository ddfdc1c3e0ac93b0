"""HTTP of the registration of telephone systems."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from maillage.http import ActDep, operation
from telesecretariat.telephony.setup import service
from telesecretariat.telephony.setup.schemas import AdapterIn, AdapterPatch, AdapterRegistered, AdapterSecret

router = APIRouter(prefix="/v1", tags=["telephony"])
SETUP = operation("setup.write")
AdapterPath = Annotated[str, Path(max_length=40)]


@router.post("/telephony/adapters", status_code=201, response_model=AdapterRegistered, openapi_extra=SETUP)
async def register_adapter(body: AdapterIn, act: ActDep) -> Response:
    """Registers a telephone system: `webhook` (it tells, by signed requests), `ari` (Asterisk), or `simulated`.

    Refused: `ADAPTER_EXISTS` 409, `SETTING_REFUSED` 422 for a setting that the kind does not have.
    """
    return await act.answer(service.register, body, status=201)


@router.patch("/telephony/adapters/{id}", response_model=AdapterRegistered, openapi_extra=SETUP)
async def change_adapter(id: AdapterPath, body: AdapterPatch, act: ActDep) -> Response:
    """Other settings, all of them. Refused: `VERSION_STALE` 412, `SETTING_REFUSED` 422."""
    return await act.answer(service.change, id, body, act.if_match())


@router.post("/telephony/adapters/{id}/secret", response_model=AdapterSecret, openapi_extra=SETUP)
async def rotate_adapter_secret(id: AdapterPath, act: ActDep) -> Response:
    """A new secret to sign with, told once; the one before counts for 24 h more. The first call makes the first one.

    Refused: `ADAPTER_UNSIGNED` 409 for a system that sends no webhooks.
    """
    answer = await act.answer(service.rotate, id)
    made = AdapterSecret.model_validate_json(bytes(answer.body))
    told = made.model_copy(update={"secret": await act.read(service.newest_secret, id)})
    headers = {"ETag": answer.headers["etag"], "Cache-Control": "no-store"}
    return Response(told.model_dump_json(), answer.status_code, headers, "application/json")
