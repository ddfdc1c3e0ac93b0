"""Builders of what recalls and holds reach: loads as they were frozen, uses, packs kept or on the road."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import asyncpg

from cooperation.custody.moving import Subject, move
from cooperation.demand.rows import Allocation, Need, Operation
from cooperation.loads.rows import Load, LoadRun
from cooperation.runs.rows import Content, Run, Use
from cooperation.trace.recording import add, change
from maillage import clock
from maillage.database import Tx
from maillage.ids import new_id
from tests.harness.plant import Plant


async def load_of(
    plant: Plant,
    runs: list[UUID],
    state: Literal["open", "running", "released", "rejected"] = "released",
    *,
    machine: str = "steam",
    started_at: datetime | None = None,
) -> UUID:
    """A load with these runs in it, frozen at its start, whatever they have become."""
    began = started_at or clock.now() - timedelta(hours=5)
    load = Load(
        id=new_id(),
        organisation_id=plant.group,
        created_at=began,
        group_id=plant.group,
        machine_id=plant.machines[machine],
        programme_id=plant.programmes["steam"],
        kind="steam",
        state="open",
        opened_by="person:plant",
    )
    rows = [await plant.row("run", run_id) for run_id in runs]

    async def make(tx: Tx) -> None:
        await add(tx, load, "load.opened")
        for row in rows:
            await add(tx, _inside(load, row, state), "load_run.added")
        if state != "open":
            over = began + timedelta(minutes=70)
            decided = over if state in ("released", "rejected") else None
            after = replace(load, state=state, started_at=began, ends_by=over, started_by="person:plant")
            after = replace(after, cycle_ended_at=decided, decided_at=decided)
            await change(tx, load, after, "load.started")

    await plant.record(make)
    return load.id


def _inside(load: Load, run: asyncpg.Record, state: str) -> LoadRun:
    return LoadRun(
        id=new_id(),
        organisation_id=run["organisation_id"],
        created_at=load.created_at,
        group_id=load.group_id,
        load_id=load.id,
        run_id=run["id"],
        added_by="person:plant",
        frozen=state != "open",
        ended=state in ("released", "rejected"),
    )


async def used_in(plant: Plant, run_id: UUID, operation_ref: str) -> None:
    """A run planted as `used` was used in this operation."""
    row = await plant.row("run", run_id)
    use = Use(
        id=new_id(),
        organisation_id=row["organisation_id"],
        created_at=clock.now(),
        run_id=run_id,
        operation_ref=operation_ref,
        used_at=clock.now(),
    )
    await plant.record(lambda tx: add(tx, use, "use.recorded"))


async def counted_in(plant: Plant, run_id: UUID, instrument_id: UUID, line: int = 1) -> None:
    """This very instrument was counted in this run, on that line of its composition."""
    row = await plant.row("run", run_id)
    content = Content(
        id=new_id(),
        organisation_id=row["organisation_id"],
        created_at=clock.now(),
        run_id=run_id,
        line_id=plant.lines[row["composition_version_id"]][line],
        counted=1,
        instrument_id=instrument_id,
    )
    await plant.record(lambda tx: add(tx, content, "content.counted"))


async def on_the_road(plant: Plant, set_ids: list[UUID]) -> UUID:
    """In a crate in the clean compartment of a van; the crate's id."""
    crate = await plant.crate((await plant.van())["clean"])
    owners = {set_id: (await plant.row("instrument_set", set_id))["organisation_id"] for set_id in set_ids}

    async def load(tx: Tx) -> None:
        for set_id, owner in owners.items():
            await move(tx, Subject("set", set_id, owner, plant.group), crate, tx.now)

    await plant.record(load)
    return crate


async def kept_for(plant: Plant, run_id: UUID, operation_ref: str) -> None:
    """A released run is kept for an operation of tomorrow."""
    row, now = await plant.row("run", run_id), clock.now()
    run, owner = Run.of(row), row["organisation_id"]
    common = {"organisation_id": owner, "created_at": now, "group_id": plant.group}
    operation = Operation(
        id=new_id(),
        operation_ref=operation_ref,
        site_id=plant.sites[owner],
        theatre="1",
        starts_at=now + timedelta(days=1),
        **common,
    )
    composition = (await plant.row("instrument_set", run.set_id))["composition_id"]
    need = Need(
        id=new_id(), operation_id=operation.id, composition_id=composition, quantity=1, state="covered", **common
    )

    kept = Allocation(id=new_id(), need_id=need.id, run_id=run.id, made_by="person:plant", **common)

    async def make(tx: Tx) -> None:
        await add(tx, operation, "operation.planned")
        await add(tx, need, "need.opened")
        await add(tx, kept, "allocation.made")

    await plant.record(make)
