"""Use cases of simulations: begin one, end one, who staffs it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound
from telesecretariat.simulation import queries
from telesecretariat.simulation.errors import LineNotSimulated, SimulationRunning
from telesecretariat.simulation.rows import Simulation
from telesecretariat.simulation.schemas import SimulationIn, SimulationOut, SimulationsOut

_LEAD = timedelta(seconds=20)
"""Agents sign in before the first caller rings."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be shown on a line."""

    line_id: UUID
    day: date
    shows_from: datetime
    shows_until: datetime
    seed: int
    profile: str
    speed: float
    agents: int
    calls: int | None = None
    writes_messages: bool = False
    faults: dict[str, float] = field(default_factory=dict)


async def start(tx: Tx, body: SimulationIn) -> SimulationOut:
    """Begins a simulation. Refused: `LINE_NOT_SIMULATED`, `SIMULATION_RUNNING` 409, `NOT_FOUND` 404."""
    line = await _line(tx, body.line_id)
    zone = ZoneInfo(line["time_zone"])
    day = body.date or tx.now.astimezone(zone).date()
    if body.calls is not None:
        shows_from, shows_until = tx.now, tx.now + timedelta(seconds=1 + 7 * body.calls)
    else:
        shows_from = datetime.combine(day, body.since, zone) - _LEAD
        shows_until = datetime.combine(day, body.until, zone)
    plan = Plan(
        line_id=body.line_id,
        day=day,
        shows_from=shows_from,
        shows_until=shows_until,
        seed=body.seed,
        profile=body.profile,
        speed=body.speed,
        agents=body.agents,
        calls=body.calls,
        faults=body.faults.model_dump(),
    )
    return _out(await begin(tx, plan), tx.now)


async def begin(tx: Tx, plan: Plan) -> Simulation:
    """Begins to show a plan now; agents that are simulated are hired for it."""
    line = await _line(tx, plan.line_id)
    if line["kind"] != "simulated":
        raise LineNotSimulated
    crew = await _hired(tx, line, plan.agents)
    made: object = await tx.fetchval(
        queries.ADD,
        new_id(),
        line["organisation_id"],
        plan.line_id,
        plan.day,
        plan.seed,
        plan.profile,
        plan.speed,
        plan.agents,
        crew,
        plan.calls,
        plan.shows_from,
        plan.shows_until,
        plan.writes_messages,
        plan.faults,
        tx.now,
    )
    if not isinstance(made, UUID):
        raise SimulationRunning
    tx.audit("simulation.start", "simulation", made, line["organisation_id"], agents=plan.agents, seed=plan.seed)
    return await _simulation(tx, made)


async def _hired(tx: Tx, line: asyncpg.Record, wanted: int) -> list[UUID]:
    """Simulated agents of the provider, those that are free first, assigned to the client of the line."""
    provider = line["provider_id"]
    crew: list[UUID] = [row["id"] for row in await tx.fetch(queries.FREE_AGENTS, provider, wanted)]
    while len(crew) < wanted:
        made = new_id()
        address = f"simulated/{made.hex[-8:]}"
        await tx.execute(queries.ADD_AGENT, made, provider, f"simulation {len(crew) + 1}", address, tx.now)
        crew.append(made)
    for agent_id in crew:
        await tx.execute(queries.ASSIGN, new_id(), line["organisation_id"], line["client_id"], agent_id, tx.now)
    return crew


async def stop(tx: Tx, simulation_id: UUID) -> None:
    """No caller rings any more; agents finish what they have. Ended already: nothing happens. Refused: `NOT_FOUND`."""
    simulation = await _simulation(tx, simulation_id)
    await end(tx, simulation.id, "stopped")
    tx.audit("simulation.stop", "simulation", simulation_id, simulation.organisation_id)


async def end(tx: Tx, simulation_id: UUID, state: str) -> None:
    """Marks it ended: done when its day is over."""
    await tx.fetchval(queries.END, simulation_id, state, tx.now)


async def relieve(tx: Tx, agent_ids: list[UUID]) -> None:
    """Simulated agents who have signed out answer for nobody."""
    await tx.execute(queries.RELIEVE, agent_ids, tx.now)


async def of_line(tx: Tx, line_id: UUID) -> SimulationsOut:
    """The simulations of a line. Refused: `NOT_FOUND` for a line out of reach."""
    await _line(tx, line_id)
    rows = await tx.fetch(queries.LATEST, line_id)
    return SimulationsOut(items=[_out(Simulation.of(row), tx.now) for row in rows])


async def running(tx: Tx) -> list[Simulation]:
    """All that run."""
    return [Simulation.of(row) for row in await tx.fetch(queries.RUNNING)]


async def on_adapter(tx: Tx, adapter_id: str) -> list[Simulation]:
    """Those of one simulated telephone system that run."""
    return [Simulation.of(row) for row in await tx.fetch(queries.ON_ADAPTER, adapter_id)]


async def _line(tx: Tx, line_id: UUID) -> asyncpg.Record:
    row = await tx.fetchrow(queries.LINE, line_id)
    if row is None:
        raise NotFound
    return row


async def _simulation(tx: Tx, simulation_id: UUID) -> Simulation:
    row = await tx.fetchrow(queries.ONE, simulation_id)
    if row is None:
        raise NotFound
    return Simulation.of(row)


def _out(simulation: Simulation, at: datetime) -> SimulationOut:
    return SimulationOut(
        id=simulation.id,
        line_id=simulation.line_id,
        day=simulation.day,
        seed=simulation.seed,
        profile=simulation.profile,
        speed=simulation.speed,
        agents=simulation.agents,
        calls=simulation.calls,
        state=simulation.state,
        began_at=simulation.began_at,
        ended_at=simulation.ended_at,
        shown=simulation.pace.shown(at) if simulation.state == "running" else None,
    )
