"""F42: callers book, cancel and read the same hours while the service is killed again and again. Whatever they were
told, some order of their requests explains it, and the base holds what was acknowledged."""

import asyncio
import random
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.faults.crowd import CALLERS, at_work, contradictions, seed, so_many_more
from tests.faults.scene import scene, sound
from tests.harness.cluster import Cluster

__all__ = ["seed"]


@pytest.mark.short
async def test_whatever_dies_the_answers_are_those_of_some_order(running: Cluster, seed: int, tmp_path: Path) -> None:
    assert await _judged(running, seed, tmp_path, kills=1) == []


async def test_the_same_for_longer(running: Cluster, seed: int, tmp_path: Path) -> None:
    assert await _judged(running, seed, tmp_path, kills=8) == []
    await sound(running)


async def _judged(running: Cluster, seed: int, kept: Path, kills: int) -> list[str]:
    chance = random.Random(seed)
    async with scene(running) as s, AsyncExitStack() as open_:
        running.start("serve", "appointments")
        clients = [await open_.enter_async_context(running.client("appointments", s.desk)) for _ in range(CALLERS)]
        async with at_work(s, clients, chance) as callers:
            for _ in range(kills):
                await so_many_more(callers, chance.randrange(20, 60))
                await asyncio.to_thread(running.kill, "serve", "appointments")
                await asyncio.to_thread(running.start, "serve", "appointments")
            await so_many_more(callers, 40)
        running.kill("serve", "appointments")
        return await contradictions(s, callers, kept)
