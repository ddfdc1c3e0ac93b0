"""`GET /api/stream`, answered at the door: no border of the own API may hold back what is said."""

import asyncio
from collections.abc import Iterable
from typing import Final, cast
from urllib.parse import parse_qs

from contracts.base import events
from gateway.door import cookies
from gateway.door.callers import Callers
from gateway.door.cookies import CookieRules
from gateway.door.guard import CONNECTION
from gateway.door.headers import Header
from gateway.door.request import Request, Sent
from gateway.door.tokens import Caller
from gateway.sessions.errors import ContextRequired, SessionOver
from gateway.settings import GatewaySettings
from gateway.stream import domain
from gateway.stream.domain import UnknownTopics
from gateway.stream.errors import TopicsUnknown
from gateway.stream.feed import Feed
from gateway.stream.hub import Hub
from gateway.stream.screens import Screen
from maillage.bus import Bus
from maillage.ids import hash_token, new_digits
from maillage.refusals import NotAllowed

PATH: Final = "/api/stream"
RETRY_MS: Final = 2000
TAKES_S: Final = 20.0
"""How long a stream that is given what it missed may take for each piece."""
_HEADERS: Final[tuple[Header, ...]] = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"connection", b"close"),
)
_DRAINED: Final = {"type": "http.response.body", "body": b"", "more_body": True}


class Streams:
    """The live stream: its broker, its screens, its answers."""

    def __init__(
        self, settings: GatewaySettings, callers: Callers, rules: CookieRules, services: Iterable[str]
    ) -> None:
        self.hub = Hub(callers, settings)
        self._feed = Feed(
            Bus(settings.nats_url, settings.territory, "gateway-stream"), self.hub, settings.stream_events
        )
        self._callers, self._rules = callers, rules
        self._topics = domain.known_topics(events(), services)

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._feed.run())
            group.create_task(self.hub.keep_looking())

    def leave(self) -> None:
        """The process ends."""
        self.hub.leave()

    async def answer(self, request: Request, caller: Caller, send: Sent, added: list[Header]) -> None:
        """One stream, for as long as it lasts.

        Refused: `NOT_ALLOWED` to who is no professional, `CONTEXT_REQUIRED`, `TOPICS_UNKNOWN`, `STREAM_LIMIT`.
        """
        if caller.kind != "professional":
            raise NotAllowed
        if not caller.role:
            raise ContextRequired
        head = [*_HEADERS, *added]
        if request.method == "HEAD":
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send({"type": "http.response.body", "body": b""})
            return
        screen = await self._admitted(request)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send(_DRAINED)  # the head leaves with the first piece: now, for the rest is written past it
            self.hub.opened(screen, RETRY_MS + int(new_digits(3)))
            await self._replay(screen, send)
            while (await request.receive())["type"] != "http.disconnect":
                pass
        finally:
            self.hub.drop(screen)

    async def _admitted(self, request: Request) -> Screen:
        asked = parse_qs(request.scope["query_string"].decode("latin-1"), max_num_fields=20)
        try:
            topics = domain.read_topics(asked.get("topics", [""])[0], self._topics)
        except UnknownTopics:
            raise TopicsUnknown(pointer="?topics") from None
        last_seen = request.one.get(b"last-event-id", b"").decode("latin-1") or asked.get("after", [""])[0] or None
        secret = cookies.parse(request.one.get(b"cookie", b""), self._rules.session)
        id_hash = hash_token(secret or "")
        caller = await self._callers.resolved(id_hash)  # again: nothing is awaited between this and `admit`
        if caller is None or not caller.role:
            raise SessionOver
        transport = cast(asyncio.Transport, request.scope["extensions"][CONNECTION]["transport"])
        return self.hub.admit(transport, caller, id_hash, topics, last_seen)

    async def _replay(self, screen: Screen, send: Sent) -> None:
        """What it missed, no faster than it is taken."""
        for piece in self.hub.missed(screen):
            screen.write(piece)
            try:
                async with asyncio.timeout(TAKES_S):
                    await send(_DRAINED)
            except TimeoutError:
                self.hub.end(screen, "slow")
