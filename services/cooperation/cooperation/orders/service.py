"""Use cases of shared orders: asking, answering, closing, reading."""

from dataclasses import replace
from datetime import date, time
from uuid import UUID

from asyncpg import Record

from cooperation.blocks.looking import blocks_of_things
from cooperation.members.errors import ReferenceUnknown
from cooperation.members.keeping import after, page
from cooperation.members.parameters import group
from cooperation.orders import domain, queries
from cooperation.orders.changing import become, held, item, shown, step, tell
from cooperation.orders.errors import AfterCutOff, LineBlocked
from cooperation.orders.rows import Line, Order
from cooperation.orders.schemas import Declining, OrderIn, OrderItem, OrderOut
from cooperation.trace.recording import add, add_many
from cooperation.transport import queries as places
from cooperation.transport.errors import HandoverNeeded
from cooperation.transport.finding import reached
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Invalid
from maillage.wire import Page


async def create(tx: Tx, body: OrderIn) -> OrderOut:
    """A draft. Refused: `REFERENCE_UNKNOWN` for the site, the flow or an item, `INVALID` for an item twice."""
    site = await tx.fetchrow(places.SITE, body.site_id)
    if site is None or not reached(tx, site["organisation_id"]):
        raise ReferenceUnknown(pointer="/site_id")
    flow = await tx.fetchrow(queries.FLOW_OF_CODE, site["group_id"], body.flow)
    if flow is None:
        raise ReferenceUnknown(pointer="/flow")
    items = await _items(tx, flow["id"], body)
    order = Order(
        id=new_id(), organisation_id=site["organisation_id"], created_at=tx.now, group_id=site["group_id"],
        flow_id=flow["id"], site_id=body.site_id, wanted_on=body.wanted_on, crate_ids=[],
    )  # fmt: skip
    await add(tx, order, "order.drafted")
    lines = [
        Line(
            id=new_id(), organisation_id=order.organisation_id, created_at=tx.now, group_id=order.group_id,
            order_id=order.id, item_id=items[line.item], ordered=line.quantity,
        )
        for line in body.lines
    ]  # fmt: skip
    await add_many(tx, lines, "order_line.drafted")
    tell(tx, order, flow["code"], tx.now)
    return await shown(tx, order.id)


async def send(tx: Tx, order_id: UUID) -> OrderOut:
    """The group is asked. Refused: `AFTER_CUT_OFF`, `WRONG_STATE`."""
    found = await held(tx, order_id, "send")
    await _refuse_late(tx, found.order, found.flow)
    return await become(tx, found.order, replace(found.order, state="sent", sent_at=tx.now), found.flow)


async def accept(tx: Tx, order_id: UUID) -> OrderOut:
    """The group will do it. Refused: `WRONG_STATE`, `NOT_ALLOWED` for the member."""
    return await step(tx, order_id, "accept", "accepted")


async def decline(tx: Tx, order_id: UUID, body: Declining) -> OrderOut:
    """The group will not, and why. Refused: `WRONG_STATE`, `NOT_ALLOWED` for the member."""
    return await step(tx, order_id, "decline", "declined", reason=body.reason)


async def cancel(tx: Tx, order_id: UUID) -> OrderOut:
    """Nobody wants it any more; until it is prepared. Refused: `WRONG_STATE`."""
    return await step(tx, order_id, "cancel", "cancelled")


async def dispatch(tx: Tx, order_id: UUID) -> OrderOut:
    """Goods without a crate leave. Refused: `WRONG_STATE`, `RECALLED`, `ON_HOLD`; `HANDOVER_NEEDED` for what is in
    crates: it leaves when they are given."""
    found = await held(tx, order_id, "dispatch")
    for block in await blocks_of_things(tx, [line.id for line in found.lines.values()]):
        raise block.refusal()
    if found.order.crate_ids:
        raise HandoverNeeded
    return await become(tx, found.order, replace(found.order, state="in_transit"), found.flow)


async def close(tx: Tx, order_id: UUID) -> OrderOut:
    """Nothing is left to do about it. Refused: `WRONG_STATE`, `LINE_BLOCKED`."""
    found = await held(tx, order_id, "close")
    if blocked := [str(line.id) for line in found.lines.values() if line.blocked]:
        raise LineBlocked(line_ids=list(blocked))
    return await become(tx, found.order, replace(found.order, state="closed"), found.flow)


async def orders(
    tx: Tx,
    state: domain.State | None,
    flow: str | None,
    site_id: UUID | None,
    since: date | None,
    until: date | None,
    limit: int,
    cursor: str | None,
) -> Page[OrderItem]:
    """The newest first, of those wanted between two local days."""
    rows = await tx.fetch(queries.LIST, state, flow, site_id, since, until, after(cursor), limit + 1)
    last = rows[:limit][-1]["id"] if rows else None
    return page(OrderItem, [item(row) for row in rows], limit, last)


async def _items(tx: Tx, flow_id: UUID, body: OrderIn) -> dict[str, UUID]:
    codes = [line.item for line in body.lines]
    known = {row["code"]: row["id"] for row in await tx.fetch(queries.ITEMS, flow_id, codes)}
    for number, code in enumerate(codes):
        if code not in known:
            raise ReferenceUnknown(pointer=f"/lines/{number}/item")
        if code in codes[:number]:
            raise Invalid(pointer=f"/lines/{number}/item")
    return known


async def _refuse_late(tx: Tx, order: Order, flow: Record) -> None:
    zone = (await group(tx, order.group_id)).zone
    hour = flow["cut_offs"].get(str(order.site_id))
    until = domain.taken_until(order.wanted_on, None if hour is None else time.fromisoformat(hour), zone)
    if tx.now >= until:
        raise AfterCutOff(taken_until=until.isoformat())
