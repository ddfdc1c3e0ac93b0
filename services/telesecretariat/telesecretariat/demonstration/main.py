"""`maillage demo calls`: replays a day with simulated callers and agents, and judges it."""

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
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage import clock
from maillage.database import Database, Tx
from maillage.doctor import Finding, check_invariants
from maillage.ids import new_token
from maillage.principal import system
from maillage.stage import Stage
from telesecretariat.demonstration import planting, queries, report
from telesecretariat.settings import TelesecretariatSettings
from telesecretariat.simulation import service
from telesecretariat.simulation.domain import PROFILES
from telesecretariat.simulation.rows import Simulation

SERVICE = TelesecretariatSettings.SERVICE
Day = Stage[TelesecretariatSettings]
_WHO = system(SERVICE)
LEAD = timedelta(minutes=5)
DISPATCH_S = 2.0
MACHINE_S = 0.15
"""A clock that runs faster makes a day shorter and no transaction: what a dispatch may take of the machine's own time
at least, whatever that is of the day."""
STEPS_S = (2, 5, 10, 20)
_SAYS_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    seed: int
    speed: float
    agents: int
    day: date
    since: time
    until: time
    profile: str
    dispatch_s: float
    keep: Path | None


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 when every invariant held, 1 when one was broken."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers end with it
    with tempfile.TemporaryDirectory(prefix="maillage-demo-", ignore_cleanup_errors=True) as directory:
        try:
            place = options.keep or Path(directory)
            with Stage(TelesecretariatSettings, place, options.speed, key=new_token()) as stage:
                return asyncio.run(_shown(options, stage))
        except KeyboardInterrupt:
            return 130


def _options(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="maillage demo calls", description="A day of calls, simulated and judged.")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same callers (7)")
    parser.add_argument("--speed", type=float, default=60, help="seconds of the day in one second, 1 to 600 (60)")
    parser.add_argument("--agents", type=int, default=8, help="simulated agents at most (8)")
    parser.add_argument("--date", type=date.fromisoformat, default=date(2026, 11, 23), help="2026-11-23, a Monday")
    parser.add_argument("--hours", default="8-20", help="only these hours of it, such as 8-10")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="ordinary")
    parser.add_argument("--dispatch", type=float, help="seconds that a call may wait beside a ready agent")
    parser.add_argument("--keep", type=Path, help="an empty directory in which servers' files and logs are kept")
    given = parser.parse_args(arguments)
    if not 1 <= given.speed <= 600:
        parser.error("--speed is from 1 to 600")
    first, _, last = given.hours.partition("-")
    allowed = max(DISPATCH_S, MACHINE_S * given.speed)
    return Options(
        seed=given.seed,
        speed=given.speed,
        agents=given.agents,
        day=given.date,
        since=time(int(first)),
        until=time(int(last)),
        profile=given.profile,
        dispatch_s=given.dispatch or allowed,
        keep=given.keep,
    )


async def _shown(options: Options, stage: Day) -> int:
    began = machine.monotonic()
    zone = ZoneInfo(planting.ZONE)
    opens = datetime.combine(options.day, options.since, zone)
    await stage.build()
    stage.begin(opens - LEAD)
    database = Database(stage.settings())
    await database.open()
    try:
        planted = await database.run(_WHO, planting.plant)
        simulation = await database.run(_WHO, _begin, options, planted)
        callers = list(simulation.callers())
        past = await database.run(_WHO, planting.plant_repeat_callers, planted, callers)
        _say(f"seed {options.seed}, {opens:%A %d %B %Y}, {options.agents} agents at most, speed {options.speed:g}")
        _say(f"{len(callers)} people will call of their own accord; {past} of them gave up three times before")
        await _until_over(database, simulation, stage, zone)
        findings = await _judged(stage, options)
        beside = [(step, await _waited_beside(stage, step)) for step in STEPS_S]
        day = await database.run(_WHO, report.counted, planted.line_id, opens - LEAD)
    finally:
        await database.close()
    said = [*report.lines(day), report.dispatched(beside, options.dispatch_s, options.speed)]
    _say("\n".join(["", *said, "", *report.verdicts(findings)]))
    sound = day.adds_up and all(each.state == "ok" for each in findings)
    if not day.adds_up:
        _say(f"BROKEN   received {day.calls['received']}, told by the telephone system {day.told}: they must be equal")
    _say(f"\n{'every invariant held' if sound else 'AN INVARIANT IS BROKEN'}; {machine.monotonic() - began:.0f} s")
    return 0 if sound else 1


async def _begin(tx: Tx, options: Options, planted: planting.Planted) -> Simulation:
    zone = ZoneInfo(planting.ZONE)
    plan = service.Plan(
        line_id=planted.line_id,
        day=options.day,
        shows_from=tx.now,
        shows_until=datetime.combine(options.day, options.until, zone),
        seed=options.seed,
        profile=options.profile,
        speed=options.speed,
        agents=options.agents,
        writes_messages=True,
    )
    return await service.begin(tx, plan)


async def _until_over(database: Database, simulation: Simulation, stage: Day, zone: ZoneInfo) -> None:
    """Says where the day is, until it is over and everybody has gone home."""
    said = machine.monotonic()
    while not await database.run(_WHO, _over, simulation.id):
        stage.refuse_dead()
        await asyncio.sleep(0.2)
        if machine.monotonic() - said > _SAYS_EVERY_S:
            said = machine.monotonic()
            day = await database.run(_WHO, report.counted, simulation.line_id, simulation.shows_from)
            _say(
                f"{clock.now().astimezone(zone):%H:%M}  received {day.calls['received']},"
                f" answered {day.calls['answered']}, abandoned {day.calls['abandoned']}"
            )


async def _over(tx: Tx, simulation_id: UUID) -> bool:
    state, at_work = await tx.fetchval(queries.STATE, simulation_id), await tx.fetchval(queries.AT_WORK)
    return state != "running" and at_work == 0


async def _judged(stage: Day, options: Options) -> list[Finding]:
    """Every invariant, once the worker has had a moment for what it still owes."""
    url = stage.url_with_clock(**{"maillage.dispatch_s": str(options.dispatch_s)})
    findings = await check_invariants(url, SERVICE, SERVICE)
    for _ in range(3):
        if all(each.state == "ok" for each in findings):
            break
        await asyncio.sleep(1)
        findings = await check_invariants(url, SERVICE, SERVICE)
    return findings


async def _waited_beside(stage: Day, seconds: int) -> int:
    """How often a call waited so long beside an agent who was ready for it, or was overtaken."""
    url = stage.url_with_clock(**{"maillage.dispatch_s": str(seconds)})
    (finding,) = await check_invariants(url, SERVICE, SERVICE, ["telesecretariat.3"])
    return finding.count


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
