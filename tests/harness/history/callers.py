"""Callers of the booking service who write down what they asked and what they were told, whatever dies meanwhile."""

import asyncio
import hashlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import httpx

from maillage.ids import new_id
from tests.harness.history.calls import Call, Out, Value

MINUTES = 20
PATIENCE_S = 30.0
"""How long an answer is asked for again before the caller gives up, and never knows."""
Wish = Callable[[int], dict[str, object]]
Asked = Callable[[], Awaitable[httpx.Response]]


@dataclass
class Caller:
    """One client who books, cancels and reads the times 0 to `times` - 1 of one doctor, at random but by a seed.

    `wish(n)`: the body that books time n. What is not answered is asked again with the same key: one request, whose end
    is that of the last attempt. `calls`: what was seen; `mine`: what was booked, and not yet cancelled.
    """

    proc: int
    client: httpx.AsyncClient
    resource: UUID
    wish: Wish
    times: int
    chance: random.Random
    calls: list[Call] = field(default_factory=list)
    mine: dict[str, str] = field(default_factory=dict)

    async def act(self) -> None:
        """One request."""
        choice = self.chance.random()
        if choice < 0.5:
            await self.book(self.chance.randrange(self.times))
        elif choice < 0.75 and self.mine:
            await self.cancel(self.chance.choice(sorted(self.mine)))
        else:
            await self.read()

    async def book(self, number: int) -> None:
        """A time, for a call of its own, by whose id the booking is found in the base."""
        key = str(new_id())
        wish = self.wish(number) | {"call_id": key}
        post = lambda: self.client.post("/v1/appointments", json=wish, headers={"Idempotency-Key": key})
        args: dict[str, Value] = {"start": number * MINUTES, "end": (number + 1) * MINUTES}
        answer = await self._noted("book", key, args, post, refused="SLOT_TAKEN")
        if answer is not None and answer.status_code == 201:
            self.mine[key] = answer.json()["id"]

    async def cancel(self, key: str) -> None:
        """A booking of one's own. Only who is told that it is done forgets it."""
        path = f"/v1/appointments/{self.mine[key]}/cancel"
        post = lambda: self.client.post(path, json={}, headers={"Idempotency-Key": f"cancel-{key}"})
        if await self._noted("cancel", f"cancel-{key}", {"booking": key}, post):
            del self.mine[key]

    async def read(self) -> None:
        """Which times are taken, as a screen shows them."""
        day = str(self.wish(0)["start"])[:10]
        path = f"/v1/appointments?day={day}&practitioner={self.resource}&limit=200"
        await self._noted("read", str(new_id()), {}, lambda: self.client.get(path))

    async def _noted(
        self, op: str, key: str, args: dict[str, Value], ask: Asked, *, refused: str = ""
    ) -> httpx.Response | None:
        """Asks until there is an answer, and notes it. None when nobody knows."""
        began = time.monotonic_ns()
        answer = await _answered(ask)
        args |= {"resource": str(self.resource)}
        out: Out = "info"
        if answer is not None and answer.is_success:
            out = "ok"
            if op == "read":
                args["taken"] = self._shown(answer)
        elif answer is not None:
            code = answer.json()["code"]
            assert code == refused, f"{op} was refused with {code}: {answer.text[:300]}"
            out = "fail"
        status, body = (answer.status_code, hashlib.sha256(answer.content).hexdigest()) if answer else (None, "")
        self.calls.append(Call(self.proc, op, key, began, time.monotonic_ns(), out, status, body, args))
        return answer

    def _shown(self, answer: httpx.Response) -> list[str]:
        first = datetime.fromisoformat(str(self.wish(0)["start"]))
        live = [row for row in answer.json()["items"] if row["status"] not in ("cancelled", "voided")]
        return sorted(str(round((datetime.fromisoformat(row["start"]) - first).total_seconds() / 60)) for row in live)


async def _answered(ask: Asked) -> httpx.Response | None:
    """A definite answer: no reset, no 5xx, no "another still runs"."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        try:
            answer = await ask()
        except httpx.TransportError:
            await asyncio.sleep(0.1)
            continue
        if answer.status_code < 500 and not (answer.status_code == 409 and answer.json()["code"] == "KEY_IN_USE"):
            return answer
        await asyncio.sleep(0.1)
    return None
