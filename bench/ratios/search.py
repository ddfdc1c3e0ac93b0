"""R8 and R9: what a search costs, as the territory grows and against its own SQL."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

import asyncpg

from appointments.slots import service as slots
from appointments.slots.schemas import SlotsAsked
from bench import ids, requests
from bench.load import Void, load
from bench.report import Line, Sample, median
from bench.runs import Bench, say
from bench.world import World, plant
from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import Principal

PUBLISHED_MS = 15_000.0
"""Cal.com, issue 11134."""
OPEN_S, APART_S = 3 * 3600, 8 * 3600
PER_SITE = 34
SHAPES = {"one": (1, 14), "territory": (10_000, 14), "fortnight": (100, 14), "year": (100, 365)}
FIRST = SlotsAsked(reason="consultation", limit=10)


def visitor() -> Principal:
    """Somebody at home, looking for a time."""
    return Principal(sub="visitor:bench", kind="visitor", role="visitor", orgs=None, perms={"slot.read": "p"})


def cost_follows_the_answer(bench: Bench) -> list[Line]:
    """The first ten free times of a territory, by the API's use case in this process: HTTP would hide a difference."""
    with asyncio.Runner() as runner:
        taken = runner.run(_sweep(bench))
    bench.raw["R8"] = taken
    one, many, fortnight, year = (median(taken[name]) for name in SHAPES)
    return [
        Line("R8", "first 10 free times, 10,000 doctors / 1 doctor", many, one, "<=3", "ms"),
        Line("R8b", "first 10 free times of 100 doctors, 365 days stored / 14", year, fortnight, "<=2", "ms"),
    ]


async def _sweep(bench: Bench) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in SHAPES}
    async with AsyncExitStack() as stack:
        databases = {name: await _territory(bench.world, name, *shape) for name, shape in SHAPES.items()}
        for database in databases.values():
            await database.open()
            stack.push_async_callback(database.close)
        for turn in range(100 * bench.rounds):
            for name, database in databases.items():
                began = time.perf_counter()
                page = await database.read(visitor(), slots.slots, FIRST)
                if turn >= 50:  # before, plans and caches are made
                    taken[name].append((time.perf_counter() - began) * 1000)
                if len(page.items) != 10:
                    raise Void(f"{len(page.items)} free times were found in {name}, not 10")
    return taken


async def _territory(world: World, name: str, doctors: int, days: int) -> Database:
    """A database of that size, made once. Doctors begin at different hours, as they do."""
    admin = await asyncpg.connect(world.postgres.url)
    try:
        fresh = not await admin.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name)
        if fresh:
            await admin.execute(f"CREATE DATABASE {name} OWNER appointments_owner TEMPLATE empty")
    finally:
        await admin.close()
    if fresh:
        say(f"R8: planting {doctors} doctors x {days} days")
        sites = max(1, doctors // PER_SITE + 1)
        shape = {"doctors": doctors, "sites": sites, "days": days, "patients": 1}
        await plant(world.admin_url(name), world, **shape, window_s=OPEN_S, apart_s=APART_S, per_site=PER_SITE)
    return Database(world.settings(name))


def search_against_sql(bench: Bench) -> list[Line]:
    """One doctor's free times of a fortnight for a visitor: through HTTP, against the statements alone."""
    world = bench.world
    world.start("serve", "appointments")
    doctor = ids.uid(ids.DOCTOR, 0)
    path = f"/v1/slots?reason=consultation&practitioner={doctor}"
    asked = SlotsAsked(reason="consultation", practitioner=(doctor,))
    said = asyncio.run(_statements(world, asked))

    def ours(seconds: float) -> Sample:
        many = [requests.get(path, requests.direct_headers(visitor()))] * 1_000
        measured = load(world.url("appointments"), many, connections=1, seconds=seconds)
        if set(measured.statuses) != {200}:
            raise Void(f"answers were {dict(measured.statuses)}")
        return Sample(measured.answers, measured.seconds, {}, measured.quantile(0.5), measured.quantile(0.99))

    mine, theirs = bench.alternate("R9", ours, lambda _seconds: asyncio.run(_replayed(world, said)))
    p50 = [median([sample.p50 or 0 for sample in side]) for side in (mine, theirs)]
    return [Line("R9", "search through the API / its SQL, median, one caller", p50[0], p50[1], "<=3", "ms")]


def fifty_practitioners(bench: Bench) -> list[Line]:
    """Which of thirty days have a free time with any of fifty practitioners: what a calendar of a big centre asks."""
    with asyncio.Runner() as runner:
        taken = runner.run(_calendar(bench))
    bench.raw["R10"] = taken
    p99 = sorted(taken)[int(len(taken) * 0.99)]
    name = "days with a time among 50 practitioners x 30 days, p99 / 15 s published for 50 hosts"
    return [Line("R10", name, p99, PUBLISHED_MS, "<=0.001", "ms")]


async def _calendar(bench: Bench) -> list[float]:
    database, taken = await _territory(bench.world, "calendar", 50, 31), []
    await database.open()
    try:
        asked = SlotsAsked(reason="consultation", end=clock.now() + timedelta(days=30), limit=31)
        sites = await database.read(visitor(), _sites)
        asked = asked.model_copy(update={"site": sites})
        for turn in range(100 * bench.rounds + 50):
            began = time.perf_counter()
            found = await database.read(visitor(), slots.days, asked)
            if turn >= 50:
                taken.append((time.perf_counter() - began) * 1000)
            if len(found.items) < 29:
                raise Void(f"{len(found.items)} days were found, not 30")
    finally:
        await database.close()
    return taken


async def _sites(tx: Tx) -> tuple[str, ...]:
    return tuple(str(row["id"]) for row in await tx.fetch("SELECT id FROM site"))


Statements = Sequence[tuple[str, Sequence[object]]]


class _Listening(Tx):
    """Writes down what a use case asks."""

    said: list[tuple[str, Sequence[object]]]

    async def fetch(self, sql: str, *args: object) -> list[asyncpg.Record]:
        self.said.append((sql, args))
        return await super().fetch(sql, *args)


async def _statements(world: World, asked: SlotsAsked) -> Statements:
    database = Database(world.settings())
    await database.open()

    async def listened(tx: Tx) -> None:
        listening = _Listening(tx._connection, tx.principal, tx.now, tx.settings)
        listening.said = said
        await slots.slots(listening, asked)

    said: list[tuple[str, Sequence[object]]] = []
    try:
        await database.read(visitor(), listened)
    finally:
        await database.close()
    return said


async def _replayed(world: World, said: Statements, times: int = 100) -> Sample:
    connection = await asyncpg.connect(
        world.role_url("appointments"), server_settings={"maillage.orgs": "*", "jit": "off"}
    )
    took, began = [], time.perf_counter()
    try:
        for _ in range(times):
            each = time.perf_counter()
            for sql, args in said:
                await connection.fetch(sql, *args)
            took.append((time.perf_counter() - each) * 1000)
    finally:
        await connection.close()
    return Sample(times, time.perf_counter() - began, {}, median(took))
