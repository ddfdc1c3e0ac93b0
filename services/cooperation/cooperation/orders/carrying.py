"""What becomes of orders when the crates that hold them are given."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cooperation.orders import queries
from cooperation.orders.changing import tell
from cooperation.orders.rows import Order
from cooperation.trace.recording import change
from maillage.database import Tx


async def left(tx: Tx, crate_ids: Sequence[UUID], at: datetime) -> None:
    """Prepared orders with goods in one of these crates are in transit."""
    for found in await tx.fetch(queries.IN_CRATES, list(crate_ids)):
        row = await tx.fetchrow(queries.LOCK, found["order_id"])
        if row is None or row["state"] != "prepared":
            continue
        order, flow = Order.of(row), await tx.fetchrow(queries.FLOW, row["flow_id"])
        assert flow is not None
        gone = await change(tx, order, replace(order, state="in_transit"), "order.in_transit", at=at)
        tell(tx, gone, flow["code"], at)
