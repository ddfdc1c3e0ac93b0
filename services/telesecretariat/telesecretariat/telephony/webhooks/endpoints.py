"""HTTP of what telephone systems tell."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from maillage.http import Act, ActDep, operation
from maillage.principal import system
from maillage.refusals import BodyTooLarge
from telesecretariat.telephony.webhooks import service
from telesecretariat.telephony.webhooks.schemas import EventsTaken, TelephonyEvent, read

router = APIRouter(prefix="/v1", tags=["telephony"])
LARGEST: Final = 262_144
_ONE: Final = TelephonyEvent.model_json_schema()
EVENTS = operation("signed", klass="critical", max_body=LARGEST) | {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"anyOf": [_ONE, {"type": "array", "items": _ONE, "maxItems": 100}]}},
            "application/x-www-form-urlencoded": {"schema": _ONE},
        },
    }
}


@router.post("/telephony/{adapter_id}/events", status_code=202, response_model=EventsTaken, openapi_extra=EVENTS)
async def take_telephony_events(adapter_id: Annotated[str, Path(max_length=40)], act: ActDep) -> JSONResponse:
    """What a telephone system tells of the calls of its observed lines: one event, or up to 100 in a list.

    Signed over the raw body (Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature). A delivery that
    comes again changes nothing. Refused: `SIGNATURE_INVALID` 401 (also for a system that is not registered),
    `EVENT_TOO_OLD` 401 after 5 min, `UNKNOWN_EVENT` and `INVALID` 422 with a pointer, `BODY_TOO_LARGE` 413 over
    256 KiB.
    """
    body = await act.request.body()
    if len(body) > LARGEST:
        raise BodyTooLarge
    door = await act.database.read(system(act.settings.SERVICE), service.door, adapter_id)
    delivery = service.admit(door, body, act.request.headers, _address(act))
    events = read(body, act.request.headers.get("content-type", ""))
    taken = await service.take(act.database, adapter_id, delivery, events)
    return JSONResponse(taken.model_dump(), 202)


def _address(act: Act) -> str | None:
    """Where a request comes from: as the gateway tells in its token; without one it came to this port itself."""
    if "authorization" in act.request.headers:
        return act.principal.ip
    return act.request.client.host if act.request.client else None
