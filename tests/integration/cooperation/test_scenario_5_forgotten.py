"""Scenario 5. Forgotten set: added to a running load, then to the released one: refused twice; it goes in the next."""

from uuid import UUID

import pytest

from maillage.ids import new_id
from tests.harness.cycles import Line
from tests.harness.plant import Plant

pytestmark = pytest.mark.gated
"""Every request goes in by the gateway: the rows of bad input are shown there."""


async def test_a_forgotten_set_goes_in_the_next_load(plant: Plant) -> None:
    line, pharmacist = Line(plant), plant.pharmacist(new_id())
    assert pharmacist.person_id is not None
    await plant.signatory(pharmacist.person_id)
    *loaded, forgotten = await line.packed(3)
    load = await line.started(loaded)

    answer = await line.call(line.operator, "POST", f"/loads/{load}/runs", {"run_id": str(forgotten)})
    assert (answer.status_code, answer.json()["code"]) == (409, "LOAD_STARTED")
    answer = await line.call(line.operator, "DELETE", f"/loads/{load}/runs/{loaded[0]}")
    assert (answer.status_code, answer.json()["code"]) == (409, "LOAD_STARTED")

    await line.recorded(load)
    await line.looked_at(load, loaded)
    await line.read(load)
    answer = await line.decide(load, pharmacist)
    assert answer.status_code == 200, answer.text
    answer = await line.call(line.operator, "POST", f"/loads/{load}/runs", {"run_id": str(forgotten)})
    assert (answer.status_code, answer.json()["code"], answer.json()["outcome"]) == (409, "DECISION_FINAL", "released")
    inside = await plant.connection.fetch("SELECT run_id FROM load_run WHERE load_id = $1", load)
    assert {row["run_id"] for row in inside} == set(loaded)

    # It was never in it, so it is not released with it.
    left = await plant.row("run", forgotten)
    assert (left["stage"], left["load_id"], left["sterile_on"]) == ("packed", None, None)
    following = await line.sterilised([forgotten])
    assert (await line.decide(following, pharmacist)).status_code == 200
    row = await plant.row("run", forgotten)
    assert (row["stage"], row["load_id"]) == ("released", UUID(str(following)))
