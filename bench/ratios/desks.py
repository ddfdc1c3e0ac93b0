"""R11e: from an agent's act to the desks that show it."""

import asyncio
from collections.abc import Iterator
from itertools import cycle
from uuid import UUID

import asyncpg
import httpx
import uvloop

from bench import ids, queries
from bench.audience import Audience
from bench.load import Void, one_core
from bench.report import Line, median
from bench.runs import Bench
from bench.world import World

DESKS = 200
EACH = 3
"""Streams that one person may have."""
ASIDE = 2_000
"""Their ids follow those of the people of R11 and R12."""
SERVICE = "telesecretariat"
Wish = dict[str, str]
WISHES: tuple[Wish, ...] = ({"work_state": "not_ready", "reason": "pause"}, {"work_state": "ready"})
MARK, READY = b"event: telesecretariat.agent_changed", b"event: ready"


def told(bench: Bench, agent: UUID, token: str) -> list[Line]:
    """An agent pauses and comes back by the API, each time when all of 200 desks have heard the last: request, commit,
    relay, broker, door and socket are in it. `token`: the line of the head that signs her requests."""
    world = bench.world
    asyncio.run(_plant(world, agent))
    world.start("work", SERVICE)
    try:
        late = _late(bench, token)
    finally:
        world.end("work", SERVICE)  # the other ratios are measured without it
    bench.raw["R11e"] = late
    return [Line("R11e", "an agent's act -> at all of 200 desks, p99 / 300 ms", median(late), 300.0, "<=1", "ms")]


def _late(bench: Bench, token: str) -> list[float]:
    """The p99 of each round, in milliseconds."""
    world, audience = bench.world, Audience(MARK)
    wishes = cycle(WISHES)  # one for all rounds: what she is already, nobody is told
    with one_core(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(audience.enter(world.url("gateway"), _asking(), READY))
        late = [runner.run(_round(world, audience, token, wishes, bench.seconds)) for _ in range(bench.rounds)]
        audience.leave()
    return late


async def _round(world: World, audience: Audience, token: str, wishes: Iterator[Wish], seconds: float) -> float:
    name, _, value = token.strip().partition(": ")
    async with httpx.AsyncClient(base_url=world.url(SERVICE), headers={name: value}, trust_env=False) as client:

        async def act() -> None:
            answer = await client.put("/v1/agents/me/state", json=next(wishes))
            if answer.status_code != 200:
                raise Void(f"an agent was answered {answer.status_code}")

        await audience.hear(act, seconds)
    return sorted(audience.latencies)[int(len(audience.latencies) * 0.99)] * 1000


def _asking() -> list[bytes]:
    head = "GET /api/stream HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nCookie: session=desk-{}\r\n\r\n"
    return [head.format(number // EACH).encode() for number in range(DESKS)]


async def _plant(world: World, agent: UUID) -> None:
    connection = await asyncpg.connect(world.admin_url("gateway"))
    try:
        first = (ids.STAFF * ids.KIND + ASIDE, ids.POST * ids.KIND + ASIDE)
        await connection.execute(queries.SCREENS, ids.FIRM, -(-DESKS // EACH), ids.HEAD, *first, "desk-")
    finally:
        await connection.close()
    connection = await asyncpg.connect(world.admin_url(SERVICE))
    try:
        for sql in queries.QUIET_FLOOR:  # or what the worker makes of R11 is counted too
            await connection.execute(sql, *([agent] if "$1" in sql else []))
    finally:
        await connection.close()
