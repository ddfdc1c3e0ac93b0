"""HTTP of: events for partners: webhooks and pull."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gateway.deliveries import service as deliveries
from gateway.deliveries.calling import send
from gateway.deliveries.schemas import Deliveries, KeptNotices
from gateway.paging import Cursor, Limit
from gateway.sessions.endpoints import house_of
from gateway.subscriptions import service
from gateway.subscriptions.schemas import (
    Replayed,
    ReplayIn,
    SubscriptionIn,
    SubscriptionOut,
    SubscriptionPatch,
    Subscriptions,
)
from gateway.subscriptions.service import Means, machine_of
from maillage.http import Act, ActDep, operation

router = APIRouter(prefix="/v1", tags=["subscriptions"])
WRITE = operation("subscription.write")
CALLS = operation("subscription.write", timeout_s=20)
State = Literal["due", "sending", "delivered", "parked", "kept"]


def _means(act: Act) -> Means:
    house = house_of(act.request)
    return Means(house.outbound, house.sealer, house.settings.delivery_timeout_s)


async def _with_secret(act: Act, answer: Response) -> Response:
    """The answer and the secret, which is in no kept answer."""
    made = SubscriptionOut.model_validate_json(bytes(answer.body))
    secret = await act.read(service.secret_of, _means(act), made.id)
    body = made.model_copy(update={"secret": secret}).model_dump_json()
    headers = {"ETag": answer.headers["etag"], "Cache-Control": "no-store"}
    return Response(body, answer.status_code, headers, "application/json")


@router.get("/subscriptions", response_model=Subscriptions, openapi_extra=WRITE)
async def all_subscriptions(
    act: ActDep, client_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Subscriptions by id: a machine's own, or all of an administrator's organisation, of one machine if named."""
    return await act.show(service.list_subscriptions, client_id, cursor, limit)


@router.post("/subscriptions", status_code=201, response_model=SubscriptionOut, openapi_extra=WRITE)
async def add_subscription(body: SubscriptionIn, act: ActDep) -> Response:
    """A new subscription, with its secret, told once. A webhook is `pending` until it answers a ping.

    Refused: `URL_REFUSED`, `TYPE_NOT_ALLOWED` 422, `TOO_MANY_SUBSCRIPTIONS` 409, `NOT_FOUND` for another
    organisation's machine, `STEP_UP_REQUIRED` 403 for a person whose second factor is older than 15 min.
    """
    return await _with_secret(act, await act.answer(service.add, _means(act), body, status=201))


@router.get("/subscriptions/{id}", response_model=SubscriptionOut, openapi_extra=WRITE)
async def one_subscription(id: UUID, act: ActDep) -> Response:
    """One subscription."""
    return await act.show(service.read, id)


@router.patch("/subscriptions/{id}", response_model=SubscriptionOut, openapi_extra=CALLS)
async def change_subscription(id: UUID, body: SubscriptionPatch, act: ActDep) -> Response:
    """Another address or other types. A new address of an active webhook must answer a ping first, or nothing changes.

    Refused: `URL_REFUSED`, `TYPE_NOT_ALLOWED`, `ENDPOINT_UNREACHABLE` 422, `VERSION_STALE` 412.
    """
    means = _means(act)
    message = await act.read(service.ping_before_change, means, id, body)
    answer = await send(means.outbound, message, means.timeout_s) if message else None
    return await act.answer(service.change, means, id, body, answer, act.if_match())


@router.delete("/subscriptions/{id}", status_code=204, openapi_extra=WRITE)
async def remove_subscription(id: UUID, act: ActDep) -> Response:
    """Ends it, with all that was kept for it."""
    return await act.answer(service.remove, id, status=204)


@router.post("/subscriptions/{id}/ping", response_model=SubscriptionOut, openapi_extra=CALLS)
async def ping_subscription(id: UUID, act: ActDep) -> Response:
    """Sends a signed `ping` now; a pending webhook that answers 2xx becomes active. Refused: `ENDPOINT_UNREACHABLE`
    422, with `failure` in one word; `WRONG_STATE` 409 for reading by cursor."""
    return await _call(id, act, "ping")


@router.post("/subscriptions/{id}/enable", response_model=SubscriptionOut, openapi_extra=CALLS)
async def enable_subscription(id: UUID, act: ActDep) -> Response:
    """Sends a signed `ping`; when it is answered 2xx, a disabled webhook is active again and what waited leaves, the
    oldest first. Refused: as `ping`."""
    return await _call(id, act, "enable")


async def _call(id: UUID, act: Act, what: Literal["ping", "enable"]) -> Response:
    means = _means(act)
    message = await act.read(service.ping, means, id)
    answer = await send(means.outbound, message, means.timeout_s)
    return await act.answer(service.answered, id, what, answer)


@router.post("/subscriptions/{id}/rotate-secret", response_model=SubscriptionOut, openapi_extra=WRITE)
async def rotate_webhook_secret(id: UUID, act: ActDep) -> Response:
    """A new secret, told once. Both sign for 24 h. Refused: `WRONG_STATE` 409 for reading by cursor."""
    return await _with_secret(act, await act.answer(service.rotate, _means(act), id))


@router.post("/subscriptions/{id}/replay", response_model=Replayed, openapi_extra=WRITE)
async def replay_deliveries(id: UUID, body: ReplayIn, act: ActDep) -> Response:
    """Sends again what was delivered or parked: one delivery, or the events of a time. Refused: `WRONG_STATE` 409
    unless it is an active webhook, `NOT_FOUND` for another's delivery, `TIME_INVALID` 422."""
    return await act.answer(deliveries.replay, id, machine_of(act.principal), body)


@router.get("/subscriptions/{id}/deliveries", response_model=Deliveries, openapi_extra=WRITE)
async def deliveries_of(
    id: UUID, act: ActDep, state: State | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Deliveries of the last 30 days with each try, newest first."""
    return await act.show(deliveries.list_deliveries, id, machine_of(act.principal), state, cursor, limit)


@router.get("/subscriptions/{id}/events", response_model=KeptNotices, openapi_extra=WRITE)
async def events_of(
    id: UUID, act: ActDep, after: Annotated[str | None, Query(max_length=1024)] = None, limit: Limit = 100
) -> Response:
    """Events after a cursor, oldest first, for partners that open no port; without `after`, from the oldest kept.
    Refused: `CURSOR_TOO_OLD` 410 after more than 30 days, `CURSOR_INVALID` 422."""
    return await act.show(deliveries.read_events, id, machine_of(act.principal), after, limit)
