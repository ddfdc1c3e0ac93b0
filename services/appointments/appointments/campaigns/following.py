"""What campaigns make of what happens to appointments, by whomever, and of time that closes or opens again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

import asyncpg

from appointments.appointments.rows import Appointment, Happening
from appointments.campaigns import items, queries
from appointments.campaigns.items import Settled
from appointments.messages import service as messages
from appointments.messages.planned import ProposalToTell
from maillage.database import Tx
from maillage.ids import new_id

Cause = Literal["absence", "closure", "rest", "schedule", "protocol", "other"]
MOST = 500
"""Appointments of one campaign; what is beyond goes into the next one."""

# Confirmed, a request is still a visit at a time that is closed; reopened, it has left its campaign long ago.
_SETTLES: Mapping[Happening, Settled] = {
    "move": "moved",
    "cancel": "cancelled",
    "decline": "cancelled",
    "leave": "cancelled",
    "void": "cancelled",
    "arrive": "kept",
    "fulfil": "kept",
    "miss": "kept",
}


async def follow(tx: Tx, appointment: Appointment, happening: Happening) -> None:
    """An appointment of a live item was moved, cancelled, seen …: its item is settled, its hold and call given up."""
    state = _SETTLES.get(happening)
    if state is None:
        return
    item = await tx.fetchrow(queries.LIVE_ITEM_OF, appointment.id)
    if item is not None:
        await messages.drop(tx, item["id"])
        await items.settle(tx, item, state)


async def draft(
    tx: Tx,
    cause: Cause,
    cause_id: UUID | None,
    organisation_id: UUID,
    *,
    practitioner_id: UUID | None = None,
    site_id: UUID | None = None,
    start: datetime,
    end: datetime,
) -> UUID | None:
    """A draft campaign over the appointments in conflict there, or None when none is hit. Proposes nothing yet.

    Called again for the same cause, it adds to the draft that is there. Appointments of another live campaign are left
    to it.
    """
    hit = await tx.fetch(queries.IN_CONFLICT, practitioner_id, site_id, max(start, tx.now), end, MOST)
    if not hit:
        return None
    ids = [row["id"] for row in hit]
    there = await tx.fetchval(queries.OPEN_DRAFT, cause_id, organisation_id, ids) if cause_id else None
    return await begin(tx, cause, cause_id, hit, into=cast(UUID | None, there))


async def begin(
    tx: Tx,
    cause: Cause,
    cause_id: UUID | None,
    hit: list[asyncpg.Record],
    deadline: datetime | None = None,
    into: UUID | None = None,
) -> UUID | None:
    """A campaign over these appointments (rows of IN_CONFLICT), or more items `into` one; None when others were
    quicker.
    """
    organisation_id, campaign_id = cast(UUID, hit[0]["organisation_id"]), into or new_id()
    if into is None:
        values = (campaign_id, organisation_id, cause, cause_id, deadline, tx.principal.sub, tx.now)
        await tx.execute(queries.ADD, *values)
    ids = sorted(new_id() for _ in hit)
    whose = [row["id"] for row in hit], [row["patient_id"] for row in hit]
    added = cast(int, await tx.fetchval(queries.ADD_ITEMS, campaign_id, organisation_id, ids, *whose))
    if not added:
        await tx.execute(queries.DROP_EMPTY, campaign_id)
        return into
    tx.audit("campaign.draft", "campaign", campaign_id, organisation_id, cause=cause, items=added)
    await items.touch(tx, campaign_id)
    return campaign_id


async def reopened(
    tx: Tx, start: datetime, end: datetime, *, practitioner_id: UUID | None = None, site_id: UUID | None = None
) -> None:
    """Time has opened or closed anew: visits of live items that lie in open time again are kept, and who had been told
    otherwise hears so. Called after conflicts are flagged.
    """
    for row in await tx.fetch(queries.OPEN_AGAIN, practitioner_id, site_id, max(start, tx.now), end):
        item = await tx.fetchrow(queries.ITEM_LOCKED, row["id"])
        assert item is not None
        await keep(tx, item)


async def keep(tx: Tx, item: asyncpg.Record) -> None:
    """The visit takes place as planned. Who was told that it would not is told that it does."""
    told = await tx.fetchval(queries.TOLD, item["appointment_id"], item["id"])
    await messages.drop(tx, item["id"])
    await items.settle(tx, item, "kept")
    if told:
        await messages.plan_kept(tx, ProposalToTell(item["id"], item["round"], item["appointment_id"]))
