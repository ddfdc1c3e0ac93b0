"""HTTP/1.1 towards a service: kept connections, one request at a time on each, parsed by httptools.

A general client costs more than all the rest of the door together (docs/adr/0015): the door needs no redirects,
cookies, proxies, encodings or sessions, only bytes there and back.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Final
from urllib.parse import urlsplit

import httptools

from gateway.door.headers import Header

CONNECT_S: Final = 0.8
IDLE_S: Final = 4.0  # below uvicorn's own 5 s, so that the pool never hands out a connection that is being closed
BUFFERED: Final = 262_144
"""Bytes of an answer that may wait for a slow caller; then the service waits."""


class NoConnection(Exception):
    """No connection could be made: nothing was sent."""


class Cut(Exception):
    """The connection ended before the answer did. `began`: whether a byte of the answer had come."""

    def __init__(self, *, began: bool) -> None:
        super().__init__()
        self.began = began


class Connection(asyncio.Protocol):
    """One connection. After `ask`, `head` gives the status, then `chunks` the body; `reusable` says what is left."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._lost = False
        self._due = math.inf
        self._timer: asyncio.TimerHandle | None = None
        self.idle_since = 0.0
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._head: asyncio.Future[int] = self._loop.create_future()
        self._more: asyncio.Future[None] | None = None
        self._chunks: deque[bytes] = deque()
        self._buffered = 0
        self._paused = self._began = self._until_close = self._kept = False
        self.headers: list[Header] = []
        self.complete = False

    # --- the protocol's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]  # uvloop's own transport is no subclass

    def pause_writing(self) -> None:
        """The service reads slower than we write."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """It reads again."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Bytes of the answer. What is not HTTP ends the connection."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.abort()
            self._fail()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Ended by the service, or by us."""
        self._lost = True
        self._writable.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._until_close and not self.complete:
            self.on_message_complete()
        self._fail()

    # --- the parser's side

    def on_header(self, name: bytes, value: bytes) -> None:
        """One field."""
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole; those of 1xx are passed over."""
        status = self._parser.get_status_code()
        if status < 200:
            self.headers = []
            return
        self._began = True
        lengths = {name.lower() for name, _ in self.headers} & {b"content-length", b"transfer-encoding"}
        self._until_close = not lengths and status not in (204, 304)
        if not self._head.done():
            self._head.set_result(status)

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._chunks.append(body)
        self._buffered += len(body)
        if self._buffered > BUFFERED and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if self._began:
            self.complete = True
            self._kept = self._parser.should_keep_alive()  # asked later it says no
            self._wake()

    # --- the caller's side

    def write(self, data: bytes) -> None:
        """Sends bytes. `Cut` when there is nobody any more."""
        if self._lost or self._transport is None:
            raise Cut(began=self._began)
        self._transport.write(data)

    async def write_all(self, chunks: AsyncIterator[bytes], *, framed: bool) -> None:
        """Sends a body as it arrives, in chunks of HTTP if its length was not said. Stops when the answer has begun."""
        async for chunk in chunks:
            if self._head.done():
                return
            await self._writable.wait()
            self.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if framed else chunk)
        if framed:
            self.write(b"0\r\n\r\n")

    def head(self) -> asyncio.Future[int]:
        """The status, once it is there; raises `Cut`."""
        return self._head

    def taken(self) -> bytes:
        """What of the body is there; more may come while not `complete`."""
        if len(self._chunks) == 1:
            body = self._chunks.popleft()
        else:
            body = b"".join(self._chunks)
            self._chunks.clear()
        self._buffered = 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return body

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives; raises `Cut`."""
        while True:
            if self._chunks:
                yield self.taken()
            elif self.complete:
                return
            elif self._lost:
                raise Cut(began=True)
            else:
                self._more = self._loop.create_future()
                await self._more

    def reusable(self) -> bool:
        """Whether the next request may use this connection."""
        return self.complete and not self._lost and not self._chunks and self._kept

    def alive(self) -> bool:
        """Whether the service has not closed it while it was idle."""
        return not self._lost and self._transport is not None and not self._transport.is_closing()

    def rest(self) -> None:
        """Ready for another request."""
        self.idle_since = self._loop.time()
        self._begin()

    def limit(self, seconds: float) -> None:
        """`head` raises TimeoutError unless it is there in time. One timer for the connection, moved only when it would
        ring too late: one for each request cost more than reading the answer."""
        self._due = self._loop.time() + seconds
        if self._timer is None or self._timer.when() > self._due:
            self._ring_at(self._due)

    def unlimited(self) -> None:
        """The head is there, or nobody waits for it."""
        self._due = math.inf

    def _ring_at(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(at, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._due == math.inf:
            return
        if self._loop.time() < self._due:
            self._ring_at(self._due)
        elif not self._head.done():
            self._head.set_exception(TimeoutError())

    def abort(self) -> None:
        """Closes at once, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    def _fail(self) -> None:
        if not self._head.done():
            self._head.set_exception(Cut(began=self._began))
            self._head.exception()  # nobody may be waiting: an idle connection that ends is no error
        self._wake()


class Pool:
    """The kept connections to one address, the one used last first."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self.host = f"{self._host}:{self._port}".encode()
        self._idle: deque[Connection] = deque()

    async def take(self) -> Connection:
        """A connection: kept or new. `NoConnection` within 0.8 s when the service is away."""
        loop = asyncio.get_running_loop()
        while self._idle:
            kept = self._idle.pop()
            if kept.alive() and loop.time() - kept.idle_since < IDLE_S:
                return kept
            kept.abort()
        return await self.new()

    async def new(self) -> Connection:
        """A connection of its own."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_S):
                _, made = await loop.create_connection(lambda: Connection(loop), self._host, self._port)
        except (OSError, TimeoutError) as away:
            raise NoConnection from away
        return made

    def give_back(self, connection: Connection) -> None:
        """Kept for the next request if it can be used, else closed."""
        if connection.reusable():
            connection.rest()
            self._idle.append(connection)
        else:
            connection.abort()

    def close(self) -> None:
        """Closes what is kept."""
        while self._idle:
            self._idle.pop().abort()


def request_head(method: str, target: str, host: bytes, headers: Iterable[Header], length: int | None) -> bytes:
    """The head of a request. `length`: of the body; -1 when it will come in chunks, None without body."""
    lines = [method.encode(), b" ", target.encode("latin-1"), b" HTTP/1.1\r\nhost: ", host]
    for name, value in headers:
        lines += (b"\r\n", name, b": ", value)
    if length is not None:
        lines.append(b"\r\ntransfer-encoding: chunked" if length < 0 else b"\r\ncontent-length: %d" % length)
    lines.append(b"\r\n\r\n")
    return b"".join(lines)
