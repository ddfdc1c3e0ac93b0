"""Bad input for every operation of one service, by the door: sent, judged, and the base looked at."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx

from tests.fuzz.attacks import ALL, SURE, Asked, Maker, Request, attack, operations, right
from tests.fuzz.judge import faults
from tests.fuzz.values import Pools, Sampler
from tests.fuzz.watch import Watch, changed

NOT_ASKED: Final = frozenset({"GET /api/stream", "DELETE /auth/session", "DELETE /auth/sessions", "PUT /auth/password"})
"""Never ends; ends the caller."""
TOGETHER: Final = 25
"""So many operations are asked between two looks at the base."""


@dataclass
class Found:
    """What was sent and what was wrong with the answers."""

    classes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, sentence: str, sent: Request, body: str) -> None:
        """The first of each kind: one fault, met a thousand times, is one fault."""
        kind = f"{name}: {sentence.partition(';')[0][:80]}"
        self.faults.setdefault(kind, f"{kind}\n    {sentence}\n    {sent.told()}\n    {body[:300]}")


class Campaign:
    """`client_of`: who asks for that operation, with a session and its CSRF token; None: nobody may."""

    def __init__(
        self,
        document: Mapping[str, Any],
        names: frozenset[str],
        client_of: Callable[[str], Awaitable[httpx.AsyncClient | None]],
        watch: Watch,
        seed: int,
    ) -> None:
        self.pools = Pools()
        sampler = Sampler(document, self.pools)
        self._client_of, self._watch, self.seed = client_of, watch, seed
        self.asked = [each for each in operations(document, sampler) if each.name in names - NOT_ASKED]
        self.found = Found()

    async def learn(self) -> None:
        """The ids that lists name."""
        chance = Random(self.seed)
        for each in sorted(self.asked, key=lambda one: one.template.count("{")):
            client = await self._client_of(each.name)
            if each.method == "get" and client is not None and each.template.startswith("/api/"):
                sent = right(each, chance)
                answer = await _send(client, sent)
                if answer.headers.get("content-type", "").startswith("application/json"):
                    self.pools.learn(sent.target, answer.json())

    async def sure(self, each_time: int, salt: int = 0) -> None:
        """Input that can never be right: nothing in the base may be another after it."""
        for start in range(0, len(self.asked), TOGETHER):
            group = self.asked[start : start + TOGETHER]
            requests = [made for asked in group for made in self._sure_of(asked, each_time, salt)]
            before = await self._watch.rows()
            for asked, sent in requests:
                await self._try(asked, sent)
            if changed(before, await self._watch.rows()):
                await self._blame(requests)

    def _sure_of(self, asked: Asked, each_time: int, salt: int) -> list[tuple[Asked, Request]]:
        chance = Random(f"{self.seed} {salt} {asked.name}")
        made = [attack(asked, chance, SURE) for _ in range(each_time * 3)]
        return [(asked, sent) for sent in made if sent is not None and sent.refused][:each_time]

    async def _blame(self, requests: list[tuple[Asked, Request]]) -> None:
        """Something was written: each is sent again, alone."""
        for asked, sent in requests:
            before = await self._watch.rows()
            answer = await self._try(asked, sent)
            tables = changed(before, await self._watch.rows())
            if tables and answer is not None:
                self.found.add(asked.name, f"refused, and wrote {tables}", sent, answer.text)

    async def round(self, number: int, makers: tuple[Maker, ...] = ALL) -> None:
        """One request of any kind to each operation, right ones too."""
        for asked in self.asked:
            sent = attack(asked, Random(f"{self.seed} {number} {asked.name}"), makers)
            if sent is not None:
                await self._try(asked, sent)

    async def _try(self, asked: Asked, sent: Request) -> httpx.Response | None:
        client = await self._client_of(asked.name)
        if client is None:
            return None
        answer = await _send(client, sent)
        self.found.classes[sent.klass] += 1
        self.found.statuses[answer.status_code] += 1
        for sentence in faults(sent, answer, asked.raw["responses"]):
            self.found.add(asked.name, sentence, sent, answer.text)
        if answer.status_code < 300:
            self.found.taken[asked.name] += 1
            if asked.method == "post" and answer.headers.get("content-type", "").startswith("application/json"):
                self.pools.learn(sent.target, answer.json())
        return answer


async def _send(client: httpx.AsyncClient, sent: Request) -> httpx.Response:
    headers = [(name.encode(), value.encode("utf-8", "surrogatepass")) for name, value in sent.headers.items()]
    return await client.request(sent.method.upper(), sent.url, headers=headers, content=sent.content or None)
