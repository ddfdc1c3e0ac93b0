"""HTTP of receipts."""

from typing import Annotated, Final, cast

from fastapi import APIRouter, Path
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from appointments.messages.receipts import service
from appointments.messages.receipts.domain import is_signed
from appointments.messages.receipts.errors import ReceiptSignatureInvalid
from appointments.messages.receipts.schemas import ReceiptsIn, ReceiptsTaken
from appointments.settings import AppointmentsSettings
from maillage import clock
from maillage.http import ActDep, operation
from maillage.refusals import BodyTooLarge

router = APIRouter(prefix="/v1", tags=["messages"])
LARGEST: Final = 65_536
_SCHEMA = ReceiptsIn.model_json_schema()
# What is referred to stands where it is used: a reference into this schema would lead nowhere in the document.
_SCHEMA["properties"]["receipts"]["items"] = _SCHEMA.pop("$defs")["ReceiptIn"]
RECEIPTS = operation("signed", max_body=LARGEST) | {
    "requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMA}}}
}


@router.post("/providers/{name}/receipts", status_code=202, response_model=ReceiptsTaken, openapi_extra=RECEIPTS)
async def take_receipts(name: Annotated[str, Path(max_length=40)], act: ActDep) -> JSONResponse:
    """What became of messages, told by the provider that took them: one receipt, or up to 100.

    Signed over the raw body (Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature) with the secret of
    the settings. A receipt that comes again changes nothing, nor does one that comes late; one of an unknown message
    is kept. Refused: `SIGNATURE_INVALID` 401 (also more than 5 min old, and for an unknown provider), `INVALID` 422
    with a pointer, `BODY_TOO_LARGE` 413 over 64 KiB.
    """
    body = await act.request.body()
    if len(body) > LARGEST:
        raise BodyTooLarge
    secret = cast(AppointmentsSettings, act.settings).provider_secrets.get(name)
    if not is_signed(body, act.request.headers, secret, clock.now()):
        raise ReceiptSignatureInvalid
    taken = await service.take(act.database, name, _read(body).receipts)
    return JSONResponse(taken.model_dump(), 202)


def _read(body: bytes) -> ReceiptsIn:
    try:
        return ReceiptsIn.model_validate_json(body)
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in found]) from None
