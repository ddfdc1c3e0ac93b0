"""The broker: NATS JetStream. It delivers; the outbox is the record.

One stream per territory, subjects `maillage.<territory>.<service>.<event>`, CloudEvents 1.0 in binary mode (headers
`ce-*`).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from contracts.base import name_of, service_of

log = structlog.get_logger()
DUPLICATE_WINDOW_S = 120.0


@dataclass(frozen=True, slots=True)
class Leaving:
    """One event on its way out: the row of the outbox."""

    sequence: int
    id: UUID
    type: str
    subject_id: UUID
    organisation_id: UUID
    payload: str
    traceparent: str | None
    occurred_at: datetime


def subject_for(territory: str, kind: str) -> str:
    """`maillage.saone-et-loire.appointments.appointment_booked`."""
    return f"maillage.{territory}.{service_of(kind)}.{name_of(kind)}"


def stream_name(territory: str) -> str:
    """The territory's stream."""
    return f"MAILLAGE_{territory.upper().replace('-', '_')}"


def headers_of(event: Leaving) -> dict[str, str]:
    """The CloudEvents envelope.

    `Nats-Msg-Id` lets the broker drop a repeat within two minutes; the inbox drops the others.
    """
    headers = {
        "Nats-Msg-Id": str(event.id),
        "ce-specversion": "1.0",
        "ce-id": str(event.id),
        "ce-type": event.type,
        "ce-source": f"/maillage/{service_of(event.type)}",
        "ce-subject": str(event.subject_id),
        "ce-time": event.occurred_at.isoformat(),
        "ce-organisationid": str(event.organisation_id),
        "ce-sequence": str(event.sequence),
        "content-type": "application/json",
    }
    return headers | ({"ce-traceparent": event.traceparent} if event.traceparent else {})


class Bus:
    """One connection to the broker, kept for ever: it reconnects without limit."""

    def __init__(self, url: str, territory: str, name: str) -> None:
        self._url, self._territory, self._name = url, territory, name
        self._client: Client | None = None
        self._jetstream: JetStreamContext | None = None

    async def open(self) -> None:
        """Connects, however long it takes, and makes the territory's stream if it is not there."""

        async def on_error(error: Exception) -> None:
            log.warning("broker", error=type(error).__name__)

        while True:
            try:
                self._client = await nats.connect(
                    self._url,
                    name=self._name,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=0.5,
                    connect_timeout=2,
                    ping_interval=10,
                    max_outstanding_pings=2,
                    error_cb=on_error,
                    allow_reconnect=True,
                )
                break
            except (NatsError, OSError, TimeoutError) as away:
                log.warning("broker away", error=type(away).__name__)
                await asyncio.sleep(0.5)
        self._jetstream = self._client.jetstream(timeout=5)
        await self.ensure_stream()

    async def ensure_stream(self) -> None:
        """The stream as the code says it is; also after its store was lost."""
        config = StreamConfig(
            name=stream_name(self._territory),
            subjects=[f"maillage.{self._territory}.>"],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.OLD,
            max_age=7 * 24 * 3600,
            duplicate_window=DUPLICATE_WINDOW_S,
        )
        try:
            await self.jetstream.stream_info(stream_name(self._territory))
        except NotFoundError:
            await self.jetstream.add_stream(config)

    @property
    def jetstream(self) -> JetStreamContext:
        """The open JetStream context."""
        assert self._jetstream is not None, "the bus is not open"
        return self._jetstream

    @property
    def client(self) -> Client:
        """The open connection."""
        assert self._client is not None, "the bus is not open"
        return self._client

    @property
    def stream(self) -> str:
        """Name of the territory's stream."""
        return stream_name(self._territory)

    @property
    def connected(self) -> bool:
        """Whether the broker is there at this moment."""
        return self._client is not None and self._client.is_connected

    @property
    def meetings(self) -> int:
        """How often the broker was found again after it had been away."""
        return 0 if self._client is None else self._client.stats["reconnects"]

    async def close(self) -> None:
        """Leaves without waiting for a broker that is away."""
        if self._client is not None:
            await self._client.close()

    async def publish(self, events: Sequence[Leaving]) -> list[bool]:
        """Publishes at once, in this order; for each, whether the broker has acknowledged it."""

        async def one(event: Leaving) -> bool:
            try:
                await self.jetstream.publish(
                    subject_for(self._territory, event.type),
                    event.payload.encode(),
                    timeout=5,
                    headers=headers_of(event),
                )
            except (NatsError, TimeoutError, OSError) as away:
                log.warning("not acknowledged", error=type(away).__name__)
                return False
            return True

        return list(await asyncio.gather(*(one(event) for event in events)))

    async def subscribe(self, durable: str, kinds: Sequence[str], ack_wait_s: float) -> "Subscription":
        """A durable pull consumer over these event types, kept by the broker while its service is away."""
        subjects = sorted(subject_for(self._territory, kind) for kind in kinds)
        config = ConsumerConfig(
            durable_name=durable,
            ack_policy=AckPolicy.EXPLICIT,
            deliver_policy=DeliverPolicy.ALL,
            ack_wait=ack_wait_s,
            max_deliver=-1,
            max_ack_pending=512,
            filter_subjects=subjects,
        )
        await self.ensure_stream()
        await self.jetstream.add_consumer(stream_name(self._territory), config)
        pull = await self.jetstream.pull_subscribe_bind(durable, stream_name(self._territory))
        return Subscription(pull)


class Subscription:
    """What a durable consumer reads from. Fetches are short, so that a silent broker is noticed."""

    def __init__(self, pull: JetStreamContext.PullSubscription) -> None:
        self._pull = pull

    async def fetch(self, most: int) -> list[Msg]:
        """Up to `most` messages, waiting at most a second for the first."""
        try:
            return await self._pull.fetch(most, timeout=1)
        except TimeoutError:
            return []


def header(message: Msg, name: str) -> str:
    """One header of a message, empty if absent."""
    headers: Mapping[str, str] = message.headers or {}
    return headers.get(name, "")
