"""What an operator asks: is the trace what was written, are the rows what it says; and its months are made ahead."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from cooperation.command import main
from cooperation.runs.changing import happen, locked
from cooperation.trace.partitions import make_ahead
from cooperation.trace.verifying import traced
from maillage import audit, clock
from maillage.database import Tx
from maillage.ids import new_id
from maillage.principal import system
from tests.harness.plant import Plant

ALTER = "ALTER TABLE trace_entry {} TRIGGER append_only"


async def asked(
    plant: Plant, act: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, list[str]]:
    """Exit status of `maillage cooperation <act>`, and what it prints."""
    assert plant.running is not None
    monkeypatch.setenv("MAILLAGE_COOPERATION_POSTGRES_URL", plant.running.database_url)
    status = await asyncio.to_thread(main, [act])
    return status, capsys.readouterr().out.splitlines()


async def test_what_was_altered_removed_or_slipped_in_is_named(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [await plant.run(await plant.set(), "released") for _ in range(4)]
    await plant.record(audit.seal)
    assert (await asked(plant, "verify", capsys, monkeypatch))[0] == 0
    entries = [await _entry(plant, run) for run in runs]
    for state in ("DISABLE", "ENABLE"):
        await plant.connection.execute(ALTER.format(state))
        if state == "DISABLE":
            await plant.connection.execute("UPDATE trace_entry SET actor = 'x' WHERE id = $1", entries[0])
            await plant.connection.execute("DELETE FROM trace_entry WHERE id = $1", entries[1])
            await plant.connection.execute(
                "UPDATE trace_entry SET digest = sha256('x'), data = '{}' WHERE id = $1", entries[3]
            )
    slipped = new_id()
    await plant.connection.execute(
        "INSERT INTO trace_entry (id, organisation_id, kind, subject_kind, subject_id, subject_version, occurred_at,"
        " recorded_at, actor, data, digest) SELECT $2, organisation_id, kind, subject_kind, subject_id, 2, occurred_at,"
        " recorded_at, actor, '{}', digest FROM trace_entry WHERE id = $1", entries[2], slipped,
    )  # fmt: skip
    status, said = await asked(plant, "verify", capsys, monkeypatch)
    assert status == 1
    assert sorted(said[:-1]) == sorted(
        f"cooperation: entry {entry} of {run} {why}"
        for entry, run, why in (
            (entries[0], runs[0], "was altered"), (entries[1], runs[1], "is gone"),
            (slipped, runs[2], "was altered"), (entries[3], runs[3], "was altered"),
        )
    )  # fmt: skip
    await plant.connection.execute("ALTER TABLE kit.audit DISABLE TRIGGER append_only")
    await plant.connection.execute("UPDATE kit.audit SET actor = 'x' WHERE record_id = $1", runs[2])
    status, said = await asked(plant, "verify", capsys, monkeypatch)
    assert "the row was changed" in said[-2]


async def _entry(plant: Plant, run_id: UUID) -> UUID:
    found: UUID = await plant.connection.fetchval("SELECT id FROM trace_entry WHERE subject_id = $1", run_id)
    return found


async def test_rows_are_folded_anew_and_compared(
    plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [await plant.run(await plant.set(), "released") for _ in range(3)]
    status, said = await asked(plant, "rebuild", capsys, monkeypatch)
    assert (status, said[-1].partition(",")[2]) == (0, " nothing wrong")
    copy = new_id()
    do = plant.connection.execute
    await do("UPDATE run SET expires_on = expires_on + 1, washes = 7 WHERE id = $1", runs[0])
    await do("DELETE FROM run WHERE id = $1", runs[1])
    await do(
        "INSERT INTO run (id, organisation_id, group_id, set_id, composition_version_id, stage, stage_since, ended_at,"
        " created_at) SELECT $2, organisation_id, group_id, set_id, composition_version_id, 'used', now(), now(), now()"
        " FROM run WHERE id = $1", runs[2], copy,
    )  # fmt: skip
    status, said = await asked(plant, "rebuild", capsys, monkeypatch)
    assert status == 1
    assert sorted(said[:-1]) == sorted([
        f"cooperation: run {runs[0]} is not what its trace says: expires_on, washes",
        f"cooperation: run {runs[1]} is in the trace and has no row",
        f"cooperation: run {copy} has a row and no trace",
    ])  # fmt: skip


def test_every_traced_table_is_looked_at() -> None:
    assert {kind.TABLE for kind in traced()} >= {
        "run",
        "run_content",
        "custody",
        "load",
        "load_run",
        "machine",
        "issue",
    }
    assert len({kind.KIND for kind in traced()}) == len(traced())


async def test_months_are_made_ahead_and_take_over_what_was_written_before(plant: Plant) -> None:
    later = datetime(2031, 12, 5, tzinfo=UTC)
    run_id = await plant.run(await plant.set(), "released")
    assert plant.running is not None

    async def at(now: datetime, work: object) -> None:
        async with plant.connection.transaction():
            tx = Tx(plant.connection, system("cooperation"), now, plant.running.settings)  # type: ignore[arg-type,union-attr]
            await work(tx)  # type: ignore[operator]
            await tx.finish()

    async def act(tx: Tx) -> None:
        run = await locked(tx, run_id)
        await happen(tx, run, replace(run, stage="used"), "run.used", tx.now)

    await at(later, act)
    homes = "SELECT tableoid::regclass::text FROM trace_entry WHERE subject_id = $1 ORDER BY seq"
    this = f"trace_entry_{clock.now():%Y_%m}"
    assert [row[0] for row in await plant.connection.fetch(homes, run_id)] == [this, "trace_entry_default"]
    for now in (later, later, later + timedelta(days=31)):
        await at(now, make_ahead)
    assert [row[0] for row in await plant.connection.fetch(homes, run_id)] == [this, "trace_entry_2031_12"]
    made = await plant.connection.fetch(
        "SELECT relname, relforcerowsecurity, (SELECT count(*) FROM pg_trigger t"
        " WHERE t.tgrelid = c.oid AND tgenabled = 'O' AND tgname LIKE 'append_only%') FROM pg_class c"
        " WHERE relname ~ '^trace_entry_(203|default)' AND relkind = 'r' ORDER BY relname COLLATE \"C\""
    )
    names = ["2031_12", "2032_01", "2032_02", "2032_03", "default"]
    assert [tuple(row) for row in made] == [(f"trace_entry_{name}", True, 2) for name in names]
