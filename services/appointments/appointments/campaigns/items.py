"""What happens to one item of a campaign, whoever causes it: settled, or somebody must call."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import asyncpg

from appointments.campaigns import queries
from appointments.campaigns.domain import call_by
from appointments.holds import service as holds
from appointments.needs import service as needs
from contracts.appointments import CampaignChanged
from maillage.database import Tx

Settled = Literal["moved", "cancelled", "kept"]
LIVE = ("todo", "proposed", "to_call")


async def settle(tx: Tx, item: asyncpg.Record, state: Settled) -> None:
    """Nothing is left to do about this item: its time is given back, nobody need call, its message is not sent."""
    await tx.execute(queries.SETTLE, item["id"], state, tx.principal.sub, tx.now)
    if item["hold_id"] is not None:
        await holds.give_up(tx, [item["hold_id"]])
    await needs.settle(tx, item["id"])
    tx.audit("campaign.settle", "campaign_item", item["id"], item["organisation_id"], state=state)
    await touch(tx, item["campaign_id"])


async def ask(tx: Tx, item: asyncpg.Record, urgent_under: timedelta) -> None:
    """Somebody must call this patient; the proposed time stays his as long as its hold lives."""
    need = await call(tx, item, urgent_under)
    await tx.execute(queries.TO_CALL, item["id"], need)


async def call(tx: Tx, item: asyncpg.Record, urgent_under: timedelta) -> UUID:
    """A need of a call about an item, the more urgent the nearer the visit; its id. One about a message that failed
    ends: were that message to arrive after all, this call would be needed still.
    """
    await needs.settle(tx, item["id"], "message_failed")
    left = item["start"] - tx.now
    priority = needs.URGENT if left < urgent_under else needs.SOON if left < timedelta(days=1) else needs.ORDINARY
    due = call_by(tx.now, item["start"])
    return await needs.need(tx, "campaign", item["id"], item["patient_id"], item["organisation_id"], due, priority)


async def touch(tx: Tx, campaign_id: UUID) -> None:
    """A new version of the campaign, closed when nothing is left to settle, and told to the screens."""
    await tx.execute(queries.LOCK_TO_COUNT, campaign_id)
    row = await tx.fetchrow(queries.TOUCH, campaign_id, tx.now)
    assert row is not None
    event = CampaignChanged(
        campaign_id=row["id"],
        state=row["state"],
        todo=row["todo"],
        proposed=row["proposed"],
        to_call=row["to_call"],
        moved=row["moved"],
        cancelled=row["cancelled"],
        kept=row["kept"],
        version=row["version"],
    )
    tx.emit(event, row["organisation_id"])
