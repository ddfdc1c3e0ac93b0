"""A1 to A6: campaigns, expansion, duplicates, callers, reports of a centre, against the figures of appointments.md, 9.

By the use cases of the API, in this process, each in its own transaction with audit and outbox.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import asyncpg

from appointments.campaigns import service as campaigns
from appointments.campaigns.schemas import CampaignIn
from appointments.patients import finding
from appointments.patients import service as patients
from appointments.patients.schemas import PatientIn
from appointments.reports import service as reports
from appointments.reports.schemas import Asked
from appointments.schedules import closing
from appointments.schedules import service as schedules
from appointments.schedules.schemas import AbsenceIn
from bench import agenda_rows as rows
from bench import ids, queries
from bench.load import Void
from bench.report import Line, median
from bench.runs import Bench, say
from bench.world import World, plant
from gateway.permissions import held
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import Principal, system
from tests.harness import days

NAME = "agenda"
DOCTORS, SITES, PATIENTS, VISITS = 34, 4, 200_000, 85_000
CAMPAIGNS, HIT = 3, 200
TURNS = 100


def agendas(bench: Bench) -> list[Line]:
    """A centre of 34 doctors: its times are written, three doctors are ill, people are added and looked for, a year is
    counted.
    """
    with asyncio.Runner() as runner:
        return runner.run(_measured(bench))


async def _measured(bench: Bench) -> list[Line]:
    say(f"A: planting {PATIENTS:,} patients and {VISITS:,} visits")
    await _plant(bench.world)
    database = Database(bench.world.settings(NAME))
    await database.open()
    connection = await asyncpg.connect(bench.world.admin_url(NAME), command_timeout=300)
    try:
        lines = await _expansion(bench, database, connection)
        lines += await _campaigns(bench, database, connection)
        lines += await _people(bench, database, connection)
        return lines + await _reports(bench, database)
    finally:
        await connection.close()
        await database.close()


async def _plant(world: World) -> None:
    admin = await asyncpg.connect(world.postgres.url)
    try:
        if await admin.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", NAME):
            return
        await admin.execute(f"CREATE DATABASE {NAME} OWNER appointments_owner TEMPLATE empty")
    finally:
        await admin.close()
    shape = {"doctors": DOCTORS, "sites": SITES, "days": 0, "patients": 0}
    await plant(world.admin_url(NAME), world, **shape, per_site=DOCTORS // SITES + 1)
    connection = await asyncpg.connect(world.admin_url(NAME), command_timeout=300)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(queries.PATIENTS, ids.CENTRE, PATIENTS, ids.HEAD, ids.PATIENT * ids.KIND)
        await connection.execute(rows.NOT_EXPANDED)
        await connection.execute(rows.REASONS, ids.CENTRE)
        await connection.execute(rows.RULES, ids.CENTRE)
        await connection.execute(rows.YEAR, ids.CENTRE, ids.HEAD, ids.PATIENT * ids.KIND, ids.REASON, VISITS)
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


def _who(role: str) -> Principal:
    return Principal(
        sub=f"person:{new_id()}", kind="professional", role=role, org=ids.CENTRE, orgs=frozenset({ids.CENTRE}),
        perms=held(role, "appointments"), sid="bench", ip="127.0.0.1", csrf="x", acr=2, amr=("pwd",),
    )  # fmt: skip


async def _took(act: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds of one act."""
    began = time.perf_counter()
    await act()
    return (time.perf_counter() - began) * 1000


async def _expansion(bench: Bench, database: Database, connection: "asyncpg.Connection[asyncpg.Record]") -> list[Line]:
    """Every agenda once, one after the other, as the worker does each night and after each change of rules."""
    worker = system("appointments")
    agendas_ = [row["id"] for row in await connection.fetch(rows.SCHEDULES)]
    spent = [await _took(lambda each=each: database.run(worker, schedules.refresh, each)) for each in agendas_]  # type: ignore[misc]
    bench.raw["A2"] = spent
    await connection.execute("VACUUM (ANALYZE) availability")
    return [
        Line("A2", "expansion of an agenda over 180 days / 50 ms", median(spent), 50.0, "<=1", "ms"),
        Line("A3", f"expansion of the centre, {len(spent)} agendas / 5 s", sum(spent), 5000.0, "<=1", "ms"),
    ]


