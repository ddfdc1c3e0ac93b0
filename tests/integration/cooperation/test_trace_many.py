"""Many rows in one statement: the same rows, entries and audit as one by one."""

from dataclasses import replace
from uuid import UUID

import pytest

from cooperation.runs.changing import all_locked, happen_to_all
from cooperation.runs.rows import Run
from cooperation.trace.reading import entries
from cooperation.trace.recording import add, add_many, change, change_many
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import WrongState
from tests.harness.plant import Plant


async def made(plant: Plant, count: int) -> list[Run]:
    """Runs that are not written yet, each of its own set."""
    one = Run.of(await plant.row("run", await plant.run(await plant.set(), "packed")))
    return [
        replace(one, id=new_id(), set_id=await plant.set(), label=plant.label(), rewash_count=number, gaps=[{"a": 1.5}])
        for number in range(count)
    ]


async def seen(plant: Plant, runs: list[Run]) -> list[object]:
    """What is to be seen of the runs afterwards, but for ids and what an id is hashed into."""
    found: list[object] = []
    for run in runs:
        row = dict(await plant.row("run", run.id))
        told = await plant.connection.fetch("SELECT * FROM trace_entry WHERE subject_id = $1 ORDER BY seq", run.id)
        audit = await plant.connection.fetch("SELECT * FROM kit.audit WHERE record_id = $1 ORDER BY id", run.id)
        own = ("id", "seq", "digest", "subject_id", "recorded_at", "occurred_at", "data")
        found.append([
            {name: value for name, value in row.items() if name not in ("id", "set_id", "label")},
            [{name: value for name, value in entry.items() if name not in own} for entry in told],
            [sorted(entry["data"]["row"]) for entry in told],
            [(entry["data"]["facts"], entry["data"]["row"].get("rewash_count")) for entry in told],
            [(line["action"], line["organisation_id"], line["record"]) for line in audit],
            [f'"sha256":"{entry["digest"].hex()}"' in line["facts"] for entry, line in zip(told, audit, strict=True)],
        ])  # fmt: skip
    return found


async def test_many_at_once_leave_what_one_by_one_leaves(plant: Plant) -> None:
    runs = await made(plant, 6)
    singly = runs[:3]
    together = [replace(run, rewash_count=number) for number, run in enumerate(runs[3:])]
    load = new_id()

    def later(run: Run) -> Run:
        return replace(run, stage="sterilising", load_id=load, rewash_count=run.rewash_count + 2)

    async def one_by_one(tx: Tx) -> None:
        for run in singly:
            await change(tx, await add(tx, run, "run.planted"), later(run), "run.loaded", facts={"load_id": load})

    async def at_once(tx: Tx) -> None:
        added = await add_many(tx, together, "run.planted")
        changed = await change_many(tx, [(run, later(run)) for run in added], "run.loaded", facts={"load_id": load})
        assert [run.version for run in changed] == [2, 2, 2]
        told = await entries(tx, [run.id for run in together])
        assert [entry.subject_id for entry in told] == [run.id for run in together] * 2

    await plant.record(one_by_one)
    await plant.record(at_once)
    assert await seen(plant, singly) == await seen(plant, together)


async def test_one_that_another_has_changed_stops_them_all(plant: Plant) -> None:
    runs = await made(plant, 2)

    async def stale(tx: Tx) -> None:
        first, second = await add_many(tx, runs, "run.planted")
        await change(tx, first, replace(first, rewash_count=9), "run.touched")
        await change_many(tx, [(run, replace(run, rewash_count=5)) for run in (first, second)], "run.touched")

    with pytest.raises(WrongState):
        await plant.record(stale)
    ids: list[UUID] = [run.id for run in runs]
    assert await plant.connection.fetchval("SELECT count(*) FROM trace_entry WHERE subject_id = ANY ($1)", ids) == 0


async def test_one_act_on_many_runs_tells_of_each(plant: Plant) -> None:
    runs = [await plant.run(await plant.set(member), "packed") for member in plant.members[:2]]

    async def act(tx: Tx) -> None:
        locked = await all_locked(tx, runs)
        changes = [(run, replace(run, stage="aborted", end_reason="torn")) for run in locked]
        await happen_to_all(tx, changes, "run.aborted", tx.now)

    await plant.record(act)
    told = await plant.connection.fetch(
        "SELECT subject_id, organisation_id, payload::jsonb AS said FROM kit.outbox"
        " WHERE subject_id = ANY ($1) ORDER BY subject_id",
        runs,
    )
    assert [(event["subject_id"], event["said"]["before"], event["said"]["reason"]) for event in told] == [
        (run, "packed", "torn") for run in sorted(runs)
    ]
    assert {event["organisation_id"] for event in told} == set(plant.members[:2])
    assert all([(await plant.row("run", run))["ended_at"] for run in runs])
