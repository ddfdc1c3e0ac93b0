"""Arrivals by the clock, whatever the answers do: latency is counted from the instant at which a request was due.

A closed loop asks less when it is answered slowly, and hides the queue. Here a request that finds no free connection
waits, and its wait is part of its latency.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import cast

import uvloop

from bench.load import BUSY, Measured, Void, answered, one_core

LAST_S = 30
"""How long the last answers may take."""


class _Arrivals:
    def __init__(self, requests: Iterator[bytes], rate: float, seconds: float) -> None:
        self.measured = Measured()
        self.idle: list[_Connection] = []
        self.due: deque[tuple[float, bytes]] = deque()
        self._requests, self._rate = requests, rate
        self._count = int(rate * seconds)
        self.open = self._count
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """All of them, at their instants."""
        began = time.perf_counter()
        for number in range(self._count):
            at = began + number / self._rate
            if (left := at - time.perf_counter()) > 0:
                await asyncio.sleep(left)
            request = next(self._requests, None)
            if request is None:
                raise Void("there were too few requests for the rate")
            self.due.append((at, request))
            self.send()
        await self.over

    def send(self) -> None:
        """The oldest that waits, if a connection is free."""
        if self.due and self.idle:
            self.idle.pop().ask(*self.due.popleft())

    def done(self, connection: "_Connection", status: int, seconds: float) -> None:
        """One answer."""
        self.measured.statuses[status] += 1
        self.measured.latencies.append(seconds)
        self.idle.append(connection)
        self.send()
        self.open -= 1
        if not self.open:
            self.over.set_result(None)

    def broke(self, cause: Exception | None) -> None:
        """A connection ended while it had a request: nothing can be said."""
        if not self.over.done():
            self.over.set_exception(Void(f"a connection broke: {cause}"))


class _Connection(asyncio.Protocol):
    def __init__(self, arrivals: _Arrivals) -> None:
        self._arrivals = arrivals
        self._buffer = bytearray()
        self._due: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not its subclasses
        self._arrivals.idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._due is not None:
            self._arrivals.broke(exc)
        elif self in self._arrivals.idle:
            self._arrivals.idle.remove(self)

    def ask(self, due: float, request: bytes) -> None:
        """Sends a request that was due at that instant."""
        self._due = due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        status = answered(self._buffer)
        if status is None or self._due is None:
            return
        took, self._due = time.perf_counter() - self._due, None
        self._buffer.clear()
        self._arrivals.done(self, status, took)


def arrivals(
    address: str, requests: Sequence[bytes], *, rate: float, seconds: float, connections: int = 1_000
) -> Measured:
    """`rate` requests a second for so long. Refused: Void when the generator itself was the bottleneck."""
    with one_core(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        measured = runner.run(_arrive(address, iter(requests), rate, seconds, connections))
    if measured.generator_share > BUSY:
        raise Void(f"the generator used {measured.generator_share:.0%} of its core")
    return measured


async def _arrive(address: str, requests: Iterator[bytes], rate: float, seconds: float, connections: int) -> Measured:
    host, _, port = address.removeprefix("http://").rpartition(":")
    loop, all_ = asyncio.get_running_loop(), _Arrivals(requests, rate, seconds)
    for _ in range(connections):
        await loop.create_connection(lambda: _Connection(all_), host, int(port))
    cpu, began = time.process_time(), time.perf_counter()
    async with asyncio.timeout(seconds + LAST_S):
        await all_.run()
    all_.measured.seconds = time.perf_counter() - began
    all_.measured.generator_s = time.process_time() - cpu
    for connection in all_.idle:
        connection._transport.close()
    return all_.measured
