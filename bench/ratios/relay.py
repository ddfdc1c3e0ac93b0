"""R6: how fast a full outbox empties."""

import asyncio
import json
import time

import asyncpg
import nats

from bench import queries
from bench.load import Void
from bench.report import Line, Sample, cpu_us, rate
from bench.runs import Bench, say
from bench.world import World
from maillage import clock

EVENTS = 5_000
IN_FLIGHT = 64
LIMIT_S = 300


def drain(bench: Bench) -> list[Line]:
    """5,000 committed events, each of another aggregate, against the same bytes published by nats-py alone."""
    world = bench.world
    world.end("work", "appointments")
    asyncio.run(_marked(world))
    ours, anchor = bench.alternate("R6", lambda _seconds: _drained(world), lambda _seconds: asyncio.run(_bare(world)))
    cpu = {"ours": cpu_us(ours), "anchor": {}}
    name = f"events relayed from the outbox / nats-py with {IN_FLIGHT} in flight"
    return [Line("R6", name, rate(ours), rate(anchor), ">=0.25", "1/s", cpu)]


async def _marked(world: World) -> None:
    """What earlier ratios left is not counted."""
    await _told(world, queries.ALL_RELAYED)


async def _told(world: World, sql: str, *arguments: object) -> int:
    connection = await asyncpg.connect(world.admin_url("appointments"))
    try:
        answer: int | None = await connection.fetchval(sql, *arguments)
        return answer or 0
    finally:
        await connection.close()


def _drained(world: World) -> Sample:
    """The worker starts with a full outbox; its start is not counted: from the first event that has left."""
    asyncio.run(_told(world, queries.EVENTS_WAIT, EVENTS, clock.now()))
    world.start("work", "appointments")
    try:
        before, left, began, deadline = world.cpu(), EVENTS, 0.0, time.monotonic() + LIMIT_S
        first = left
        while left:
            left = asyncio.run(_told(world, queries.WAITING))
            if not began and left < EVENTS:
                began, first, before = time.perf_counter(), left, world.cpu()
            if time.monotonic() > deadline:
                raise Void(f"{left} events were still waiting after {LIMIT_S} s")
            time.sleep(0.05)
        took = time.perf_counter() - began
        used = {name: after - before.get(name, 0.0) for name, after in world.cpu().items()}
    finally:
        world.end("work", "appointments")
    if first < EVENTS / 4:
        say("R6: most had left before the first look: the figure is rough")
    return Sample(first, took, used)


async def _bare(world: World) -> Sample:
    client = await nats.connect(world.nats.url)
    stream, free = client.jetstream(), asyncio.Semaphore(IN_FLIGHT)
    await stream.add_stream(name="bare6", subjects=["bare6"])
    payload = json.dumps({"practitioner_id": "0" * 36, "version": 1, "padding": "x" * 300}).encode()

    async def one() -> None:
        async with free:
            await stream.publish("bare6", payload)

    try:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as all_:
            for _ in range(EVENTS):
                all_.create_task(one())
        took = time.perf_counter() - began
    finally:
        await stream.delete_stream("bare6")
        await client.close()
    return Sample(EVENTS, took)
