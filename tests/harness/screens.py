"""A screen at the live stream: a socket of its own, so that a test may read slowly, or not at all."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from maillage.testing import soon


@dataclass(frozen=True)
class Told:
    """One event as a browser would dispatch it."""

    name: str
    data: dict[str, Any]
    id: str | None


@dataclass
class Screen:
    """What came over one stream so far."""

    status: int = 0
    head: str = ""
    told: list[Told] = field(default_factory=list)
    last_id: str | None = None
    """What a browser would send as `Last-Event-ID`."""
    beats: int = 0
    retry: int | None = None
    ended: bool = False
    body: bytes = b""
    """Of a refusal."""

    def named(self, *names: str) -> list[Told]:
        """Those with one of these names."""
        return [each for each in self.told if each.name in names]

    @property
    def facts(self) -> list[Told]:
        """Events of the territory."""
        return [each for each in self.told if "." in each.name]

    @property
    def ids(self) -> list[str]:
        """Of what the events of the territory are about."""
        return [each.data["id"] for each in self.facts]

    @property
    def byes(self) -> list[str]:
        """Why it was closed."""
        return [each.data["reason"] for each in self.named("bye")]

    async def hears(self, name: str, count: int = 1, **data: Any) -> None:
        """Waits for so many events of a name with these data."""

        async def heard() -> bool:
            return len([each for each in self.named(name) if data.items() <= each.data.items()]) >= count

        await soon(heard)

    async def reaches(self, position: int) -> None:
        """Waits until it was told all up to a position, seen or not: signs of life say so."""

        async def reached() -> bool:
            return int((self.last_id or "0.0").partition(".")[2]) >= position

        await soon(reached)

    async def ends(self) -> None:
        """Waits until the other side has closed."""

        async def over() -> bool:
            return self.ended

        await soon(over)

    def take(self, block: str) -> None:
        """One block of lines, as the EventSource standard reads it."""
        name, data, given = "message", [], None
        for line in block.split("\n"):
            key, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if key == "event":
                name = value
            elif key == "data":
                data.append(value)
            elif key == "id":
                given = self.last_id = value
            elif key == "retry":
                self.retry = int(value)
        if name == "beat":
            self.beats += 1
        elif data:
            self.told.append(Told(name, json.loads("\n".join(data)), given))


async def _read(reader: asyncio.StreamReader, screen: Screen) -> None:
    """Head, chunks, blocks."""
    screen.head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    screen.status = int(screen.head.split()[1])
    if "transfer-encoding: chunked" not in screen.head:
        length = next((line for line in screen.head.split("\r\n") if line.startswith("content-length")), ": 0")
        screen.body = await reader.readexactly(int(length.partition(":")[2]))
        screen.ended = True
        return
    buffer = ""
    try:
        while size := int(await reader.readline(), 16):
            buffer += (await reader.readexactly(size + 2))[:-2].decode()
            *blocks, buffer = buffer.split("\n\n")
            for block in blocks:
                screen.take(block)
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        pass  # cut: the test looks at what came before
    screen.ended = True


async def connect(port: int, cookies: dict[str, str], last_id: str | None = None, **query: str) -> socket.socket:
    """A socket on which the stream was asked for; nothing of it is read."""
    loop = asyncio.get_running_loop()
    connection = socket.socket()
    connection.setblocking(False)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    await loop.sock_connect(connection, ("127.0.0.1", port))
    lines = [
        f"GET /api/stream?{urlencode(query)} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept: text/event-stream",
        "Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()),
    ]
    if last_id is not None:
        lines.append(f"Last-Event-ID: {last_id}")
    await loop.sock_sendall(connection, ("\r\n".join(lines) + "\r\n\r\n").encode())
    return connection


@asynccontextmanager
async def watching(client: httpx.AsyncClient, last_id: str | None = None, **query: str) -> AsyncIterator[Screen]:
    """`async with watching(client, topics="appointments") as screen:` the browser's stream; its head has come."""
    port = client.base_url.port
    assert port is not None
    connection = await connect(port, dict(client.cookies.items()), last_id, **query)
    async with reading(connection) as screen:
        yield screen


@asynccontextmanager
async def reading(connection: socket.socket) -> AsyncIterator[Screen]:
    """Begins to read a stream that was asked for."""
    reader, writer = await asyncio.open_connection(sock=connection)
    screen = Screen()
    task = asyncio.create_task(_read(reader, screen))

    async def answered() -> bool:
        return bool(screen.status)

    try:
        await soon(answered)
        yield screen
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        writer.transport.abort()
