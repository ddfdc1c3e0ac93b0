"""Loads: what goes in, when they start, what a release asks for, who may decide."""

from uuid import UUID

from maillage.ids import new_id
from tests.harness.cycles import Line
from tests.harness.plant import Plant


async def test_a_load_is_released(plant: Plant) -> None:
    line, pharmacist = Line(plant), new_id()
    await plant.signatory(pharmacist)
    runs = await line.packed(3)
    load = await line.sterilised(runs)
    answer = await line.decide(load, plant.pharmacist(pharmacist))
    assert answer.status_code == 200, answer.text
    rows = [await plant.row("run", run) for run in runs]
    assert {row["stage"] for row in rows} == {"released"}
