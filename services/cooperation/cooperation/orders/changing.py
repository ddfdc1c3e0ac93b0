"""The one way in which a shared order changes: locked, by who may, from the right state; row, trace, event."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from contracts.cooperation import OrderChanged
from cooperation.members.keeping import wire
from cooperation.orders import domain, queries
from cooperation.orders.rows import Line, Order
from cooperation.orders.schemas import LineOut, OrderItem, OrderOut
from cooperation.trace.recording import Facts, change
from cooperation.transport.finding import reached
from maillage.database import Tx
from maillage.refusals import NotAllowed, NotFound, WrongState


@dataclass(frozen=True, slots=True)
class Held:
    """A locked order with its flow and its locked lines."""

    order: Order
    flow: Record
    lines: dict[UUID, Line]


async def held(tx: Tx, order_id: UUID, act: domain.Act) -> Held:
    """The order, locked, for this act. Refused: `NOT_FOUND`, `NOT_ALLOWED` for the other side, `WRONG_STATE`."""
    row = await tx.fetchrow(queries.LOCK, order_id)
    if row is None:
        raise NotFound
    order, flow = Order.of(row), await tx.fetchrow(queries.FLOW, row["flow_id"])
    assert flow is not None
    if domain.side(act, flow["direction"]) == "group" and not reached(tx, order.group_id):
        raise NotAllowed
    if order.state not in domain.FROM[act]:
        raise WrongState(state=order.state, allowed=list(domain.FROM[act]))
    lines = [Line.of(line) for line in await tx.fetch(queries.LOCK_LINES, order_id)]
    return Held(order, flow, {line.id: line for line in lines})


async def become(
    tx: Tx, before: Order, after: Order, flow: Record, *, at: datetime | None = None, facts: Facts | None = None
) -> OrderOut:
    """The locked order is `after` now; both parties are told when its state changed."""
    changed = await change(tx, before, after, f"order.{after.state}", at=at, facts=facts)
    tell(tx, changed, flow["code"], at or tx.now)
    return await shown(tx, before.id)


def tell(tx: Tx, order: Order, flow: str, at: datetime) -> None:
    """To the member, and to the group by whoever reaches it: its staff follow the member's events by delegation."""
    event = OrderChanged(order_id=order.id, flow=flow, state=order.state, at=at, version=order.version)
    for owner in (order.organisation_id, order.group_id):
        if reached(tx, owner):
            tx.emit(event, owner)


async def shown(tx: Tx, order_id: UUID) -> OrderOut:
    """One order with its lines. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.ORDER, order_id)
    if row is None:
        raise NotFound
    rest = {name: row[name] for name in ("reason", "crate_ids", "prepared_by", "checked_by")}
    lines = [wire(LineOut, line) for line in await tx.fetch(queries.LINES, order_id)]
    return OrderOut(**item(row).model_dump(), **rest, lines=lines)


def item(row: Record) -> OrderItem:
    """One line of a list of orders."""
    facts = {name: row[name] for name in OrderItem.model_fields if name != "member_id"}
    return OrderItem.model_validate(facts | {"member_id": row["organisation_id"]})


async def step(tx: Tx, order_id: UUID, act: domain.Act, state: domain.State, **columns: object) -> OrderOut:
    """An act that only brings the order to its next state."""
    found = await held(tx, order_id, act)
    after = replace(found.order, state=state, **columns)  # type: ignore[arg-type]  # columns of Order
    return await become(tx, found.order, after, found.flow)
