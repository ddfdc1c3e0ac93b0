"""Use cases of receipts: each once, in whatever order they come, also before the message they speak of is settled.

What failed is said another way, or by a person.
"""

from datetime import datetime, timedelta

import asyncpg

from appointments.messages import domain, service
from appointments.messages.receipts import queries
from appointments.messages.receipts.domain import attempt_named
from appointments.messages.receipts.schemas import ReceiptIn, ReceiptsTaken
from appointments.messages.sending import queries as sending
from appointments.needs import service as needs
from maillage.database import Database, Tx
from maillage.principal import system

_SOON = timedelta(hours=24)
_ALWAYS_SAID = frozenset({"proposal", "offer", "by_phone"})
_SAID_WHEN_NEAR = frozenset({"moved", "cancelled"})


async def take(database: Database, provider: str, receipts: list[ReceiptIn]) -> ReceiptsTaken:
    """Takes receipts in, each in a transaction of its own: a delivery that comes again goes on where it stopped."""
    for each in receipts:
        await database.run(system(database.settings.SERVICE), _take_one, provider, each)
    return ReceiptsTaken(taken=len(receipts))


async def _take_one(tx: Tx, provider: str, receipt: ReceiptIn) -> None:
    await tx.execute(queries.ONE_AT_A_TIME, receipt.provider_ref)
    values = (receipt.provider_ref, receipt.ref, receipt.state, receipt.at, tx.now)
    if await tx.fetchval(queries.KEEP, provider, receipt.receipt_id, *values) is None:
        return
    named = attempt_named(receipt.ref)
    row = await tx.fetchrow(queries.MESSAGE, named[0]) if named else None
    row = row or await tx.fetchrow(queries.MESSAGE_OF_PROVIDER, receipt.provider_ref)
    # Of one that is just being handed over nobody has heard yet: the receipt waits until it is settled.
    if row is not None and row["state"] not in ("planned", "sending"):
        await _apply(tx, row, provider, receipt)


async def settled(tx: Tx, message: asyncpg.Record) -> None:
    """A message has just been settled: receipts that were quicker are applied, and a failure is made good."""
    if message["state"] == "failed":
        await _make_good(tx, message)
    attempt = domain.attempt_of(message["resent"], message["attempts"])
    for row in await tx.fetch(queries.WAITING, message["provider_ref"], f"{message['id']}.{attempt}"):
        receipt = ReceiptIn.model_validate({name: row[name] for name in ReceiptIn.model_fields})
        message = await _apply(tx, message, row["provider"], receipt)


async def _apply(tx: Tx, message: asyncpg.Record, provider: str, receipt: ReceiptIn) -> asyncpg.Record:
    """What one receipt makes of its message. One of an earlier attempt is known, and changes nothing."""
    await tx.execute(queries.APPLIED, provider, receipt.receipt_id, message["id"])
    named = attempt_named(receipt.ref)
    current = (message["id"], domain.attempt_of(message["resent"], message["attempts"]))
    state = domain.after_receipt(message["state"], receipt.state) if named in (None, current) else None
    if state is None:
        return message
    was = message["state"]
    changed = await tx.fetchrow(queries.STANDS, message["id"], state, receipt.provider_ref, receipt.at, tx.now)
    assert changed is not None
    tx.audit(
        "message.receipt", "message", changed["id"], changed["organisation_id"], state=state, channel=changed["channel"]
    )
    if state == "failed":
        await _make_good(tx, changed)
    elif was == "failed":
        await needs.settle(tx, changed["ref_id"] or changed["appointment_id"], "message_failed")
    return changed


async def _make_good(tx: Tx, message: asyncpg.Record) -> None:
    """What did not get through goes by a channel not tried yet; when there is none, somebody calls if it matters."""
    siblings = await tx.fetch(queries.SIBLINGS, message["id"])
    if any(each["state"] not in ("failed", "dropped") for each in siblings):
        return
    if await tx.fetchval(sending.OVERTAKEN, message["id"], tx.now) is not False:
        return
    told = await service.told_by(tx, message)
    tried = [each["channel"] for each in siblings]
    if await service.plan_otherwise(tx, told, message, tried) or not _matters(message["kind"], told.start, tx.now):
        return
    near = told.start - tx.now < _SOON
    due_at = min(tx.now + timedelta(hours=1), max(tx.now, told.start))
    about = message["ref_id"] or message["appointment_id"]
    await needs.need(
        tx,
        "message_failed",
        about,
        told.patient_id,
        told.organisation_id,
        due_at,
        needs.URGENT if near else needs.SOON,
    )


def _matters(kind: str, start: datetime, now: datetime) -> bool:
    return kind in _ALWAYS_SAID or (kind in _SAID_WHEN_NEAR and start - now < domain.CALL_WITHIN)
