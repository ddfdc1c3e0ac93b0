"""Whether each service answers, asked at most once a second however many screens look."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import httpx

from gateway.door.upstream import Upstream
from maillage import clock

BELIEVED_S: Final = 1.0
State = Literal["ready", "away", "circuit_open"]


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of a service, and since when this process has seen it in this state."""

    service: str
    state: State
    since: datetime


class Watch:
    """The services behind the door. `circuit_open`: it answers again, and the door has not tried it yet."""

    def __init__(
        self,
        upstreams: Mapping[str, Upstream],
        addresses: Mapping[str, str],
        client: httpx.AsyncClient,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._upstreams = upstreams
        self._addresses = addresses
        self._client = client
        self._monotonic = monotonic
        self._seen: dict[str, Seen] = {}
        self._ready: dict[str, bool] = {}
        self._read_at: float | None = None
        self._reading = asyncio.Lock()

    async def look(self) -> list[Seen]:
        """All services by name."""
        async with self._reading:
            if self._read_at is None or self._monotonic() - self._read_at > BELIEVED_S:
                names = sorted(self._addresses)
                self._ready = dict(zip(names, await asyncio.gather(*map(self._is_ready, names)), strict=True))
                self._read_at = self._monotonic()
        return [self._noted(name) for name in self._ready]

    def _noted(self, name: str) -> Seen:
        upstream = self._upstreams.get(name)
        state: State = "away"
        if self._ready[name]:
            state = "circuit_open" if upstream is not None and upstream.circuit.is_open else "ready"
        seen = self._seen.get(name)
        if seen is None or seen.state != state:
            seen = self._seen[name] = Seen(name, state, clock.now())
        return seen

    async def _is_ready(self, name: str) -> bool:
        try:
            return (await self._client.get(f"{self._addresses[name]}/readyz")).status_code == 200
        except httpx.HTTPError:
            return False
