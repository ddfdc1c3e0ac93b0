"""The live stream as OpenAPI tells it; the door answers it (`stream.answer`)."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from maillage.http import ActDep, operation
from maillage.refusals import ServiceUnavailable

router = APIRouter(tags=["stream"])
_TOLD = {
    "description": "Server-sent events: `ready`, facts as they happen, `resync`, `degraded`, `bye`.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


@router.get("/api/stream", response_class=Response, responses={200: _TOLD}, openapi_extra=operation("self"))
async def stream(
    act: ActDep,
    topics: Annotated[str, Query(max_length=4000)] = "",
    after: Annotated[str, Query(max_length=40)] = "",
    last_event_id: Annotated[str, Header(max_length=40)] = "",
) -> Response:
    """What happens in the territory, as it happens: server-sent events for professionals' screens.

    `topics`: services (`appointments`) or types of event (`appointments.appointment_booked`), comma between, at most
    50; none: all that the caller's role may see.

    First `ready {as_of, context}`; `as_of` is the newest position. Then each event: its name is the type without
    version, its data `{type, id, version, organisation_id, occurred_at, facts}`, its id `<epoch>.<position>`. With
    `Last-Event-ID`, or `after` at the first opening, exactly what came since is given first (24 h, 5,000 events at
    most); else, or when the position is not one of ours, one `resync {as_of}`: read the lists again.
    `degraded {}`: the broker is away, ask every 5 s until the next `ready`. `bye {reason}` is the last:
    `signed_out`, `context_changed`, `slow` (256 KiB not taken), `restart`. `beat {}` every 15 s is a sign of life.

    Refused: `NOT_SIGNED_IN` 401, `NOT_ALLOWED` 403 to patients and partners, `CONTEXT_REQUIRED` 409 before a context
    is chosen, `TOPICS_UNKNOWN` 422, `STREAM_LIMIT` 429 beyond three per person.
    """
    raise ServiceUnavailable
