"""A partner's endpoint for webhooks, on the loopback, which behaves as badly as a test asks."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from standardwebhooks import Webhook

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Got:
    """One request that arrived whole."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """The body, after its signature was checked as a partner would: by the library, with this one secret."""
        return Webhook(secret).verify(self.body, dict(self.headers))


def status(line: str, *headers: str) -> Answer:
    """Answers with this status and no body."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join([f"HTTP/1.1 {line}", "Content-Length: 0", *headers, "", ""]).encode())
        await writer.drain()

    return answer


async def cut(writer: asyncio.StreamWriter) -> None:
    """Reads the request, then is gone."""
    writer.transport.abort()


async def drip(writer: asyncio.StreamWriter) -> None:
    """One byte of the head now and then, for as long as anybody listens."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


class Flood:
    """Success, and a body of 10 GB. `sent`: how much of it anybody took."""

    def __init__(self) -> None:
        self.sent = 0

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65_536)
            await writer.drain()
            self.sent += 65_536


class Receiver:
    """`got`: what arrived, in order. `answers`: by path; 204 where nothing is said. `most`: how many at once."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: dict[str, Answer] = {}
        self.connections = 0
        self.most = 0
        self.url = ""
        self._now = 0
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        self.connections += 1
        self._open.add(writer)
        try:
            while True:
                await self._one(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            self._open.discard(writer)
            writer.close()

    def hang_up(self) -> None:
        """Ends every connection at once."""
        for each in self._open:
            each.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = {name.lower(): value for name, value in re.findall(r"([^:\r\n]+): ([^\r\n]*)\r\n", head)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.got.append(Got(head.split(" ")[1], headers, body))
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            await self.answers.get(self.got[-1].path, status("204 No Content"))(writer)
        finally:
            self._now -= 1

    def at(self, path: str) -> list[Got]:
        """What arrived there."""
        return [each for each in self.got if each.path == path]

    def ids(self, path: str) -> list[str]:
        """The `webhook-id` of each."""
        return [each.headers["webhook-id"] for each in self.at(path)]


@asynccontextmanager
async def receiver(address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Receiver]:
    """Listening for the length of a block."""
    it = Receiver()
    server = await asyncio.start_server(it.serve, address, port)
    it.url = f"http://{address}:{server.sockets[0].getsockname()[1]}"
    try:
        yield it
    finally:
        server.close()
        it.hang_up()
