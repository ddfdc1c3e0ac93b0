"""Use cases of messages: written, sent, read. A message is not done until somebody says what he does about it."""

from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg

from contracts.telesecretariat import MessageSent, MessageState
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound, WrongState
from maillage.wire import Page
from telesecretariat.calls.changing import locked
from telesecretariat.calls.reading.errors import UnknownMotive
from telesecretariat.calls.rows import Call
from telesecretariat.messages import domain, queries
from telesecretariat.messages.errors import PractitionerUnknown, UseRedFlag
from telesecretariat.messages.history import (
    addressed,
    calendar_of,
    item,
    mine,
    out,
    practitioners_of,
    step,
    tell,
    within_reach,
)
from telesecretariat.messages.notifying import notify
from telesecretariat.messages.schemas import MessageIn, MessageItem, MessageOut
from telesecretariat.vault import vault


async def write(tx: Tx, body: MessageIn) -> MessageOut:
    """A draft, or with `send` a message on its way. Refused: `USE_RED_FLAG`, `UNKNOWN_MOTIVE`, `PRACTITIONER_UNKNOWN`,
    `NOT_FOUND` for a call out of reach, `NOT_ALLOWED` for who only has an inbox."""
    if await mine(tx) is not None:
        raise NotAllowed
    if body.urgency == "vital":
        raise UseRedFlag(pointer="/urgency")
    call = None if body.call_id is None else await locked(tx, body.call_id)
    organisation_id, client_id = await _where(tx, body, call)
    motive = body.motive or (call.motive if call else None)
    await _harmless(tx, organisation_id, client_id, motive, chosen=body.motive is not None)
    row = await tx.fetchrow(
        queries.ADD,
        new_id(),
        organisation_id,
        client_id,
        body.practitioner_id,
        body.patient_id or (call.patient_id if call else None),
        body.call_id,
        call.number_hash if call else None,
        body.urgency,
        motive,
        vault(tx).seal(body.body),
        body.wants_callback,
        tx.principal.person_id,
        tx.now,
    )
    assert row is not None
    await step(tx, row, "written")
    tx.audit("message.write", "message", row["id"], organisation_id, urgency=body.urgency)
    return await out(tx, await _sent(tx, row) if body.send else row)


async def _harmless(tx: Tx, organisation_id: UUID, client_id: UUID, motive: str | None, *, chosen: bool) -> None:
    """What a call is about was checked when it was noted; the catalogue may have changed since."""
    if motive is None:
        return
    row = await tx.fetchrow(queries.MOTIVE, organisation_id, client_id, motive, tx.now)
    assert row is not None
    if row["red_flag"]:
        raise UseRedFlag(pointer="/motive")
    if chosen and not row["known"]:
        raise UnknownMotive(pointer="/motive")


async def _where(tx: Tx, body: MessageIn, call: Call | None) -> tuple[UUID, UUID]:
    """The centre and the client that the message belongs to: the call's, else the practitioner's."""
    practitioner = await tx.fetchrow(queries.PRACTITIONER, body.practitioner_id)
    if practitioner is None or (call is not None and call.organisation_id != practitioner["organisation_id"]):
        raise PractitionerUnknown(pointer="/practitioner_id")
    organisation_id: UUID = practitioner["organisation_id"]
    if call is not None:
        return organisation_id, call.client_id
    client_id = cast(UUID | None, await tx.fetchval(queries.CLIENT_OF, organisation_id, tx.now))
    if client_id is None:
        raise PractitionerUnknown(pointer="/practitioner_id")
    return organisation_id, client_id


async def send(tx: Tx, message_id: UUID) -> MessageOut:
    """A draft goes to its practitioner; from now on its deadline runs. Refused: `WRONG_STATE` once sent."""
    row = await within_reach(tx, message_id, lock=True)
    if row["state"] != "draft":
        raise WrongState(state=row["state"], allowed=[])
    return await out(tx, await _sent(tx, row))


async def _sent(tx: Tx, draft: asyncpg.Record) -> asyncpg.Record:
    """Into the inbox, an urgent one by SMS too; of a practitioner who is away, into that of his backup first."""
    calendar = await calendar_of(tx, draft)
    due_at = domain.first_deadline(draft["urgency"], calendar, tx.now)
    backup = await tx.fetchval(queries.BACKUP_FIRST, draft["practitioner_id"], tx.now)
    row = await tx.fetchrow(queries.SENT, draft["id"], tx.now, due_at, backup)
    assert row is not None
    ways = await notify(tx, row, 0, calendar.zone) if row["urgency"] == "urgent" else 0
    await step(tx, row, "sent", {"ways": ways, "backup_first": backup is not None})
    await tell(tx, MessageSent, row)
    tx.audit("message.send", "message", row["id"], row["organisation_id"], urgency=row["urgency"])
    return row


async def messages(
    tx: Tx,
    state: MessageState | None,
    practitioner_id: UUID | None,
    client_id: UUID | None,
    patient_id: UUID | None,
    call_id: UUID | None,
    limit: int,
    after: str | None,
) -> Page[MessageItem]:
    """The inbox of a practitioner, or all messages that the caller reaches; due first, no text. What a practitioner
    finds in his inbox has been delivered."""
    last = cursor.decode(after, datetime, UUID) or (None, None)
    own = await mine(tx)
    rows = await tx.fetch(queries.LIST, state, practitioner_id, client_id, patient_id, call_id, own, *last, limit + 1)
    page = rows[:limit]
    following = cursor.encode(page[-1]["place"], page[-1]["id"]) if len(rows) > limit else None
    if own is not None:
        for row in await tx.fetch(queries.DELIVERED, [row["id"] for row in page], tx.now):
            await step(tx, row, "delivered")
    return Page(items=[item(row, tx.now) for row in page], next_cursor=following)


async def message(tx: Tx, message_id: UUID) -> MessageOut:
    """One message with its text; audited. Whom it is for has read it by this. Refused: `NOT_FOUND`."""
    row = await within_reach(tx, message_id)
    tx.audit("message.read", "message", message_id, row["organisation_id"], state=row["state"])
    return await out(tx, await _read(tx, row) if await _for_me(tx, row) else row)


async def read(tx: Tx, message_id: UUID) -> MessageOut:
    """Whom it is for says that he has read it; again changes nothing. Refused: `NOT_FOUND`, `NOT_ALLOWED` for others,
    `WRONG_STATE` before it was sent."""
    row = await within_reach(tx, message_id, lock=True)
    if row["state"] == "draft":
        raise WrongState(state=row["state"], allowed=["send"])
    if not await _for_me(tx, row):
        raise NotAllowed
    tx.audit("message.read", "message", message_id, row["organisation_id"], state=row["state"])
    return await out(tx, await _read(tx, row))


async def _for_me(tx: Tx, row: asyncpg.Record) -> bool:
    return row["state"] != "draft" and addressed(row, await practitioners_of(tx))


async def _read(tx: Tx, row: asyncpg.Record) -> asyncpg.Record:
    after = await tx.fetchrow(queries.READ, row["id"], tx.now)
    if after is None:
        return row
    await step(tx, after, "read")
    return after


async def known(tx: Tx, practitioner_id: UUID) -> UUID:
    """The centre of a practitioner within reach. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.PRACTITIONER, practitioner_id)
    if row is None:
        raise NotFound
    centre: UUID = row["organisation_id"]
    return centre
