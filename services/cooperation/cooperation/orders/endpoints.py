"""Shared orders over HTTP: laundry, meals, pharmacy, biology, purchasing, waste; one engine, a row per flow."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.orders import changing, preparing, receiving, service
from cooperation.orders.domain import State
from cooperation.orders.schemas import (
    Deciding,
    Declining,
    FlowCode,
    OrderIn,
    OrderItem,
    OrderOut,
    Preparing,
    Receiving,
)
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["orders"])


@router.get("/orders", response_model=Page[OrderItem], openapi_extra=operation("set.read"))
async def list_orders(
    act: ActDep,
    state: State | None = None,
    flow: FlowCode | None = None,
    site_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Orders, the newest first: a member's own, all for the staff of the group. `since`, `until`: local days for which
    they are wanted."""
    return await act.show(service.orders, state, flow, site_id, since, until, limit, cursor)


@router.post("/orders", response_model=OrderOut, status_code=201, openapi_extra=operation("order.write"))
async def create_order(body: OrderIn, act: ActDep) -> Response:
    """A draft of one flow for one site and day. For a flow from the member (waste, biology) it asks for a collection.
    Refused: `REFERENCE_UNKNOWN`, `INVALID` for an item twice."""
    return await act.answer(service.create, body, status=201)


@router.get("/orders/{order_id}", response_model=OrderOut, openapi_extra=operation("set.read"))
async def show_order(order_id: UUID, act: ActDep) -> Response:
    """One order with its lines."""
    return await act.show(changing.shown, order_id)


@router.post("/orders/{order_id}/send", response_model=OrderOut, openapi_extra=operation("order.write"))
async def send_order(order_id: UUID, act: ActDep) -> Response:
    """By the member, until the site's cut-off: its hour, local time, of the day before; without one, the end of the
    day itself. Refused: `AFTER_CUT_OFF` (`taken_until`), `WRONG_STATE` (`state`, `allowed`)."""
    return await act.answer(service.send, order_id)


@router.post("/orders/{order_id}/accept", response_model=OrderOut, openapi_extra=operation("order.write"))
async def accept_order(order_id: UUID, act: ActDep) -> Response:
    """By the group. Refused: `WRONG_STATE`, `NOT_ALLOWED` for the member."""
    return await act.answer(service.accept, order_id)


@router.post("/orders/{order_id}/decline", response_model=OrderOut, openapi_extra=operation("order.write"))
async def decline_order(order_id: UUID, body: Declining, act: ActDep) -> Response:
    """By the group, with a reason. Refused: `WRONG_STATE`, `NOT_ALLOWED` for the member."""
    return await act.answer(service.decline, order_id, body)


@router.post("/orders/{order_id}/prepare", response_model=OrderOut, openapi_extra=operation("order.write"))
async def prepare_order(order_id: UUID, body: Preparing, act: ActDep) -> Response:
    """By the group, or by the member for a flow from it: quantities, lots, crates. With a double check it stays
    `accepted` until `check`. Refused: `WRONG_STATE`, `NOT_ALLOWED`, `LINES_MISSING`, `LOT_MISSING`, `UNKNOWN_CODE`,
    `CRATE_SEALED`, `CRATE_DIRTY`, `MIXED_CLEANLINESS`, `INCOMPATIBLE_FLOWS` for a crate of another flow,
    `WRONG_PLACE` for one in a vehicle."""
    return await act.answer(preparing.prepare, order_id, body)


@router.post("/orders/{order_id}/check", response_model=OrderOut, openapi_extra=operation("order.write"))
async def check_order(order_id: UUID, act: ActDep) -> Response:
    """By another person than who prepared. Refused: `SAME_PERSON`, `WRONG_STATE`, `NOT_ALLOWED`, `LINES_MISSING`."""
    return await act.answer(preparing.check, order_id)


@router.post("/orders/{order_id}/dispatch", response_model=OrderOut, openapi_extra=operation("order.write"))
async def dispatch_order(order_id: UUID, act: ActDep) -> Response:
    """What travels without a crate leaves; what is in crates leaves when they are given. Refused: `WRONG_STATE`,
    `NOT_ALLOWED`, `HANDOVER_NEEDED`; `ON_HOLD`, `RECALLED` for a line that is blocked."""
    return await act.answer(service.dispatch, order_id)


@router.post("/orders/{order_id}/receive", response_model=OrderOut, openapi_extra=operation("order.write"))
async def receive_order(order_id: UUID, body: Receiving, act: ActDep) -> Response:
    """By the member, or by the group for a flow from the member: each line counted, with its temperature where the
    flow has a range. A difference opens an issue; out of range blocks the line. Refused: `WRONG_STATE`, `NOT_ALLOWED`,
    `LINES_MISSING`, `TEMPERATURE_MISSING`, `CRATE_SEALED`, `INVALID` without a place for goods out of crates."""
    return await act.answer(receiving.receive, order_id, body)


@router.post("/orders/{order_id}/close", response_model=OrderOut, openapi_extra=operation("order.write"))
async def close_order(order_id: UUID, act: ActDep) -> Response:
    """By either side. Refused: `WRONG_STATE`, `LINE_BLOCKED`."""
    return await act.answer(service.close, order_id)


@router.post("/orders/{order_id}/cancel", response_model=OrderOut, openapi_extra=operation("order.write"))
async def cancel_order(order_id: UUID, act: ActDep) -> Response:
    """By the member, until it is prepared. Refused: `WRONG_STATE`."""
    return await act.answer(service.cancel, order_id)


@router.post("/order_lines/{line_id}/decide", response_model=OrderOut, openapi_extra=operation("load.release"))
async def decide_order_line(line_id: UUID, body: Deciding, act: ActDep) -> Response:
    """The pharmacist (`sterilisation_releaser`) decides of a line that came too cold or too warm. Refused:
    `ROLE_REQUIRED` 403, `WRONG_STATE` for a line that is not blocked."""
    return await act.answer(receiving.decide, line_id, body)
