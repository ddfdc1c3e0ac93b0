"""The trace: rows are its entries, folded; its entries stand in the audit's chain; nothing rewrites it."""

import asyncpg
import pytest

from tests.harness.plant import Plant


async def test_a_row_is_its_entries_folded(plant: Plant) -> None:
    run_id = await plant.run(await plant.set(), "released")
    entry = await plant.connection.fetchrow("SELECT * FROM trace_entry WHERE subject_id = $1", run_id)
    assert entry is not None
    assert (entry["kind"], entry["subject_version"]) == ("run.planted", 1)
    folded = await plant.connection.fetchrow(
        "SELECT (jsonb_populate_record(NULL::run, r)).* FROM ("
        " SELECT jsonb_fold(data->'row' ORDER BY seq) AS r FROM trace_entry WHERE subject_id = $1) folded",
        run_id,
    )
    assert folded == await plant.row("run", run_id)
    digest = await plant.connection.fetchval("SELECT facts FROM kit.audit WHERE record_id = $1", run_id)
    assert entry["digest"].hex() in digest


async def test_no_entry_is_rewritten(plant: Plant) -> None:
    run_id = await plant.run(await plant.set(), "released")
    with pytest.raises(asyncpg.RaiseError, match="written once"):
        await plant.connection.execute("UPDATE trace_entry SET kind = 'x' WHERE subject_id = $1", run_id)
    with pytest.raises(asyncpg.RaiseError, match="written once"):
        await plant.connection.execute("DELETE FROM trace_entry")
