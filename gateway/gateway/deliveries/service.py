"""Use cases of deliveries: an event arrives, leaves, is read by cursor, is sent again, is forgotten."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from contracts.base import Event
from gateway.deliveries import domain, queries
from gateway.deliveries.queries import Arrived, Outcome, Row
from gateway.deliveries.schemas import AttemptOut, Deliveries, DeliveryOut, KeptNotice, KeptNotices, NoticeData
from gateway.subscriptions import queries as subscriptions
from gateway.subscriptions import service as subscription_service
from gateway.subscriptions.errors import CursorTooOld
from gateway.subscriptions.schemas import Replayed, ReplayIn
from maillage import cursor
from maillage.consumers import Envelope
from maillage.database import Tx
from maillage.refusals import CursorInvalid, NotFound, TimeInvalid, WrongState

_BATCH: Final = 5_000


async def fan_out(tx: Tx, event: Event, envelope: Envelope) -> None:
    """An event becomes one delivery for each subscription whose partner may see it now (invariant G11)."""
    await queries.fan_out(
        tx,
        Arrived(
            event_id=envelope.event_id,
            type=envelope.type,
            subject_id=event.aggregate_id(),
            about=envelope.organisation_id,
            sequence=envelope.sequence,
            href=event.href(),
            readers=event.READERS,
            occurred_at=envelope.occurred_at,
        ),
    )


async def take(tx: Tx, rooms: Sequence[tuple[UUID, int]], most: int) -> list[Row]:
    """Deliveries to send now, marked so."""
    return [row for row in await queries.take(tx, rooms, domain.AT_ONCE, most) if row["state"] == "sending"]


async def take_back(tx: Tx, but: Sequence[UUID]) -> None:
    """What a worker that ended had under way; `but` what this one has."""
    await queries.take_back(tx, but)


async def record(tx: Tx, outcomes: Sequence[Outcome]) -> None:
    """What became of these tries. An endpoint that says it is gone (410) is disabled at once."""
    await queries.record(tx, outcomes)
    gone = {each.subscription_id for each in outcomes if each.failure == "GONE"}
    if gone:
        await subscription_service.disable(tx, sorted(gone), "gone")


async def list_deliveries(
    tx: Tx, subscription_id: UUID, client_id: UUID | None, state: str | None, before: str | None, limit: int
) -> Deliveries:
    """Deliveries of a subscription with their tries, newest first."""
    await _reached(tx, subscription_id, client_id)
    rows = await queries.page(tx, subscription_id, state, _position(before, "?cursor"), limit + 1)
    more = cursor.encode(rows[limit - 1]["position"]) if len(rows) > limit else None
    return Deliveries(items=[_delivery(row) for row in rows[:limit]], next_cursor=more)


async def read_events(
    tx: Tx, subscription_id: UUID, client_id: UUID | None, after: str | None, limit: int
) -> KeptNotices:
    """Events after a cursor, oldest first; those that the partner may no longer see are passed over."""
    subscription = await _reached(tx, subscription_id, client_id)
    position = _position(after, "?after")
    if position is not None and position < subscription["forgotten_to"]:
        raise CursorTooOld
    if position is not None and position > subscription["last_position"]:
        raise CursorInvalid(pointer="?after")
    rows = await queries.kept(tx, subscription_id, subscription["client_id"], position or 0, limit)
    end = rows[-1]["position"] if rows else max(position or 0, subscription["forgotten_to"])
    return KeptNotices(items=[_kept(row) for row in rows if row["seen"]], next_cursor=cursor.encode(end))


async def replay(tx: Tx, subscription_id: UUID, client_id: UUID | None, wanted: ReplayIn) -> Replayed:
    """Delivered and parked ones leave again, under the same `webhook-id`."""
    subscription_service.check_fresh(tx.principal)
    subscription = await _reached(tx, subscription_id, client_id)
    if subscription["mode"] != "webhook" or subscription["state"] != "active":
        raise WrongState(state=subscription["state"], allowed=["enable"] if subscription["mode"] == "webhook" else [])
    if wanted.begin is not None and wanted.end is not None and wanted.end <= wanted.begin:
        raise TimeInvalid(pointer="/to")
    if wanted.delivery_id is not None and not await queries.exists(tx, subscription_id, wanted.delivery_id):
        raise NotFound
    number = await queries.replay(tx, subscription_id, wanted.delivery_id, wanted.begin, wanted.end)
    tx.audit(
        "subscription_replayed", "subscription", subscription_id, subscription["organisation_id"], deliveries=number
    )
    return Replayed(deliveries=number)


async def forget(tx: Tx) -> int:
    """Thirty days after an event its deliveries end, parked ones too; at most 5,000 at once: how many it were."""
    return await queries.forget(tx, tx.now - domain.KEPT, _BATCH)


async def _reached(tx: Tx, subscription_id: UUID, client_id: UUID | None) -> Row:
    row = await subscriptions.one(tx, subscription_id, client_id)
    if row is None:
        raise NotFound
    return row


def _position(text: str | None, pointer: str) -> int | None:
    parts = cursor.decode(text, int)
    if parts is None:
        return None
    if not isinstance(parts[0], int) or not 0 <= parts[0] < 2**63:
        raise CursorInvalid(pointer=pointer)
    return parts[0]


def _delivery(row: Row) -> DeliveryOut:
    attempts = [AttemptOut.model_validate(each) for each in row["attempts"] or ()]
    values = {name: row[name] for name in DeliveryOut.model_fields if name != "attempts"}
    return DeliveryOut(**values, attempts=attempts)


def _kept(row: Row) -> KeptNotice:
    return KeptNotice(id=row["event_id"], type=row["type"], timestamp=row["occurred_at"], data=notice_data(row))


def notice_data(row: Row) -> NoticeData:
    """What leaves of an event: ids and an address."""
    return NoticeData(id=row["subject_id"], organisation_id=row["about"], sequence=row["sequence"], href=row["href"])
