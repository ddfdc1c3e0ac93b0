"""A thousand readers of one server in one process: sockets that count what they hear, and when."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from bench.load import Void

Publish = Callable[[], Awaitable[None]]
PATIENCE_S = 30.0


class Audience:
    """All readers. An event was heard by one when `mark`, which is in each event once, has come to it."""

    def __init__(self, mark: bytes) -> None:
        self.mark = mark
        self.latencies: list[float] = []
        self._began = 0.0
        self._left = 0
        self._all: asyncio.Future[None] | None = None
        self._seats: list[asyncio.Transport] = []

    async def enter(self, address: str, asked: Sequence[bytes], greeting: bytes) -> None:
        """One connection for each request; returns when each has heard the greeting, if there is one."""
        host, _, port = address.removeprefix("http://").rpartition(":")
        loop = asyncio.get_running_loop()
        mark, self.mark = self.mark, greeting or self.mark
        greeted = self._expect(len(asked)) if greeting else None
        for request in asked:
            transport, _ = await loop.create_connection(lambda: _Seat(self), host, int(port))
            transport.write(request)
            self._seats.append(transport)
        if greeted is not None:
            await self._until(greeted)
        self.mark = mark

    async def hear(self, publish: Publish, seconds: float) -> int:
        """One event after the other, each when all have heard the last one; returns how many there were."""
        self.latencies.clear()
        events, deadline = 0, time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            await self.once(publish)
            events += 1
        return events

    async def once(self, publish: Publish) -> None:
        """One event."""
        heard = self._expect(len(self._seats))
        await publish()
        await self._until(heard)

    def leave(self) -> None:
        """Closes all."""
        for seat in self._seats:
            seat.abort()

    def take(self, count: int) -> None:
        """So many readers have heard it at this moment."""
        self.latencies += [time.perf_counter() - self._began] * count
        self._left -= count
        if self._left == 0 and self._all is not None and not self._all.done():
            self._all.set_result(None)

    def lost(self, why: str) -> None:
        """A connection is gone in the middle, or was never accepted."""
        if self._all is not None and not self._all.done():
            self._all.set_exception(Void(why))

    def _expect(self, count: int) -> asyncio.Future[None]:
        self._all = asyncio.get_running_loop().create_future()
        self._left, self._began = count, time.perf_counter()
        return self._all

    async def _until(self, heard: asyncio.Future[None]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await heard
        except TimeoutError:
            raise Void(f"{self._left} readers did not hear the event") from None


class _Seat(asyncio.Protocol):
    def __init__(self, audience: Audience) -> None:
        self._audience = audience
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not its subclasses

    def connection_lost(self, exc: Exception | None) -> None:
        self._audience.lost("a reader was cut off")

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 200"):
            self._audience.lost(f"a reader was answered {data[9:12].decode()}")
        mark = self._audience.mark
        data = self._rest + data
        count = data.count(mark)
        self._rest = data[1 - len(mark) :]
        if count:
            self._audience.take(count)
