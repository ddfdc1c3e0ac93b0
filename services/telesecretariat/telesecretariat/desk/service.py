"""The use case of the desk: everything an agent sees, read after the place in the stream that it is told with."""

from datetime import datetime

import asyncpg

from maillage.database import Tx
from maillage.position import as_of
from telesecretariat.agents import queries as agents
from telesecretariat.agents import softphones
from telesecretariat.agents.rows import Agent
from telesecretariat.agents.service import shown
from telesecretariat.desk import queries
from telesecretariat.desk.schemas import (
    CallbackLine,
    CallItem,
    Desk,
    DeskLine,
    MessageLine,
    OfferItem,
    QueuedCall,
    TaskLine,
)

QUEUED = ("waiting", "offered")


async def desk(tx: Tx) -> Desk:
    """The caller's desk. An event told after `as_of` may be in it already, none is missing."""
    place, person = await as_of(tx), tx.principal.person_id
    me = await tx.fetchrow(agents.AGENT, person)
    offer = await tx.fetchrow(queries.OFFER, person)
    calls = await tx.fetch(queries.CALLS, person, tx.now)
    work = await tx.fetchrow(queries.WORK, person, tx.now)
    assert work is not None
    return Desk(
        as_of=place,
        at=tx.now,
        agent=None if me is None else shown(Agent.of(me)),
        offer=None if offer is None else OfferItem.model_validate(dict(offer)),
        lines=[DeskLine.model_validate(each) for each in work["lines"]],
        calls=[CallItem.model_validate(dict(row)) for row in calls if row["state"] not in QUEUED],
        queue=_queue([row for row in calls if row["state"] in QUEUED], tx.now),
        callbacks=[CallbackLine.model_validate(each) for each in work["callbacks"]],
        tasks=[TaskLine.model_validate(each) for each in work["tasks"]],
        overdue_messages=[MessageLine.model_validate(each) for each in work["messages"]],
        unread_instructions=work["unread"],
        softphone=softphones.is_on(tx),
    )


def _queue(rows: list[asyncpg.Record], at: datetime) -> list[QueuedCall]:
    return [
        QueuedCall.model_validate(
            dict(row) | {"position": place, "wait_s": round((at - (row["queued_at"] or at)).total_seconds())}
        )
        for place, row in enumerate(rows, start=1)
    ]
