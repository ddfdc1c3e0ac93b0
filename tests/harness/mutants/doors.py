"""Mutants of the gateway and of the telephone desk. What they change is imported when they are loaded: processes of
other services do not have it."""

import asyncio
import math
from bisect import bisect_left
from typing import Any

from tests.harness.mutants.kit import Put


def jti_not_stored(put: Put) -> None:
    """Nobody remembers that an assertion was used."""
    from gateway.partners import queries

    async def always(*_: object) -> bool:
        return True

    put(queries, "use_once", always)


def owner_not_checked(put: Put) -> None:
    """Whoever asks acts on a call as if it were his."""
    from telesecretariat.calls import access

    put(access, "acting", lambda _tx, _call: "agent")


def cursor_by_time(put: Put) -> None:
    """A screen that comes back is given what happened after the second of its last event."""
    from gateway.stream.facts import Fact, Kept

    after = Kept.after

    def second(fact: Fact) -> float:
        return math.floor(fact.at.timestamp())

    def later(self: Kept, position: int, most_bytes: int, until: int | None = None) -> tuple[list[Any], int]:
        seen = [fact for fact in self._facts if fact.position == position]
        if seen:
            place = bisect_left(self._facts, second(seen[0]) + 1, key=second)
            position = max(position, self._facts[place - 1].position)
        return after(self, position, most_bytes, until)

    put(Kept, "after", later)


def session_kept_for_ever(put: Put) -> None:
    """Who was once known is believed until the process ends."""
    from gateway.door import callers

    async def never(_self: object) -> None:
        await asyncio.Event().wait()

    put(callers, "BELIEVED_S", math.inf)
    put(callers.Callers, "keep_fresh", never)
    put(callers.Callers, "reread", never)
