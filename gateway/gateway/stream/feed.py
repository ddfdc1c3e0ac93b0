"""From the broker to the hub: the territory's events, followed for ever."""

import asyncio
from typing import Final

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from gateway.stream import facts
from gateway.stream.domain import Position
from gateway.stream.hub import Hub
from maillage.bus import Bus
from maillage.tail import Extent, Tail, extent

log = structlog.get_logger()
LOOK_S: Final = 0.1
AGAIN_S: Final = 0.2


class Feed:
    """One for the process, however many screens there are."""

    def __init__(self, bus: Bus, hub: Hub, most: int) -> None:
        self._bus, self._hub, self._most = bus, hub, most
        self._target = 0

    async def run(self) -> None:
        """For ever: after an interruption it goes on where it was."""
        try:
            await self._bus.open()
            while True:
                try:
                    await self._follow()
                except (NatsError, OSError, TimeoutError) as away:
                    log.warning("events interrupted", error=type(away).__name__)
                self._hub.degraded()
                await asyncio.sleep(AGAIN_S)
        finally:
            await self._bus.close()

    async def _follow(self) -> None:
        """Until the broker goes away."""
        if not self._bus.connected:
            return
        await self._bus.ensure_stream()
        now = await extent(self._bus)
        tail = Tail(self._bus, self._heard)
        self._target = now.last
        try:
            await tail.begin(self._place(now) + 1)
            self._caught_up()
            while True:
                await asyncio.sleep(LOOK_S)
                if not tail.alive:
                    return
        finally:
            await tail.end()

    def _place(self, now: Extent) -> int:
        """The position after which to read: where it was, if the stream is the same and still holds what follows."""
        kept = self._hub.kept
        if kept.epoch != now.epoch or not now.first - 1 <= kept.last <= now.last:
            self._hub.begin(now.epoch, max(now.first - 1, now.last - self._most, 0))
        return kept.last

    def _heard(self, position: int, message: Msg) -> None:
        where = Position(self._hub.kept.epoch, position)
        self._hub.heard(position, facts.read(message, where))
        self._caught_up()

    def _caught_up(self) -> None:
        if not self._hub.live and self._hub.kept.last >= self._target:
            self._hub.resumed()
