"""What a decision does to the load and to each run in it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Literal
from uuid import UUID

from contracts.cooperation import LoadDecided
from cooperation.loads import evidence, queries
from cooperation.loads.acts import DURING, inside
from cooperation.loads.rows import Load, LoadRun
from cooperation.members.parameters import Group
from cooperation.runs.acts import abort
from cooperation.runs.changing import all_locked, happen
from cooperation.runs.rows import Run
from cooperation.runs.shelf import expiry
from cooperation.trace.recording import change
from maillage.database import Tx

Outcome = Literal["release", "reject"]


async def carry_out(tx: Tx, load: Load, outcome: Outcome, known: evidence.Known, within: Group) -> Load:
    """The load is decided, each run goes on or ends, and everybody concerned is told of his own."""
    state: Literal["released", "rejected"] = "released" if outcome == "release" else "rejected"
    facts = {"evidence_hash": evidence.hash_of(known)}
    decided = await change(tx, load, replace(load, state=state, decided_at=tx.now), f"load.{state}", facts=facts)
    packs = {each.run_id: each for each in await inside(tx, load)}
    runs = await all_locked(tx, list(packs))
    days = await _shelf_days(tx, runs)
    for run in runs:
        pack = packs[run.id]
        await change(tx, pack, replace(pack, ended=True), "load_run.ended")
        if run.stage == DURING[load.kind]:
            await _go_on(tx, run, pack, decided, within, days)
    _tell(tx, decided, outcome, runs)
    return decided


async def _go_on(tx: Tx, run: Run, pack: LoadRun, load: Load, within: Group, days: dict[UUID, int]) -> None:
    if load.kind == "washing":
        await _washed(tx, run, load, clean=load.state == "released" and pack.clean is True)
    elif load.state == "rejected":
        await abort(tx, run, "load_rejected", tx.now, next_stage="received")
    elif not (pack.intact and pack.dry):
        await abort(tx, run, "wet" if pack.intact else "not_intact", tx.now, next_stage="received")
    else:
        assert load.cycle_ended_at is not None
        assert run.packaging_id is not None
        await _released(tx, run, load, within.day(load.cycle_ended_at), days[run.packaging_id])


async def _released(tx: Tx, run: Run, load: Load, sterile_on: date, shelf_days: int) -> None:
    dated = replace(
        run, stage="released", sterile_on=sterile_on, expires_on=expiry(shelf_days, sterile_on), released_at=tx.now
    )
    await happen(tx, run, dated, "run.released", tx.now, facts={"load_id": load.id})


async def _washed(tx: Tx, run: Run, load: Load, *, clean: bool) -> None:
    """Clean, from a conform wash: on; else washed again."""
    facts = {"load_id": load.id}
    if clean:
        await happen(tx, run, replace(run, stage="washed", washes=run.washes + 1), "run.washed", tx.now, facts=facts)
        return
    again = replace(run, stage="received", rewash_count=run.rewash_count + 1)
    await happen(tx, run, again, "run.wash_refused", tx.now, facts=facts)


async def _shelf_days(tx: Tx, runs: list[Run]) -> dict[UUID, int]:
    wanted = list({run.packaging_id for run in runs if run.packaging_id is not None})
    return {row["id"]: row["shelf_days"] for row in await tx.fetch(queries.SHELF_DAYS, wanted)}


def _tell(tx: Tx, load: Load, outcome: Outcome, runs: list[Run]) -> None:
    """The group of all runs, each member of its own."""
    owned: dict[UUID, list[UUID]] = defaultdict(list)
    for run in runs:
        owned[run.organisation_id].append(run.id)
    owned[load.organisation_id] = [run.id for run in runs]
    for organisation_id, run_ids in owned.items():
        told = LoadDecided(
            load_id=load.id,
            machine_id=load.machine_id,
            cycle_no=load.cycle_no,
            outcome=outcome,
            run_ids=run_ids,
            at=tx.now,
        )
        tx.emit(told, organisation_id)
