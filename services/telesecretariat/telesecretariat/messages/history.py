"""What a message is, as rows, events and wire types tell it."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg

from contracts.telesecretariat import MessageAcknowledged, MessageClosed, MessageEscalated, MessageSent
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound
from telesecretariat.lines.domain import Calendar
from telesecretariat.lines.service import line
from telesecretariat.messages import domain, queries
from telesecretariat.messages.schemas import MessageItem, MessageOut, Step
from telesecretariat.vault import vault

WAITING = ("sent", "delivered", "read")
"""States in which somebody still has to say what is done."""


async def mine(tx: Tx) -> list[UUID] | None:
    """The practitioners that the caller is, when he may see only his own messages; None for those who see all that they
    reach."""
    if tx.principal.kind != "professional":
        return None
    own_only = tx.principal.reach("call.handle") is None and tx.principal.reach("message.act") == "s"
    return await practitioners_of(tx) if own_only else None


async def practitioners_of(tx: Tx) -> list[UUID]:
    """The practitioners that the caller is, by his RPPS number."""
    return [row["practitioner_id"] for row in await tx.fetch(queries.MINE, tx.principal.person_id)]


def addressed(row: asyncpg.Record, own: list[UUID]) -> bool:
    """Whether one of these practitioners is whom the message is for, or his backup."""
    return row["practitioner_id"] in own or row["backup_id"] in own


async def within_reach(tx: Tx, message_id: UUID, *, lock: bool = False) -> asyncpg.Record:
    """The message, if the caller may see it. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.LOCK if lock else queries.MESSAGE, message_id)
    own = await mine(tx)
    if row is None or (own is not None and (row["state"] == "draft" or not addressed(row, own))):
        raise NotFound
    return row


async def step(tx: Tx, row: asyncpg.Record, kind: str, facts: Mapping[str, object] | None = None) -> None:
    """Writes down that something happened to a message; `facts` are codes and numbers."""
    who = tx.principal.person_id if tx.principal.kind == "professional" else None
    await tx.execute(
        queries.STEP, new_id(), row["organisation_id"], row["id"], tx.now, kind, row["level"], who, dict(facts or {})
    )


Told = type[MessageSent] | type[MessageEscalated] | type[MessageAcknowledged] | type[MessageClosed]


async def tell(tx: Tx, kind: Told, row: asyncpg.Record) -> None:
    """The event of a message. Its reader is whom it waits for: the backup once he has it."""
    whose = row["backup_id"] or row["practitioner_id"]
    tx.emit(
        kind(
            message_id=row["id"],
            client_id=row["client_id"],
            practitioner_id=row["practitioner_id"],
            recipient_id=cast(UUID | None, await tx.fetchval(queries.PERSON_OF, whose)),
            urgency=row["urgency"],
            due_at=row["due_at"],
            level=row["level"],
            state=row["state"],
            version=row["version"],
        ),
        row["organisation_id"],
    )


async def calendar_of(tx: Tx, row: asyncpg.Record) -> Calendar:
    """The hours of the line that the message came by, else of the client's first line; without any, never open."""
    line_id = cast(UUID | None, await tx.fetchval(queries.LINE_OF, row["client_id"], row["call_id"]))
    return domain.ALWAYS if line_id is None else (await line(tx, line_id)).calendar


def item(row: asyncpg.Record, now: datetime) -> MessageItem:
    """One line of a list."""
    return MessageItem.model_validate(_facts(row, now))


async def out(tx: Tx, row: asyncpg.Record) -> MessageOut:
    """The whole message."""
    steps = [
        Step(at=each["at"], kind=each["kind"], level=each["level"], by_id=each["by_id"])
        for each in await tx.fetch(queries.STEPS, row["id"])
    ]
    own = set(MessageOut.model_fields) - set(MessageItem.model_fields) - {"body", "answer", "steps"}
    sealed = {"body": vault(tx).open(row["body_sealed"]), "answer": vault(tx).open(row["answer_sealed"])}
    return MessageOut.model_validate(
        _facts(row, tx.now) | {name: row[name] for name in own} | sealed | {"steps": steps}
    )


def _facts(row: asyncpg.Record, now: datetime) -> dict[str, object]:
    facts: dict[str, object] = {name: row[name] for name in MessageItem.model_fields if name != "overdue"}
    late = row["level"] > 0 or (row["due_at"] is not None and row["due_at"] < now)
    return facts | {"overdue": row["state"] in WAITING and late}
