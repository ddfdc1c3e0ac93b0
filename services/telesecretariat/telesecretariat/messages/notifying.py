"""Who is told that a message waits: planned with the change it tells of, sent by the worker between two transactions.

`sending` is committed before the provider is called. What a crash leaves in that state becomes `unknown`: perhaps sent,
never sent a second time. A text or mail says that something waits, never what, about whom or from whom.
"""

import asyncio
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.messages import MessagePort, Outgoing, Refused, Unavailable, Unknown, ports
from maillage.principal import system
from maillage.words import Words
from telesecretariat.messages import domain, queries
from telesecretariat.messages.history import WAITING, calendar_of, step
from telesecretariat.vault import vault

log = structlog.get_logger()
Role = Literal["self", "backup", "supervisor"]
_AT_ONCE: Final = 10
_URGENT: Final = Words(
    "Un message urgent vous attend dans Maillage.", "An urgent message is waiting for you in Maillage."
)
_OTHER: Final = Words("Un message vous attend dans Maillage.", "A message is waiting for you in Maillage.")
_OF_LEVEL: Final[dict[int, Role | None]] = {0: "self", 1: None, 2: "backup"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A notification taken up: what to hand over, and what it is about."""

    id: UUID
    organisation_id: UUID
    message_id: UUID
    level: int
    place: int
    attempts: int
    outgoing: Outgoing


async def notify(tx: Tx, message: asyncpg.Record, level: int, zone: ZoneInfo, *, after_place: int = 0) -> int:
    """Plans what the people of a level are told, those of the lowest place within their hours; how many ways. At level
    0 of a practitioner who is away, his backup is told instead."""
    role = "backup" if level == 0 and message["backup_id"] is not None else _OF_LEVEL.get(level, "supervisor")
    if role is None:
        return 0
    found = await tx.fetch(queries.POINTS, role, message["practitioner_id"], message["organisation_id"], after_place)
    rows = [row for row in found if domain.within(row["hours"], zone, tx.now)]
    first = [row for row in rows if row["place"] == rows[0]["place"]]
    await tx.executemany(
        queries.NOTIFY,
        [
            (new_id(), message["organisation_id"], message["id"], level, row["id"], row["channel"], tx.now)
            for row in first
        ],
    )
    return len(first)


async def send_due(database: Database) -> None:
    """Sends all that is due. A timed job: one worker at a time does it."""
    who = system(database.settings.SERVICE)
    await database.run(who, give_up_lost)
    ways = ports(database.settings)
    while drafts := await database.run(who, claim, _AT_ONCE):
        await asyncio.gather(*(_deliver(database, ways[draft.outgoing.channel], draft) for draft in drafts))


async def _deliver(database: Database, port: MessagePort, draft: Draft) -> None:
    """Hands one over. Only when the port is sure that nothing left is it tried again."""
    who, provider_id = system(database.settings.SERVICE), None
    state: Literal["sent", "failed", "unknown"] = "sent"
    try:
        provider_id = (await port.send(draft.outgoing)).provider_id
    except Unavailable as error:
        log.info("notification put off", notification=str(draft.id), cause=str(error))
        await database.run(who, put_off, draft)
        return
    except Refused as error:
        log.warning("notification refused", notification=str(draft.id), cause=str(error))
        state = "failed"
    except Unknown as error:
        log.warning("notification unknown", notification=str(draft.id), cause=str(error))
        state = "unknown"
    await database.run(who, settle, draft, state, provider_id)


async def claim(tx: Tx, limit: int) -> list[Draft]:
    """Takes due notifications up; those of a message acknowledged meanwhile are dropped."""
    return [_draft(tx, row) for row in await tx.fetch(queries.CLAIM, tx.now, limit)]


def _draft(tx: Tx, row: asyncpg.Record) -> Draft:
    text = (_URGENT if row["urgency"] == "urgent" else _OTHER).in_(row["language"])
    address = vault(tx).open(row["address_sealed"])
    assert address is not None
    outgoing = Outgoing(row["channel"], address, text, text, ref=f"{row['id']}.{row['attempts']}")
    return Draft(
        row["id"],
        row["organisation_id"],
        row["message_id"],
        row["level"],
        row["place"],
        row["attempts"],
        outgoing,
    )


async def settle(
    tx: Tx, draft: Draft, state: Literal["sent", "failed", "unknown"], provider_id: str | None = None
) -> None:
    """What became of one that was handed over. Sent: the message is delivered. Not, or perhaps not: whoever has the
    next place of that level is told."""
    if await tx.fetchval(queries.SETTLE, draft.id, state, provider_id, tx.now) is None:
        return
    await _noted(tx, draft.organisation_id, draft.message_id, draft.level, draft.outgoing.channel, state)
    if state == "sent":
        for delivered in await tx.fetch(queries.DELIVERED, [draft.message_id], tx.now):
            await step(tx, delivered, "delivered")
        return
    message = await tx.fetchrow(queries.MESSAGE, draft.message_id)
    if message is not None and message["state"] in WAITING:
        zone = (await calendar_of(tx, message)).zone
        await notify(tx, message, draft.level, zone, after_place=draft.place)


async def put_off(tx: Tx, draft: Draft) -> None:
    """Nothing was handed over: again later, `failed` after the last try."""
    wait = domain.wait_after(draft.attempts)
    if wait is None:
        await settle(tx, draft, "failed")
        return
    await tx.execute(queries.PUT_OFF, draft.id, tx.now + wait)


async def give_up_lost(tx: Tx) -> None:
    """What a crash left in `sending` becomes `unknown`."""
    for row in await tx.fetch(queries.LOST, tx.now - domain.LOST_AFTER, tx.now):
        await _noted(tx, row["organisation_id"], row["message_id"], row["level"], row["channel"], "unknown")


async def _noted(tx: Tx, organisation_id: UUID, message_id: UUID, level: int, channel: str, state: str) -> None:
    tx.audit("message.notify", "message", message_id, organisation_id, level=level, channel=channel, state=state)
