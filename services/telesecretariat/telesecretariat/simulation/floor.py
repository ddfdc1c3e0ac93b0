"""Staffs simulated lines: each simulated agent signs in by the plan, takes what is offered, talks, writes up.

They use the service as people do, each in her own name; what they may not, they are refused.
"""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import Principal, system
from maillage.refusals import Refusal
from telesecretariat.agents import service as agents
from telesecretariat.agents import sessions
from telesecretariat.agents.schemas import Device, Heartbeat, SessionIn, StateIn
from telesecretariat.dispatch import service as dispatch
from telesecretariat.simulation import queries, service
from telesecretariat.simulation.conversation import Conversation
from telesecretariat.simulation.domain import staffed
from telesecretariat.simulation.practitioners import Practitioners
from telesecretariat.simulation.rows import Simulation

log = structlog.get_logger()
HEARTBEAT_S: Final = 10.0
REACTION_S: Final = 1.0
_LOOKS_EVERY_S: Final = 1.0
_REST_S: Final = 0.015
"""Of the machine's time: many commits at once are looked at once."""
_ASKS_EVERY_S: Final = 0.1
_DRAIN: Final = timedelta(minutes=15)
_GIVEN_UP: Final = timedelta(minutes=45)
"""Nobody is kept in a simulation for so long after its end."""


def principal(simulation: Simulation, agent_id: UUID) -> Principal:
    """The agent as the gateway would tell of her: employed by the provider, acting for the centre."""
    return Principal(
        sub=f"person:{agent_id}",
        kind="professional",
        role="telesecretary",
        org=simulation.provider_id,
        orgs=frozenset({simulation.provider_id, simulation.organisation_id}),
        perms={"call.handle": "d", "instruction.read": "d", "message.act": "d", "opening.read": "p"},
        sid=f"simulated-{agent_id.hex}",
    )


async def staff(database: Database) -> None:
    """Job: has a crew for each simulation that runs, for ever."""
    itself = system(database.settings.SERVICE)
    pulse = asyncio.Event()
    database.on_commit(pulse.set)
    crews: dict[UUID, asyncio.Task[None]] = {}
    try:
        while True:
            for simulation in await database.read(itself, service.running):
                if simulation.id not in crews:
                    crews[simulation.id] = asyncio.create_task(Crew(database, simulation, pulse).run())
            for simulation_id in [each for each, crew in crews.items() if crew.done()]:
                _said(crews.pop(simulation_id))
            await clock.sleep(_LOOKS_EVERY_S)
    finally:
        for crew in crews.values():
            crew.cancel()


def _said(crew: "asyncio.Task[None]") -> None:
    if not crew.cancelled() and (mistake := crew.exception()) is not None:
        log.error("simulated agents stopped", error=type(mistake).__name__, exc_info=mistake)


