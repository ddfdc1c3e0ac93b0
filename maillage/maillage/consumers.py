"""From the broker to one use case: inbox row and effect in one transaction, acknowledgement after COMMIT.

A message that fails is tried again with growing pauses while later ones pass; after eight tries it becomes a
`dead_letter` row
with its reason. A newer fact wins over an older one by its version, which is the use case's to compare.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from prometheus_client import Counter
from pydantic import ValidationError

from contracts.base import Event
from maillage import context
from maillage.bus import Bus, header
from maillage.database import Database, Tx
from maillage.pauses import pause
from maillage.principal import system
from maillage.refusals import ServiceUnavailable

log = structlog.get_logger()
HANDLED = Counter("maillage_events_handled_total", "Events handled", ["service", "type", "result"])
E = TypeVar("E", bound=Event)

MAX_DELIVER = 8
BACKOFF_S = (0.2, 1.0, 5.0, 15.0, 30.0, 60.0, 120.0)
LARGEST = 65_536

SEEN = """
INSERT INTO kit.inbox (consumer, event_id, type, sequence) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING event_id
"""
BURY = """
INSERT INTO kit.dead_letter (consumer, event_id, subject, headers, payload, reason, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (consumer, event_id) DO UPDATE
SET reason = excluded.reason, attempts = excluded.attempts, at = now(), requeued_at = NULL
"""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of an event beside its payload."""

    event_id: UUID
    type: str
    organisation_id: UUID
    sequence: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Consumer:
    """One event type and the use case that it starts."""

    type: str
    handle: Callable[[Tx, bytes, Envelope], Awaitable[None]]


def on(kind: type[E], use_case: Callable[[Tx, E, Envelope], Awaitable[None]]) -> Consumer:
    """Declares that `use_case(tx, event, envelope)` runs once for each event of this type. Several may: they run in
    their order, in one transaction."""

    async def handle(tx: Tx, payload: bytes, envelope: Envelope) -> None:
        await use_case(tx, kind.model_validate_json(payload), envelope)

    return Consumer(kind.TYPE, handle)


class Poison(Exception):
    """A message that no retry can help."""


def read_envelope(message: Msg) -> Envelope:
    """The CloudEvents headers. Raises `Poison` when they are not an envelope of ours."""
    try:
        if len(message.data) > LARGEST:
            raise Poison("payload over 64 KiB")
        return Envelope(
            event_id=UUID(header(message, "ce-id")),
            type=header(message, "ce-type"),
            organisation_id=UUID(header(message, "ce-organisationid")),
            sequence=int(header(message, "ce-sequence")),
            occurred_at=datetime.fromisoformat(header(message, "ce-time")),
        )
    except ValueError as wrong:
        raise Poison("envelope not readable") from wrong


class Consumption:
    """All consumers of one service, behind one durable consumer of the broker."""

    def __init__(
        self, service: str, consumers: Sequence[Consumer], database: Database, bus: Bus, ack_wait_s: float
    ) -> None:
        self._service = service
        self._by_type: dict[str, list[Consumer]] = {}
        for consumer in consumers:
            self._by_type.setdefault(consumer.type, []).append(consumer)
        self._database, self._bus, self._ack_wait_s = database, bus, ack_wait_s
        self._principal = system(service)

    async def run(self) -> None:
        """For ever; the subscription is made again after any trouble with the broker."""
        while True:
            try:
                subscription = await self._bus.subscribe(self._service, list(self._by_type), self._ack_wait_s)
                while True:
                    for message in await subscription.fetch(64):
                        await self.handle(message)
            except (NatsError, OSError, TimeoutError) as away:
                log.warning("subscription interrupted", error=type(away).__name__)
                await asyncio.sleep(0.5)

    async def handle(self, message: Msg) -> None:
        """One message: effect once, then acknowledged; or tried again later; or buried."""
        attempts = message.metadata.num_delivered or 1
        try:
            envelope = read_envelope(message)
            context.traceparent.set(context.child_trace(header(message, "ce-traceparent")))
            result = await self._database.run(self._principal, self._once, message.data, envelope)
        except ServiceUnavailable:
            await message.nak(delay=1.0)
            return
        except Exception as wrong:  # noqa: BLE001 - whatever a use case raises must not stop the others
            await self._failed(message, attempts, wrong)
            return
        await pause("before_ack")
        await message.ack()
        HANDLED.labels(self._service, envelope.type, result).inc()

    async def _once(self, tx: Tx, payload: bytes, envelope: Envelope) -> str:
        consumers = self._by_type.get(envelope.type)
        if consumers is None:
            raise Poison("event type not known here")
        if await tx.fetchval(SEEN, self._service, envelope.event_id, envelope.type, envelope.sequence) is None:
            return "repeated"
        for consumer in consumers:
            await consumer.handle(tx, payload, envelope)
        return "done"

    async def _failed(self, message: Msg, attempts: int, wrong: Exception) -> None:
        hopeless = isinstance(wrong, Poison | ValidationError)
        log.error(
            "event failed",
            type=header(message, "ce-type")[:100],
            event_id=header(message, "ce-id")[:40],
            attempts=attempts,
            error=type(wrong).__name__,
        )
        if attempts < MAX_DELIVER and not hopeless:
            await message.nak(delay=BACKOFF_S[min(attempts, len(BACKOFF_S)) - 1])
            return
        await self._database.run(self._principal, self._bury, message, attempts, wrong)
        await message.term()
        HANDLED.labels(self._service, "any", "dead").inc()

    async def _bury(self, tx: Tx, message: Msg, attempts: int, wrong: Exception) -> None:
        reason = f"{type(wrong).__name__}: {wrong}" if isinstance(wrong, Poison) else type(wrong).__name__
        event_id = header(message, "ce-id")[:100] or f"stream:{message.metadata.sequence.stream}"
        await tx.execute(
            BURY, self._service, event_id, message.subject, dict(message.headers or {}), message.data, reason, attempts
        )
