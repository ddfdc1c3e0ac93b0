"""The load generator: raw sockets on uvloop, requests prepared as bytes, one request at a time per connection.

Closed loop, as pgbench is: what both sides of a ratio have in common. It runs on one core and counts its own CPU.
"""

import asyncio
import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

import uvloop

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
BUSY = 0.8
"""Above this share of its core the generator measures itself: the run is void."""


class Void(RuntimeError):
    """A run that says nothing about the product."""


@dataclass
class Measured:
    """What one run showed. Latencies in seconds, in the order of answers."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    generator_s: float = 0.0

    @property
    def answers(self) -> int:
        """How many answers came."""
        return len(self.latencies)

    def quantile(self, share: float) -> float:
        """A latency in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    @property
    def generator_share(self) -> float:
        """The generator's part of its core."""
        return self.generator_s / self.seconds


class _Run:
    def __init__(self, requests: Iterator[bytes], pause_s: float) -> None:
        self._requests = requests
        self.pause_s = pause_s
        self.measured = Measured()
        self.deadline = 0.0
        self.open = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def take(self) -> bytes | None:
        return next(self._requests, None) if time.perf_counter() < self.deadline else None

    def left(self, cause: Exception | None) -> None:
        self.open -= 1
        if cause is not None and not self.over.done():
            self.over.set_exception(Void(f"a connection broke: {cause}"))
        elif self.open == 0 and not self.over.done():
            self.over.set_result(None)


class _Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._began = 0.0
        self._done = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not its subclasses

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.left(None if self._done else exc or ConnectionError("closed by the server"))

    def go_on(self) -> None:
        """Sends the next request, or ends."""
        assert self._transport is not None
        request = self._run.take()
        if request is None:
            self._done = True
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        status = answered(self._buffer)
        if status is None:
            return
        measured = self._run.measured
        measured.latencies.append(time.perf_counter() - self._began)
        measured.statuses[status] += 1
        self._buffer.clear()
        if self._run.pause_s:
            asyncio.get_running_loop().call_later(self._run.pause_s, self.go_on)
        else:
            self.go_on()


def answered(buffer: bytearray) -> int | None:
    """The status of a whole answer; None while some of it is missing."""
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return None
    status = int(buffer[9:12])
    if status in (204, 304):
        return status
    length = _LENGTH.search(buffer, 0, head)
    if length is None:  # chunked
        return status if buffer.endswith(b"\r\n0\r\n\r\n") else None
    return status if len(buffer) >= head + 4 + int(length[1]) else None


@contextmanager
def one_core() -> Iterator[None]:
    """The generator stays there."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(everywhere)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, everywhere)


def load(
    address: str,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float,
    busy: float = BUSY,
    pause_s: float = 0.0,
) -> Measured:
    """Sends the requests until they or the seconds are over.

    `address`: host:port. `pause_s`: how long each connection waits after an answer, as people do. Refused: Void when
    the generator itself was the bottleneck.
    """
    with one_core(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        measured = runner.run(_load(address, iter(requests), connections, seconds, pause_s))
    if measured.generator_share > busy:
        raise Void(f"the generator used {measured.generator_share:.0%} of its core")
    return measured


def in_turns(sides: Sequence[tuple[str, Sequence[bytes]]], *, seconds: float) -> list[Measured]:
    """One caller who asks one address after the other, a request each: a slow moment of the machine hits all alike.

    A side: its address, its requests. Refused: Void when a connection broke.
    """
    with one_core(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_in_turns(sides, seconds))


async def _in_turns(sides: Sequence[tuple[str, Sequence[bytes]]], seconds: float) -> list[Measured]:
    opened = []
    for address, _ in sides:
        host, _, port = address.removeprefix("http://").rpartition(":")
        opened.append(await asyncio.open_connection(host, int(port)))
    all_measured, began = [Measured() for _ in sides], time.perf_counter()
    for requests in zip(*(requests for _, requests in sides), strict=True):
        if time.perf_counter() - began > seconds:
            break
        for request, (reader, writer), measured in zip(requests, opened, all_measured, strict=True):
            asked, buffer, status = time.perf_counter(), bytearray(), None
            writer.write(request)
            while status is None:
                piece = await reader.read(65_536)
                if not piece:
                    raise Void("a connection broke")
                buffer += piece
                status = answered(buffer)
            measured.latencies.append(time.perf_counter() - asked)
            measured.statuses[status] += 1
    for (_, writer), measured in zip(opened, all_measured, strict=True):
        measured.seconds = time.perf_counter() - began
        writer.close()
    return all_measured


async def _load(address: str, requests: Iterator[bytes], connections: int, seconds: float, pause_s: float) -> Measured:
    host, _, port = address.removeprefix("http://").rpartition(":")
    loop = asyncio.get_running_loop()
    run = _Run(requests, pause_s)
    opened = [await loop.create_connection(lambda: _Connection(run), host, int(port)) for _ in range(connections)]
    run.open = len(opened)
    cpu, began = time.process_time(), time.perf_counter()
    run.deadline = began + seconds
    for place, (_, connection) in enumerate(opened):
        loop.call_later(pause_s * place / connections, connection.go_on)
    async with asyncio.timeout(seconds + 30):
        await run.over
    run.measured.seconds = time.perf_counter() - began
    run.measured.generator_s = time.process_time() - cpu
    return run.measured
