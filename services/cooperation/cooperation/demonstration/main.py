"""`maillage demo sterilisation`: plays a day of five hospitals and their plant, and judges it."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time as machine
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from cooperation.demo.loading import BEGAN, GROUP, PHARMACIST, build
from cooperation.demonstration import queries, report
from cooperation.demonstration.floor import AGENTS, CLERK, Floor
from cooperation.demonstration.plant import STERILISERS, WASHERS, Plant
from cooperation.demonstration.roads import LEAVES, Roads
from cooperation.settings import CooperationSettings
from maillage import clock
from maillage.database import Database, Tx
from maillage.doctor import Finding, check_invariants
from maillage.stage import Stage

SERVICE = CooperationSettings.SERVICE
ZONE = ZoneInfo("Europe/Paris")
BEGINS = time(5, 0)
_SAYS_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    seed: int
    speed: float
    hours: float
    day: date
    keep: Path | None


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 when every invariant held, 1 when one was broken."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers end with it
    with tempfile.TemporaryDirectory(prefix="maillage-demo-", ignore_cleanup_errors=True) as directory:
        try:
            with Stage(CooperationSettings, options.keep or Path(directory), options.speed) as stage:
                return asyncio.run(_shown(options, stage))
        except KeyboardInterrupt:
            return 130


def _options(arguments: Sequence[str]) -> Options:
    told = "A day of five hospitals and their sterilisation, simulated and judged."
    parser = argparse.ArgumentParser(prog="maillage demo sterilisation", description=told)
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same sets and mistakes (7)")
    parser.add_argument("--speed", type=float, default=600, help="seconds of the day in one second, 1 to 1200 (600)")
    parser.add_argument("--hours", type=float, default=19, help="from five in the morning on (19)")
    parser.add_argument("--date", type=date.fromisoformat, default=date(2026, 11, 23), help="2026-11-23, a Monday")
    parser.add_argument("--keep", type=Path, help="an empty directory in which servers' files and logs are kept")
    given = parser.parse_args(arguments)
    if not 1 <= given.speed <= 1200:
        parser.error("--speed is from 1 to 1200")
    return Options(given.seed, given.speed, given.hours, given.date, given.keep)


async def _shown(options: Options, stage: Stage[CooperationSettings]) -> int:
    began = machine.monotonic()
    opens = datetime.combine(options.day, BEGINS, ZONE)
    await stage.build()
    stage.begin(opens)
    database = Database(stage.settings())
    await database.open()
    try:
        await database.run(CLERK, build)
        await database.run(CLERK, _staff)
        floor = Floor(database, options.seed, opens + timedelta(hours=options.hours))
        _say(f"seed {options.seed}, {opens:%A %d %B %Y} from {opens:%H:%M}, speed {options.speed:g}")
        await _day(floor, stage)
        findings = await _judged(stage)
        _say("\n".join(["", *await report.lines(floor), "", *report.verdicts(findings)]))
    finally:
        await database.close()
    sound = _sound(findings)
    _say(f"\n{'every invariant held' if sound else 'AN INVARIANT IS BROKEN'}; {machine.monotonic() - began:.0f} s")
    return 0 if sound else 1


async def _staff(tx: Tx) -> None:
    """What the gateway would have told of who works here."""
    for role, people in (("sterilisation_releaser", [PHARMACIST]), ("sterilisation_agent", _agents())):
        for who in people:
            await tx.execute(queries.MEMBERSHIP, uuid5(who, role), GROUP, who, role, BEGAN)


def _agents() -> list[UUID]:
    return [UUID(agent.sub.removeprefix("person:")) for agent in AGENTS]


async def _day(floor: Floor, stage: Stage[CooperationSettings]) -> None:
    plant = Plant(floor, await floor.rows(queries.PROGRAMMES))
    roads = Roads(floor, await floor.rows(queries.SETS))
    _say(f"{len(roads.sets)} sets of five hospitals")
    await plant.open_day()
    async with asyncio.TaskGroup() as everybody:
        for line in (*WASHERS, *STERILISERS):
            everybody.create_task(plant.run_machine(line))
        for _ in range(4):
            everybody.create_task(plant.recompose())
        everybody.create_task(plant.sign())
        for after, row in roads.waves():
            everybody.create_task(roads.comes_out(after, row))
        for after in LEAVES:
            everybody.create_task(roads.drive(after))
        for number in range(5):
            everybody.create_task(roads.operate(number))
        everybody.create_task(_tell(floor, stage))


async def _tell(floor: Floor, stage: Stage[CooperationSettings]) -> None:
    """Says where the day is."""
    while not floor.over:
        await asyncio.sleep(_SAYS_EVERY_S)
        stage.refuse_dead()
        (day,) = await floor.rows(queries.COUNTS)
        _say(
            f"{clock.now().astimezone(ZONE):%H:%M}  washes {day['washed']}, loads released {day['released']},"
            f" packs used {day['used']}, refused {sum(floor.refused.values())}"
        )


async def _judged(stage: Stage[CooperationSettings]) -> list[Finding]:
    """Every invariant, once the worker has had a moment for what it still owes."""
    findings = await check_invariants(stage.url_with_clock(), SERVICE, SERVICE)
    for _ in range(4):
        if _sound(findings):
            break
        await asyncio.sleep(1)
        findings = await check_invariants(stage.url_with_clock(), SERVICE, SERVICE)
    return findings


def _sound(findings: list[Finding]) -> bool:
    return all(each.state == "ok" for each in findings)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
