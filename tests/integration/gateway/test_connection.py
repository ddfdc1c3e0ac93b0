"""The door's own HTTP client against a server that says exactly what each test writes, byte for byte."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.door.connection import Connection, Cut, NoConnection, Pool, request_head
from maillage.children import free_port
from maillage.testing import soon

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[tuple[Pool, list[int]]]:
    """A pool towards a server of this handler, and one entry per connection made."""
    made: list[int] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.append(1)
        try:
            await handler(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    pool = Pool(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield pool, made
    finally:
        pool.close()
        server.close()
        await server.wait_closed()


def answering(*answers: bytes) -> Handler:
    """One answer per request, for as long as the connection lasts."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()

    return handler


async def ask(pool: Pool) -> tuple[int, bytes, Connection]:
    """One GET, its answer whole."""
    connection = await pool.take()
    connection.write(request_head("GET", "/x", pool.host, [(b"a", b"b")], None))
    status = await connection.head()
    return status, b"".join([chunk async for chunk in connection.chunks()]), connection


FINE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


async def test_one_connection_serves_many_requests() -> None:
    async with serving(answering(FINE, FINE, FINE)) as (pool, made):
        for _ in range(3):
            status, body, connection = await ask(pool)
            assert (status, body) == (200, b"ok")
            pool.give_back(connection)
        assert len(made) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\n\r\nok",
    ],
)
async def test_a_connection_that_the_service_ends_is_not_used_again(answer: bytes) -> None:
    async with serving(answering(answer)) as (pool, made):
        for number in (1, 2):
            status, body, connection = await ask(pool)
            assert (status, body) == (200, b"ok")
            pool.give_back(connection)
            assert len(made) == number


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 1\r\n\r\nx", 201, b"x"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n1\r\n!\r\n0\r\n\r\n", 200, b"ok!"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n', 304, b""),
    ],
)
async def test_answers_of_every_framing_are_read_and_leave_the_connection_usable(
    answer: bytes, status: int, body: bytes
) -> None:
    async with serving(answering(answer, FINE)) as (pool, made):
        found = await ask(pool)
        assert found[:2] == (status, body)
        pool.give_back(found[2])
        assert (await ask(pool))[:2] == (200, b"ok")
        assert len(made) == 1


@pytest.mark.parametrize(
    ("answer", "began"),
    [
        (b"", False),
        (b"garbage\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\ncontent-le", False),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", True),
    ],
)
async def test_an_answer_that_is_cut_is_never_taken_for_whole(answer: bytes, began: bool) -> None:
    async with serving(answering(answer)) as (pool, _):
        with pytest.raises(Cut) as cut:
            await ask(pool)
        assert cut.value.began is began


async def test_what_nobody_reads_waits_at_the_service() -> None:
    """A slow caller costs a bounded buffer, not the answer's size."""
    sent = 0
    ended = asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        while not ended.is_set():
            writer.write(b"x" * 65_536)
            try:
                async with asyncio.timeout(0.5):
                    await writer.drain()
            except TimeoutError:
                break
            sent += 65_536

    async with serving(endless) as (pool, _):
        connection = await pool.take()
        connection.write(request_head("GET", "/x", pool.host, [], None))
        assert await connection.head() == 200
        chunks = connection.chunks()
        got = len(await anext(chunks))
        while not ended.is_set() and sent < 50_000_000:
            before = sent
            await asyncio.sleep(0.7)
            if sent == before:
                break
        assert sent < 50_000_000, "the service was made to wait"
        got += len(await anext(chunks))
        assert got > 65_536, "and goes on when the caller reads"
        connection.abort()
        ended.set()


async def test_nobody_there_is_no_connection() -> None:
    with pytest.raises(NoConnection):
        await Pool(f"http://127.0.0.1:{free_port()}").take()


async def test_a_connection_closed_while_idle_is_replaced_before_anything_is_sent() -> None:
    closed = asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(FINE)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with serving(once) as (pool, made):
        pool.give_back((await ask(pool))[2])
        await closed.wait()
        closed.clear()

        async def noticed() -> bool:
            return not pool._idle[-1].alive()

        await soon(noticed)
        assert (await ask(pool))[:2] == (200, b"ok")
        assert len(made) == 2