async def _campaigns(bench: Bench, database: Database, connection: "asyncpg.Connection[asyncpg.Record]") -> list[Line]:
    """A doctor with 200 visits is absent; another time is found and held for each of them."""
    manager, spent, ill = _who("manager"), [], []
    for turn, agenda in enumerate((await connection.fetch(rows.SCHEDULES))[:CAMPAIGNS]):
        first = ids.PATIENT * ids.KIND + 30_000 + turn * HIT
        hit = await connection.fetchrow(rows.COMING, agenda["id"], ids.REASON, ids.HEAD, first, HIT)
        assert hit is not None
        await connection.execute(rows.SETTLE, hit["practitioner_id"])
        ill.append(hit)
    for hit in ill:
        absent = AbsenceIn(practitioner_id=hit["practitioner_id"], start=hit["first"], end=hit["last"], kind="sick")
        declared = await database.run(manager, closing.declare_absence, absent)
        began = time.perf_counter()
        campaign = await database.run(
            manager, campaigns.create, CampaignIn(cause="absence", cause_id=declared.id, send=True)
        )
        spent.append((time.perf_counter() - began) * 1000)
        told = await connection.fetchval("SELECT count(*) FROM campaign_item WHERE campaign_id = $1", campaign.id)
        if told != HIT:
            raise Void(f"a campaign of {told} visits, not {HIT}")
    bench.raw["A1"] = spent
    return [
        Line("A1", f"campaign for {HIT} appointments, times held and told / 2 s", median(spent), 2000.0, "<=1", "ms")
    ]


async def _people(bench: Bench, database: Database, connection: "asyncpg.Connection[asyncpg.Record]") -> list[Line]:
    """New people born when others were; and who may be calling."""
    desk, spent, found = _who("front_desk"), [], []
    births: list[date] = [row["birth_date"] for row in await connection.fetch(rows.BIRTHS, TURNS)]
    for turn, born in enumerate(births):
        somebody = PatientIn(
            birth_family_name=f"Quelqu'un {new_id().hex[-8:]}", birth_given_names="Zoé", birth_date=born,
            contacts=[{"kind": "mobile", "value": f"+3363998{turn:04}"}],  # type: ignore[list-item]  # as it travels
        )  # fmt: skip
        spent.append(await _took(lambda body=somebody: database.run(desk, patients.create, body)))  # type: ignore[misc]
        phone = f"+3363998{turn:04}"
        found.append(await _took(lambda number=phone: database.run(desk, finding.candidates, number)))  # type: ignore[misc]
    bench.raw |= {"A4": spent, "A5": found}
    return [
        Line("A4", f"a new patient judged among {PATIENTS:,} / 50 ms", median(spent), 50.0, "<=1", "ms"),
        Line("A5", f"20 candidates by phone among {PATIENTS:,} / 20 ms", median(found), 20.0, "<=1", "ms"),
    ]


async def _reports(bench: Bench, database: Database) -> list[Line]:
    """A year, by the hardest group of each report."""
    manager = _who("manager")
    today = days.today()
    asked = Asked(from_=today - timedelta(days=365), to=today)
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "activity": lambda: database.read(manager, reports.activity, asked, "practitioner"),
        "missed": lambda: database.read(manager, reports.missed, asked, "reminder"),
        "access": lambda: database.read(manager, reports.access, asked),
    }
    lines = []
    for letter, (name, act) in zip("abc", acts.items(), strict=True):
        spent = [await _took(act) for _ in range(bench.rounds + 1)]
        bench.raw[f"A6{letter}"] = spent
        lines.append(
            Line(f"A6{letter}", f"report {name} of {VISITS:,} visits / 1 s", median(spent), 1000.0, "<=1", "ms")
        )
    return lines
