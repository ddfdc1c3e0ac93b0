"""HTTP/1.1 towards who calls a process: uvicorn's protocol, whose answers leave in one write.

uvicorn writes the head of an answer when it is told and the body when it is told: two system calls, two packets, and a
reader that wakes twice, the door before each service among them. ASGI wants the head held until the first piece of the
body is there, and so it is done here. A timer for each answer is one for each connection: uvloop's are not cheap.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote

import httptools
from starlette.types import ASGIApp, Message
from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

_WITHOUT_BODY: Final = (204, 304)
LINGER_S: Final = 5.0
LINGER_BYTES: Final = 32 * 1024 * 1024
"""How long, and how much, the rest of a refused body is read: to close on unread bytes resets the connection, and the
answer that says why is lost with it."""
_SAID_OFTEN: Final = frozenset(
    b"cache-control content-security-policy content-type cross-origin-opener-policy cross-origin-resource-policy "
    b"permissions-policy ratelimit-policy referrer-policy strict-transport-security vary x-content-type-options".split()
)
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding", b"connection"})
_MOST_LINES: Final = 256
_lines: Final[dict[tuple[bytes, bytes], bytes]] = {}
"""Lines of a head that nearly every answer has, checked and written once."""
_names: Final[dict[bytes, bytes]] = {}
"""Names of headers, checked once, as they are written."""


def _name(said: bytes) -> bytes:
    name = said.lower()
    if HEADER_RE.search(name):
        raise RuntimeError("a header's name is no name")
    if len(_names) < _MOST_LINES:
        _names[said] = name
    return name


def _line(name: bytes, header: tuple[bytes, bytes]) -> bytes:
    """`name: value`. Refused: what would make two lines of one."""
    value = header[1]
    if HEADER_VALUE_RE.search(value):
        raise RuntimeError("a header's value has control characters")
    line = b"%b: %b\r\n" % (name, value)
    if name in _SAID_OFTEN and len(_lines) < _MOST_LINES:
        _lines[header] = line
    return line


class Cycle(RequestResponseCycle):
    """One request and its answer. An application that fails before the body began is answered for with a 500."""

    _held: Message | None = None
    leave: Callable[[], None]
    """Closes a connection whose caller is still sending."""
    task: "asyncio.Task[None] | None" = None

    async def run(self, app: ASGIApp, tasks: "set[asyncio.Task[None]]") -> None:
        """Runs the application; `tasks` are those that the server waits for when it ends."""
        try:
            await self.run_asgi(app)  # type: ignore[arg-type]
        finally:
            if self.task is not None:
                tasks.discard(self.task)

    def whole(self) -> bool:
        """Whether the body is here: `receive` does not wait."""
        return not self.more_body and not self.waiting_for_100_continue

    async def send(self, message: Message) -> None:  # type: ignore[override]  # uvicorn types messages one by one
        """Holds the head back until there is a body; the rest is uvicorn's."""
        if self.response_started:
            await super().send(message)  # type: ignore[arg-type]
            return
        held, kind = self._held, message["type"]
        if kind == "http.response.start":
            self._held = message  # instead of one that an application which failed had said
            return
        if held is None or kind != "http.response.body":
            raise RuntimeError(f"an answer does not begin with {kind}")
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if not self.disconnected:
            self._begin(held, message)

    def _begin(self, held: Message, message: Message) -> None:
        """Head and first piece; most answers have no other."""
        status: int = held["status"]
        lines = self._head(status, [*self.default_headers, *held.get("headers", ())])
        piece: bytes = message.get("body", b"")
        more: bool = message.get("more_body", False)
        sending = self.more_body and not self.waiting_for_100_continue
        self.response_started, self.waiting_for_100_continue = True, False
        if self.scope["method"] == "HEAD":
            self.expected_content_length = 0
        elif self.chunked_encoding:
            if piece:
                lines += (b"%x\r\n" % len(piece), piece, b"\r\n")
            if not more:
                lines.append(b"0\r\n\r\n")
        else:
            self.expected_content_length -= len(piece)
            if self.expected_content_length < 0:
                raise RuntimeError("the body is longer than its Content-Length")
            lines.append(piece)
        if not more and self.expected_content_length:
            raise RuntimeError("the body is shorter than its Content-Length")
        self.transport.write(b"".join(lines))
        if not more:
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                (self.leave if sending else self.transport.close)()
            self.on_response()

    def _head(self, status: int, headers: list[tuple[bytes, bytes]]) -> list[bytes]:
        """The lines of the head; says how the body is framed."""
        lines, closing = [STATUS_LINE[status]], False
        for header in headers:
            known = _lines.get(header)
            if known is not None:
                lines.append(known)
                continue
            key = _names.get(header[0]) or _name(header[0])
            lines.append(_line(key, header))
            if key not in _FRAMING:
                continue
            value = header[1]
            if key == b"content-length" and self.chunked_encoding is None:
                self.expected_content_length, self.chunked_encoding = int(value), False
            elif key == b"transfer-encoding" and value.lower() == b"chunked":
                self.expected_content_length, self.chunked_encoding = 0, True
            elif key == b"connection" and b"close" in [each.strip().lower() for each in value.split(b",")]:
                self.keep_alive, closing = False, True
        if not self.keep_alive and not closing:
            lines.append(b"connection: close\r\n")
        if self.chunked_encoding is None and self.scope["method"] != "HEAD" and status not in _WITHOUT_BODY:
            self.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked\r\n")
        lines.append(b"\r\n")
        return lines


class HttpProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle_since: float | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._left: asyncio.TimerHandle | None = None
        """Set once the last answer was given before its request was read."""
        self._discarded = 0

    def data_received(self, data: bytes) -> None:
        """What comes after the last answer is thrown away."""
        if self._left is None:
            super().data_received(data)
            return
        self._discarded += len(data)
        if self._discarded > LINGER_BYTES:
            self.transport.close()

    def _leave(self) -> None:
        """Says that nothing more will be said, and lets the caller finish."""
        if self.transport.is_closing() or not self.transport.can_write_eof():
            self.transport.close()
            return
        self.transport.write_eof()
        self.flow.resume_reading()
        self._left = self.loop.call_later(LINGER_S, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        if self._left is not None:
            self._left.cancel()
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """The head is whole: the application is called. As uvicorn does it, with our own cycle and without what is
        never set here: a root path, a most of connections."""
        parser, scope = self.parser, self.scope
        version = parser.get_http_version()
        scope["method"] = parser.get_method().decode("ascii")
        if version != "1.1":
            scope["http_version"] = version
        if parser.should_upgrade() and self._should_upgrade():
            return
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"], scope["query_string"] = url.path, url.query or b""
        before, self.cycle = self.cycle, self._cycle(keep_alive=version != "1.0" and parser.should_keep_alive())
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _cycle(self, *, keep_alive: bool) -> Cycle:
        cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.leave = self._leave
        return cycle

    def on_response_complete(self) -> None:
        """The next request of the pipeline, or idle: one timer looks, however many answers there are."""
        self.server_state.total_requests += 1
        if self.transport.is_closing() or self._left is not None:
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
            return
        self._idle_since = self.loop.time()
        if self._idle_timer is None:
            self._idle_timer = self.loop.call_later(self.timeout_keep_alive, self._look)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Without the callback at its end that uvicorn adds: one turn of the loop less."""
        assert isinstance(cycle, Cycle)
        cycle.task = self.loop.create_task(cycle.run(app, self.tasks))
        self.tasks.add(cycle.task)

    def _unset_keepalive_if_required(self) -> None:
        """Something came: not idle."""
        self._idle_since = None

    def _look(self) -> None:
        """Closes a connection that has been idle for long enough; looks again when it may be."""
        self._idle_timer = None
        if self._idle_since is None or self.transport.is_closing():
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._idle_timer = self.loop.call_later(left, self._look)
        else:
            self.timeout_keep_alive_handler()
