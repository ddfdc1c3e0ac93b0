"""Answers that may be shared for a second: identical anonymous GETs are fetched once (design: gateway 3.7)."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from gateway.door.headers import Header

LARGEST: Final = 1 << 20
Key = tuple[str, str, bytes, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of a service, small enough to be kept."""

    status: int
    headers: list[Header]
    body: bytes


class SharedAnswers:
    """A bounded store of fresh answers, and the fetches under way."""

    def __init__(self, capacity: int = 64 << 20) -> None:
        self._capacity = capacity
        self._size = 0
        self._kept: OrderedDict[Key, tuple[float, Answer]] = OrderedDict()
        self._under_way: dict[Key, asyncio.Task[Answer]] = {}

    async def get(self, key: Key, seconds: float, fetch: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of at most `seconds` ago, the one under way, or a new one. A caller who leaves does not stop
        the others."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(self._fetch(key, seconds, fetch))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    async def _fetch(self, key: Key, seconds: float, fetch: Callable[[], Awaitable[Answer]]) -> Answer:
        answer = await fetch()
        if answer.status == 200 and len(answer.body) <= LARGEST:
            self._keep(key, time.monotonic() + seconds, answer)
        return answer

    def _ended(self, key: Key, task: asyncio.Task[Answer]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            task.exception()  # those who waited have it; if all left, it is nobody's

    def _keep(self, key: Key, until: float, answer: Answer) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self._size -= len(old[1].body)
        self._kept[key] = (until, answer)
        self._size += len(answer.body)
        while self._size > self._capacity or len(self._kept) > 10_000:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._size -= len(dropped.body)
