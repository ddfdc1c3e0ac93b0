"""The kit's HTTP protocol, spoken to byte by byte: what an application answers leaves in one write."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from maillage.protocol import HttpProtocol
from maillage.testing import soon

CLOSE = (b"connection", b"close")
GET = b"GET /a%20b?c=d HTTP/1.1\r\nHost: here\r\n\r\n"


class Wire(asyncio.Transport):
    """A transport that keeps each write apart."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closed = self.ended = False

    def can_write_eof(self) -> bool:
        """As a socket."""
        return True

    def write_eof(self) -> None:
        """Nothing more will be written."""
        self.ended = True

    def write(self, data: Any) -> None:
        """One piece."""
        self.writes.append(bytes(data))

    def close(self) -> None:
        """No more."""
        self.closed = True

    def is_closing(self) -> bool:
        """Whether no more is written."""
        return self.closed

    def pause_reading(self) -> None:
        """Nothing is read by itself."""

    def resume_reading(self) -> None:
        """As before."""


@asynccontextmanager
async def connected(app: ASGIApp, idle_s: float = 5.0) -> AsyncIterator[tuple[HttpProtocol, Wire]]:
    """A protocol with a caller at its other end."""
    config = uvicorn.Config(app, log_config=None, server_header=False, date_header=False, lifespan="off")
    protocol, wire = HttpProtocol(config=config, server_state=ServerState(), app_state={}), Wire()
    protocol.timeout_keep_alive = idle_s  # type: ignore[assignment]  # whole seconds are long for a test
    protocol.connection_made(wire)
    try:
        yield protocol, wire
    finally:
        protocol.connection_lost(None)


def says(*messages: dict[str, Any], seen: list[Scope] | None = None) -> ASGIApp:
    """An application that sends these."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if seen is not None:
            seen.append(scope)
        for message in messages:
            await send(message)

    return app


def start(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, Any]:
    """The head."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes, *, more: bool = False) -> dict[str, Any]:
    """A piece."""
    return {"type": "http.response.body", "body": content, "more_body": more}


async def _until(ready: Callable[[], bool]) -> None:
    async def now() -> bool:
        return ready()

    await soon(now, every_s=0.001)


async def _answered(wire: Wire, ready: Callable[[], bool]) -> bytes:
    await _until(ready)
    return b"".join(wire.writes)


def _wrote(wire: Wire, pieces: int) -> Callable[[], bool]:
    return lambda: len(wire.writes) == pieces


async def test_head_and_body_leave_in_one_write() -> None:
    seen: list[Scope] = []
    async with connected(says(start((b"Content-Length", b"2")), body(b"ok"), seen=seen)) as (protocol, wire):
        for number in (1, 2):
            protocol.data_received(GET)
            await _until(_wrote(wire, number))
    assert wire.writes == [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"] * 2
    assert (seen[0]["path"], seen[0]["raw_path"], seen[0]["query_string"]) == ("/a b", b"/a%20b", b"c=d")


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (
            (start(), body(b"one", more=True), body(b"two")),
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n",
        ),
        (
            (start(), body(b"", more=True), body(b"")),
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        ((start(status=204), body(b"")), b"HTTP/1.1 204 No Content\r\n\r\n"),
        (
            (start((b"content-length", b"4")), body(b"ab", more=True), body(b"cd")),
            b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabcd",
        ),
    ],
)
async def test_every_framing(messages: tuple[dict[str, Any], ...], expected: bytes) -> None:
    async with connected(says(*messages)) as (protocol, wire):
        protocol.data_received(GET)
        assert await _answered(wire, lambda: protocol.cycle.response_complete) == expected


async def test_a_head_without_body_and_an_end_that_was_asked_for() -> None:
    async with connected(says(start((b"content-length", b"2")), body(b"ok"))) as (protocol, wire):
        protocol.data_received(b"HEAD / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        expected = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n"
        assert await _answered(wire, lambda: wire.closed) == expected


@pytest.mark.parametrize(
    "messages",
    [
        (start((b"x-name", b"a\r\nset-cookie: b=c")), body(b"")),
        (start((b"content-type", b"a\r\nset-cookie: b=c")), body(b"")),
        (start((b"x name", b"a")), body(b"")),
        (start(),),
        (body(b"before the head"),),
    ],
)
async def test_what_is_no_answer_is_a_500(messages: tuple[dict[str, Any], ...]) -> None:
    """Two lines made of one among them, each time it is tried."""
    async with connected(says(*messages)) as (protocol, wire):
        for _ in range(2):
            protocol.data_received(GET)
        answer = await _answered(wire, lambda: wire.closed)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"set-cookie" not in answer


@pytest.mark.parametrize("content", [b"too long", b"s"])
async def test_a_body_of_another_length_than_said_is_cut(content: bytes) -> None:
    async with connected(says(start((b"content-length", b"2")), body(content))) as (protocol, wire):
        protocol.data_received(GET)
        assert await _answered(wire, lambda: wire.closed) == b""


async def test_requests_sent_at_once_are_answered_in_order() -> None:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.05 if scope["path"] == "/1" else 0)
        await send(start((b"content-length", b"2")))
        await send(body(scope["path"].encode()))

    async with connected(app) as (protocol, wire):
        protocol.data_received(b"".join(b"GET /%d HTTP/1.1\r\nHost: here\r\n\r\n" % number for number in (1, 2, 3)))
        answers = await _answered(wire, lambda: len(wire.writes) == 3)
    assert [piece[-2:] for piece in answers.split(b"HTTP/1.1 200 OK")[1:]] == [b"/1", b"/2", b"/3"]


async def test_idle_is_counted_from_the_last_answer() -> None:
    """One timer, which looks again when something came meanwhile."""
    async with connected(says(start((b"content-length", b"2")), body(b"ok")), idle_s=1.0) as (protocol, wire):
        for number in range(1, 4):
            protocol.data_received(GET)
            await _until(_wrote(wire, number))
            await asyncio.sleep(0.4)
            assert not wire.closed
        await _until(lambda: wire.closed)
    assert len(wire.writes) == 3


async def test_who_is_refused_while_he_sends_may_finish_and_read_why() -> None:
    refused = says(
        {"type": "http.response.start", "status": 413, "headers": [(b"content-length", b"2"), CLOSE]},
        {"type": "http.response.body", "body": b"no"},
    )
    async with connected(refused) as (protocol, wire):
        protocol.data_received(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 90000000\r\n\r\nbegun")

        async def answered() -> bool:
            return bool(wire.writes)

        await soon(answered)
        assert wire.writes[0].startswith(b"HTTP/1.1 413")
        assert wire.ended
        assert not wire.is_closing()
        for _ in range(32):
            protocol.data_received(b"x" * 1024 * 1024)
        assert not wire.is_closing()
        protocol.data_received(b"x")
        assert len(wire.writes) == 1
        assert wire.is_closing()  # nobody sends for ever
