"""Callers who book, cancel and read the hours of one doctor at once while something happens, and what is wrong with
what they were told (H1 to H4, H7)."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path

import httpx
import pytest

from maillage.testing import soon
from tests.faults.scene import Scene
from tests.harness.appointments_world import world
from tests.harness.history import Booked, acknowledged, justified, linearizable, overlaps, replays, write
from tests.harness.history.callers import Caller

CALLERS, TIMES, PATIENTS_EACH = 8, 6, 25
BASE = """
SELECT call_id::text AS key, practitioner_id::text AS resource, lower(during) AS start, upper(during) AS end
FROM appointment WHERE organisation_id = $1 AND status NOT IN ('cancelled', 'voided')
"""


@pytest.fixture
def seed() -> int:
    """Of every choice; `SEED=…` in the environment repeats one."""
    chosen = int(os.environ.get("SEED") or random.randrange(1_000_000))
    print(f"SEED={chosen}")
    return chosen


@asynccontextmanager
async def at_work(s: Scene, clients: Sequence[httpx.AsyncClient], chance: random.Random) -> AsyncIterator[list[Caller]]:
    """One caller for each client, who act until the block ends, and then come to the end of what they asked."""
    async with world(s.running.role_url("appointments")) as w:
        s.patients = [await w.patient(s.organisation) for _ in range(len(clients) * PATIENTS_EACH)]
    callers = [
        Caller(n, client, s.doctor, partial(_wish, s, n, count()), TIMES, random.Random(chance.random()))
        for n, client in enumerate(clients)
    ]
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for caller in callers:
            group.create_task(_works(caller, over))
        try:
            yield callers
        finally:
            over.set()


async def contradictions(s: Scene, callers: Sequence[Caller], kept: Path) -> list[str]:
    """All that no correct platform can have answered; nothing when it holds. `kept`: where the history is written."""
    calls = [call for caller in callers for call in caller.calls]
    write(kept / "history.jsonl", calls)
    base = [
        Booked(row["key"], row["resource"], _minute(s, row["start"]), _minute(s, row["end"]))
        for row in await s.running.rows("appointments", BASE, s.organisation)
    ]
    verdict = linearizable(calls)
    found = acknowledged(calls, base) + overlaps(base) + justified(calls) + replays(calls)
    found += verdict.found + verdict.cut
    told = {call.out for call in calls if call.op == "book"}
    assert found or {"ok", "fail"} <= told, "nobody met anybody: nothing was shown"
    return found


def _wish(s: Scene, caller: int, turn: "count[int]", number: int) -> dict[str, object]:
    """Each booking for another patient, of this caller alone: no rule but that of the time stands in its way."""
    return s.wish(number, caller * PATIENTS_EACH + next(turn) % PATIENTS_EACH)


def _minute(s: Scene, instant: datetime) -> int:
    return round((instant - s.first).total_seconds() / 60)


async def _works(caller: Caller, over: asyncio.Event) -> None:
    while not over.is_set():
        await caller.act()
        await asyncio.sleep(0.02)


async def so_many_more(callers: Sequence[Caller], requests: int) -> None:
    """Until so many more requests have come to their end."""
    before = sum(len(caller.calls) for caller in callers)

    async def asked() -> bool:
        return sum(len(caller.calls) for caller in callers) >= before + requests

    await soon(asked, seconds=60)
