"""The two smallest servers: `python -m bench.servers hello PORT` (FastAPI), `… fixed PORT` (bytes, no library)."""

import asyncio
import sys
from typing import cast

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


async def _fixed(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Fixed, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    kind, number = sys.argv[1], int(sys.argv[2])
    if kind == "hello":
        uvicorn.run(hello(), host="127.0.0.1", port=number, log_level="warning", access_log=False)
    else:
        uvloop.run(_fixed(number))
