"""The other side of SmsByHttp for tests: a provider that accepts, refuses, or keeps silent after accepting."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Mood = Literal["accept", "refuse", "busy", "break", "silent"]


@dataclass
class FakeProvider:
    """`app` is an ASGI application; `accepted` holds what a patient's phone would have shown, once per `ref`."""

    mood: Mood = "accept"
    accepted: dict[str, str] = field(default_factory=dict)
    _awake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def app(self) -> Starlette:
        """Serve this with uvicorn, at any path."""
        return Starlette(routes=[Route("/{path:path}", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        said = await request.json()
        status = {"refuse": 400, "busy": 503, "break": 500}.get(self.mood, 202)
        if status == 202:
            self.accepted.setdefault(request.headers["idempotency-key"], said["text"])
        if self.mood == "silent":
            await self._awake.wait()
        return JSONResponse({"id": said["ref"]}, status_code=status)

    def wake(self) -> None:
        """Let the requests go that were kept waiting."""
        self._awake.set()
