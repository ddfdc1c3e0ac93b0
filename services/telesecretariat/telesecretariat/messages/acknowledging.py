"""Use cases of what is done about a message: acknowledged with an action, closed when nothing is owed any more, and
told to the next one when nobody acknowledges it in time."""

from typing import cast
from uuid import UUID

import asyncpg

from contracts.telesecretariat import MessageAcknowledged, MessageClosed, MessageEscalated
from maillage.database import Tx
from maillage.refusals import WrongState
from telesecretariat.messages import domain, queries
from telesecretariat.messages.errors import CallbackOwed, NotAcknowledged
from telesecretariat.messages.history import (
    WAITING,
    addressed,
    calendar_of,
    out,
    practitioners_of,
    step,
    tell,
    within_reach,
)
from telesecretariat.messages.notifying import notify
from telesecretariat.messages.schemas import Acknowledgement, Closing, MessageOut
from telesecretariat.tasks.service import cancel_about, open_task
from telesecretariat.vault import vault


async def acknowledge(tx: Tx, message_id: UUID, body: Acknowledgement) -> MessageOut:
    """Somebody says what is done: the practitioner, his backup, or the desk that has him on the phone. Nobody is told
    any more; what the patient must hear becomes a task of the desk. Refused: `WRONG_STATE` unless it waits."""
    row = await within_reach(tx, message_id, lock=True)
    if row["state"] not in WAITING:
        raise WrongState(state=row["state"], allowed=["close"] if row["state"] == "acknowledged" else [])
    mine = addressed(row, await practitioners_of(tx))
    sealed, me = vault(tx).seal(body.answer), tx.principal.person_id
    after = await tx.fetchrow(queries.ACKNOWLEDGED, message_id, body.action, sealed, tx.now, me)
    assert after is not None
    await tx.execute(queries.DROP_NOTIFICATIONS, message_id)
    await cancel_about(tx, message_id, "call_practitioner", "acknowledged")
    await _ask_the_desk(tx, after)
    await step(tx, after, "acknowledged", {"action": body.action, "for_the_practitioner": not mine})
    await tell(tx, MessageAcknowledged, after)
    tx.audit("message.acknowledge", "message", message_id, row["organisation_id"], decided=body.action)
    return await out(tx, after)


async def _ask_the_desk(tx: Tx, row: asyncpg.Record) -> None:
    """Somebody calls the patient: to tell what was decided, or because a call was promised and the practitioner does
    not make it himself."""
    promised = row["wants_callback"] and row["action"] != "will_call_back"
    if row["action"] in domain.DESK_ACTS or promised:
        await open_task(
            tx,
            "call_patient",
            row["organisation_id"],
            row["client_id"],
            tx.now + domain.DESK_WITHIN[row["urgency"]],
            subject_id=row["id"],
            patient_id=row["patient_id"],
            practitioner_id=row["practitioner_id"],
            call_id=row["call_id"],
        )


async def close(tx: Tx, message_id: UUID, body: Closing) -> MessageOut:
    """Nothing is owed any more. Refused: `NOT_ACKNOWLEDGED`, `CALLBACK_OWED` while a call is promised and not made,
    `WRONG_STATE` for a draft or again."""
    row = await within_reach(tx, message_id, lock=True)
    if row["state"] in WAITING:
        raise NotAcknowledged
    if row["state"] != "acknowledged":
        raise WrongState(state=row["state"], allowed=["send"] if row["state"] == "draft" else [])
    called = body.callback_done or row["callback_done"]
    if row["wants_callback"] and not called:
        called = cast(bool, await tx.fetchval(queries.CALLED, message_id, row["call_id"], row["sent_at"]))
        if not called:
            raise CallbackOwed
    tx.audit("message.close", "message", message_id, row["organisation_id"])
    return await out(tx, await _closed(tx, row, called=called))


async def close_settled(tx: Tx) -> None:
    """Closes what was acknowledged and leaves nothing to do: the patient has been told, or nobody waits. A timed
    job."""
    for row in await tx.fetch(queries.SETTLED):
        await _closed(tx, row, called=row["wants_callback"])


async def _closed(tx: Tx, row: asyncpg.Record, *, called: bool) -> asyncpg.Record:
    after = await tx.fetchrow(queries.CLOSED, row["id"], called, tx.now)
    assert after is not None
    await cancel_about(tx, row["id"], "call_patient", "message_closed")
    await step(tx, after, "closed")
    await tell(tx, MessageClosed, after)
    return after


async def escalate_due(tx: Tx) -> None:
    """Tells the next one of every message that nobody has acknowledged by its deadline. A timed job."""
    for row in await tx.fetch(queries.DUE, tx.now):
        await _escalate(tx, row)


async def _escalate(tx: Tx, row: asyncpg.Record) -> None:
    level = row["level"] + 1
    backup = cast(UUID | None, await tx.fetchval(queries.BACKUP, row["practitioner_id"])) if level == 2 else None
    due_at = domain.next_deadline(row["urgency"], level, row["due_at"], tx.now)
    after = await tx.fetchrow(queries.ESCALATED, row["id"], level, due_at, backup)
    assert after is not None
    if level == 1:
        await _ask_to_phone(tx, after)
    ways = await notify(tx, after, level, (await calendar_of(tx, after)).zone)
    await step(tx, after, "escalated", {"ways": ways})
    await tell(tx, MessageEscalated, after)
    tx.audit("message.escalate", "message", row["id"], row["organisation_id"], level=level, ways=ways)


async def _ask_to_phone(tx: Tx, row: asyncpg.Record) -> None:
    """The desk phones the practitioner: a person may reach him whom an SMS does not."""
    await open_task(
        tx,
        "call_practitioner",
        row["organisation_id"],
        row["client_id"],
        tx.now,
        subject_id=row["id"],
        patient_id=row["patient_id"],
        practitioner_id=row["practitioner_id"],
        call_id=row["call_id"],
    )