class Crew:
    """The simulated agents of one simulation, and its end."""

    def __init__(self, database: Database, simulation: Simulation, pulse: asyncio.Event) -> None:
        self._database, self._simulation, self._pulse = database, simulation, pulse
        self._itself = system(database.settings.SERVICE)
        self._zone = ZoneInfo(simulation.time_zone)
        self._desks = {agent_id: new_id() for agent_id in simulation.agent_ids}
        self._beat: dict[UUID, datetime] = {}
        self._busy: dict[UUID, asyncio.Task[None]] = {}
        self._signs: set[asyncio.Task[None]] = set()
        self._talk = Conversation(database, simulation)
        self._asked, self._runs = 0.0, True

    async def run(self) -> None:
        """Until the simulation has ended and everybody has gone home."""
        practitioners = asyncio.create_task(Practitioners(self._database, self._simulation).run())
        try:
            while not await self._looked():
                await self._rest()
        finally:
            for task in (*self._busy.values(), *self._signs, practitioners):
                task.cancel()
        await self._database.run(self._itself, service.relieve, self._simulation.agent_ids)

    async def _rest(self) -> None:
        """Until something happens, a second of the simulated day at most."""
        await asyncio.sleep(_REST_S)
        self._pulse.clear()
        try:
            async with asyncio.timeout(max(_REST_S, self._seconds(_LOOKS_EVERY_S))):
                await self._pulse.wait()
        except TimeoutError:
            return

    def _seconds(self, simulated: float) -> float:
        """Seconds of the machine that a simulated length takes."""
        return self._simulation.pace.seconds(simulated) / clock.rate()

    async def _looked(self) -> bool:
        """Each agent does what she has to do next; True once the simulation is over and all are at home."""
        running = await self._still_runs()
        shown = self._simulation.pace.shown(clock.now())
        wanted = self._wanted(shown) if running else 0
        rows = {row["id"]: row for row in await self._database.read(self._itself, _crew, self._simulation.agent_ids)}
        for place, agent_id in enumerate(self._simulation.agent_ids):
            row = rows.get(agent_id)
            if row is None:
                continue
            if row["presence"] == "online" and self._due(agent_id):
                self._beat[agent_id] = clock.now()
                self._beside(self._beats(agent_id))
            if agent_id not in self._busy:
                self._next(agent_id, row, stays=place < wanted)
        at_home = all(row["presence"] == "offline" for row in rows.values())
        return not running and at_home and not self._busy

    async def _still_runs(self) -> bool:
        """Whether it goes on; its day is done when nobody is left on the line after its end. Looked at ten times a
        second of the machine, at most."""
        if monotonic() - self._asked > _ASKS_EVERY_S:
            self._asked, self._runs = monotonic(), await self._goes_on()
        return self._runs

    async def _goes_on(self) -> bool:
        simulation, shown = self._simulation, self._simulation.pace.shown(clock.now())
        state, busy = await self._database.read(self._itself, _stands, simulation, self._talk.callers)
        if state != "running":
            return False
        over = simulation.shows_until + (timedelta() if simulation.calls else _DRAIN)
        if shown < over or (busy and shown < simulation.shows_until + _GIVEN_UP):
            return True
        await self._database.run(self._itself, service.end, simulation.id, "done")
        return False

    def _wanted(self, shown: datetime) -> int:
        if self._simulation.calls is not None:
            return self._simulation.agents
        return staffed(self._simulation.profile, shown.astimezone(self._zone), self._simulation.agents)

    # --- one agent -------------------------------------------------------------------------------------------------

    def _next(self, agent_id: UUID, row: asyncpg.Record, *, stays: bool) -> None:
        """Begins what she has to do now, if anything."""
        who = principal(self._simulation, agent_id)
        if row["presence"] != "online":
            if stays or row["presence"] == "stale" or row["call_id"] is not None:
                self._do(agent_id, self._sign_in(who, agent_id))
        elif row["offered_call_id"] is not None:
            self._do(agent_id, self._takes(who, row["offered_call_id"]))
        elif row["call_id"] is not None:
            self._with_call(agent_id, who, row)
        elif not stays:
            self._do(agent_id, self._run(who, sessions.close_session))
        elif row["work_state"] == "not_ready" and row["reason"] != "forced":
            self._do(agent_id, self._run(who, agents.wish, StateIn(work_state="ready")))
        elif row["work_state"] == "ready" and row["picks"]:
            self._do(agent_id, self._run(who, dispatch.take_next, self._desks[agent_id]))

    def _with_call(self, agent_id: UUID, who: Principal, row: asyncpg.Record) -> None:
        work = self._talk.next(who, row)
        if work is not None:
            self._do(agent_id, work)

    def _do(self, agent_id: UUID, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(self._done(agent_id, work))
        self._busy[agent_id] = task

    def _beside(self, work: Coroutine[object, object, None]) -> None:
        """Done while everybody goes on with what they do."""
        task = asyncio.create_task(self._tried(work))
        self._signs.add(task)
        task.add_done_callback(self._signs.discard)

    async def _done(self, agent_id: UUID, work: Coroutine[object, object, None]) -> None:
        try:
            await self._tried(work)
        finally:
            self._busy.pop(agent_id, None)
            self._pulse.set()

    async def _tried(self, work: Coroutine[object, object, None]) -> None:
        """A refusal is part of the work: the caller has gone, another was quicker."""
        try:
            await work
        except Refusal as refusal:
            log.info("simulated agent refused", code=refusal.code)
        except Exception:
            log.exception("simulated agent erred")

    async def _run(self, who: Principal, use_case: object, *args: object) -> None:
        await self._database.run(who, use_case, *args)  # type: ignore[arg-type]  # results are of no use to her

    def _due(self, agent_id: UUID) -> bool:
        last = self._beat.get(agent_id)
        return last is None or clock.now() - last > timedelta(seconds=HEARTBEAT_S)

    async def _sign_in(self, who: Principal, agent_id: UUID) -> None:
        address = f"simulated/{agent_id.hex[-8:]}"
        desk = SessionIn(desk_id=self._desks[agent_id], device=Device(kind="phone", address=address), take_over=True)
        await self._database.run(who, sessions.open_session, desk)
        self._beat[agent_id] = clock.now()

    async def _beats(self, agent_id: UUID) -> None:
        """A sign of life, whatever else she does."""
        who = principal(self._simulation, agent_id)
        try:
            await self._database.run(who, sessions.beat, Heartbeat(desk_id=self._desks[agent_id]))
        except Refusal:  # another process had her desk, or the service was away for too long
            await self._sign_in(who, agent_id)

    async def _takes(self, who: Principal, call_id: UUID) -> None:
        await asyncio.sleep(self._seconds(REACTION_S))
        await self._database.run(who, dispatch.claim, call_id, None)


async def _crew(tx: Tx, agent_ids: list[UUID]) -> list[asyncpg.Record]:
    return await tx.fetch(queries.CREW, agent_ids)


async def _stands(tx: Tx, simulation: Simulation, callers: int) -> tuple[str, bool]:
    """Its state, and whether somebody is on the line or has not rung yet."""
    row = await tx.fetchrow(queries.STANDS, simulation.id, simulation.line_id, f"sim.{simulation.id.hex}.%.0")
    return ("stopped", False) if row is None else (row["state"], row["left"] > 0 or row["rang"] < callers)
