"""R5: from the commit of a booking to the commit of its effect in another service."""

import asyncio
import time

import asyncpg
import nats

from bench import queries, requests
from bench.load import Void, load
from bench.report import Line, median
from bench.runs import Bench, say
from bench.world import World

WORKERS = ("telesecretariat", "appointments")
EVERY = 40
"""Bookings of one round, one after the other: what is measured is the way, not a queue."""


def commit_to_copy(bench: Bench) -> list[Line]:
    """Both commits on the server's own clock; the anchor is a stored message from one client to another, no more."""
    world = bench.world
    world.start("serve", "appointments")
    try:
        for service in WORKERS:
            world.start("work", service)
        _drain(world)
        took, bare = _measured(bench)
    finally:
        for service in WORKERS:  # the other ratios are measured without them
            world.end("work", service)
    bench.raw["R5"] = {"ours": took, "anchor": bare}
    took.sort()
    p99 = took[int(len(took) * 0.99)]
    name = "commit -> applied in another service / bare publish -> callback"
    return [
        Line("R5", name, median(took), median(bare), "<=25", "ms"),
        Line("R5b", "commit -> applied, median / 10 ms", median(took), 10.0, "<=1", "ms"),
        Line("R5c", "commit -> applied, p99 / 100 ms", p99, 100.0, "<=1", "ms"),
    ]


def _measured(bench: Bench) -> tuple[list[float], list[float]]:
    world = bench.world
    took: list[float] = []
    bare: list[float] = []
    for _ in range(bench.rounds):
        visits = [world.times.visit(number) for number in world.times.span(EVERY)]
        prepared = requests.bookings(world, visits, requests.direct_headers())
        before = set(asyncio.run(_ways(world)))
        for each in prepared:
            measured = load(world.url("appointments"), [each], connections=1, seconds=1)
            if set(measured.statuses) != {201}:
                raise Void(f"answers were {dict(measured.statuses)}")
        took += [way for event, way in _all_applied(world, before, EVERY).items()]
        bare += asyncio.run(_bare(world, EVERY))
    return took, bare


def _drain(world: World) -> None:
    """What earlier ratios have left in the outbox leaves first."""
    say("R5: the relay empties the outbox")
    deadline, left = time.monotonic() + 600, 1
    while left:
        left = asyncio.run(_waiting(world))
        if time.monotonic() > deadline:
            raise Void("the outbox did not empty in ten minutes")
        time.sleep(0.5)


async def _waiting(world: World) -> int:
    connection = await asyncpg.connect(world.admin_url("appointments"))
    try:
        count: int = await connection.fetchval(queries.WAITING)
        return count
    finally:
        await connection.close()


def _all_applied(world: World, before: set[object], count: int) -> dict[object, float]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        ways = {event: way for event, way in asyncio.run(_ways(world)).items() if event not in before}
        if len(ways) >= count:
            return ways
        time.sleep(0.2)
    raise Void("not every booking reached the other service")


async def _ways(world: World) -> dict[object, float]:
    """Event -> milliseconds from the booking's commit to the copy's."""
    ours = await asyncpg.connect(world.admin_url("appointments"))
    theirs = await asyncpg.connect(world.admin_url("telesecretariat"))
    try:
        sent = {row["id"]: row["at"] for row in await ours.fetch(queries.COMMITTED)}
        applied = await theirs.fetch(queries.APPLIED)
    finally:
        await ours.close()
        await theirs.close()
    return {
        r["event_id"]: (r["at"] - sent[r["event_id"]]).total_seconds() * 1000 for r in applied if r["event_id"] in sent
    }


async def _bare(world: World, count: int) -> list[float]:
    client = await nats.connect(world.nats.url)
    stream, took = client.jetstream(), []
    await stream.add_stream(name="bare", subjects=["bare"])
    arrived: asyncio.Queue[float] = asyncio.Queue()

    async def callback(_message: object) -> None:
        arrived.put_nowait(time.perf_counter())

    try:
        await stream.subscribe("bare", cb=callback)
        for _ in range(count):
            began = time.perf_counter()
            await stream.publish("bare", b"x" * 600)
            took.append((await arrived.get() - began) * 1000)
    finally:
        await stream.delete_stream("bare")
        await client.close()
    return took
