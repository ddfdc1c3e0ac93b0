"""The smallest servers: `python -m bench.servers hello PORT` (FastAPI), `… fixed PORT`, `… broadcast PORT` (bytes, no
library)."""

import asyncio
import sys
from typing import ClassVar, cast

import uvicorn
import uvloop
from fastapi import FastAPI

_FIXED = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


def hello() -> FastAPI:
    """What a framework costs when it does nothing."""
    app = FastAPI(openapi_url=None)

    @app.get("/hello")
    async def say() -> dict[str, str]:
        return {"hello": "world"}

    return app


class _Fixed(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are not its subclasses

    def data_received(self, data: bytes) -> None:
        self._transport.write(_FIXED)


class _Broadcast(asyncio.Protocol):
    """Whoever says `GET /listen` hears what others send, as it is; `GET /broadcast` is answered."""

    _listening: ClassVar[set[asyncio.Transport]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._listening.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET /listen"):
            self._listening.add(self._transport)
        elif data.startswith(b"GET "):
            self._transport.write(_FIXED)
        else:
            for transport in self._listening:
                transport.write(data)


async def _served(protocol: type[asyncio.Protocol], port: int) -> None:
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    kind, number = sys.argv[1], int(sys.argv[2])
    if kind == "hello":
        uvicorn.run(hello(), host="127.0.0.1", port=number, log_level="warning", access_log=False)
    else:
        uvloop.run(_served(_Broadcast if kind == "broadcast" else _Fixed, number))
