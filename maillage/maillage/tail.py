"""The end of the territory's stream, read as it grows by a process that keeps no position at the broker.

Unlike a durable consumer nothing is acknowledged and nothing waits for a reader: who reads says where to begin, and
says so again after an interruption.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from maillage.bus import Bus, header

HEARTBEAT_S: Final = 0.5
SILENT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Extent:
    """What the stream holds: positions `first` to `last` (0 when nothing was ever there).

    `epoch` is when the stream was made, in milliseconds: another one means that positions begin anew.
    """

    epoch: int
    first: int
    last: int


async def extent(bus: Bus) -> Extent:
    """What the stream holds at this moment."""
    info = await bus.jetstream.stream_info(bus.stream)
    assert info.created is not None
    return Extent(round(info.created.timestamp() * 1000), info.state.first_seq, info.state.last_seq)


class Tail:
    """Calls `heard(position, message)` for every message from a position on, in order and without a gap.

    When that cannot be kept any more `alive` is false, for ever: then begin another tail where this one ended.
    """

    def __init__(self, bus: Bus, heard: Callable[[int, Msg], None]) -> None:
        self._bus, self._heard = bus, heard
        self._expected = 1
        self._gap = False
        self._subscription: Subscription | None = None
        self._alive_at = asyncio.get_running_loop().time()

    async def begin(self, position: int) -> None:
        """From this position on."""
        inbox = self._bus.client.new_inbox()
        self._subscription = await self._bus.client.subscribe(inbox, cb=self._arrived)
        config = ConsumerConfig(
            deliver_subject=inbox,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=position,
            ack_policy=AckPolicy.NONE,
            max_deliver=1,
            idle_heartbeat=HEARTBEAT_S,
            inactive_threshold=10,
            mem_storage=True,
            num_replicas=1,
        )
        await self._bus.jetstream.add_consumer(self._bus.stream, config)

    async def end(self) -> None:
        """Nothing is heard any more; the broker forgets the rest by itself."""
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            try:
                await subscription.unsubscribe()
            except NatsError:
                return  # the connection is gone, and the subscription with it

    @property
    def alive(self) -> bool:
        """Whether the broker was heard a moment ago and nothing was missed."""
        silent = asyncio.get_running_loop().time() - self._alive_at > SILENT_S
        return self._bus.connected and not self._gap and not silent

    async def _arrived(self, message: Msg) -> None:
        self._alive_at = asyncio.get_running_loop().time()
        if self._gap:
            return
        if header(message, "Status"):
            self._gap = header(message, "Nats-Last-Consumer") not in ("", str(self._expected - 1))
            return
        sequence = message.metadata.sequence
        if sequence.consumer != self._expected:
            self._gap = True
            return
        self._expected += 1
        self._heard(sequence.stream, message)
