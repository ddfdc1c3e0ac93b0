"""Invariant C3: a recall lists every run ever in its scope, and every operation that used one, whatever came after."""

import random
from uuid import UUID

import pytest

from contracts.cooperation import RunStage
from maillage.ids import new_id
from tests.harness.acts import post
from tests.harness.plant import Plant
from tests.harness.recalled import load_of, used_in


class History:
    """Sets that turn several times, through loads that any of their runs may be in, more than once."""

    def __init__(self, plant: Plant, seed: int) -> None:
        self.plant = plant
        self.chance = random.Random(seed)
        self.loads: dict[UUID, set[UUID]] = {}
        self.uses: dict[UUID, tuple[UUID, str]] = {}

    async def happen(self) -> None:
        plant, chance = self.plant, self.chance
        runs: list[UUID] = []
        for number in range(8):
            owner = chance.choice(plant.members)
            set_id = await plant.set(owner)
            for turn in range(chance.randint(1, 3)):
                ended: RunStage = chance.choice(["used", "aborted"])
                run = await plant.run(set_id, ended)
                runs.append(run)
                if ended == "used":
                    self.uses[run] = (owner, f"OP-{number}-{turn % 2}")
                    await used_in(plant, run, self.uses[run][1])
            if chance.random() < 0.7:
                live: RunStage = chance.choice(["received", "packed", "sterilising", "released"])
                runs.append(await plant.run(set_id, live))
        for _ in range(6):
            inside = chance.sample(runs, chance.randint(1, 7))
            self.loads[await load_of(plant, inside)] = set(inside)

    def expected(self, loads: list[UUID]) -> tuple[set[UUID], int]:
        runs = set().union(*(self.loads[load] for load in loads))
        return runs, len({self.uses[run] for run in runs if run in self.uses})


@pytest.mark.parametrize("seed", [6, 14])
async def test_lines_are_the_frozen_membership(plant: Plant, seed: int) -> None:
    history = History(plant, seed)
    await history.happen()
    async with plant.http(plant.pharmacist(new_id())) as pharmacist:
        for _ in range(5):
            loads = history.chance.sample(list(history.loads), history.chance.randint(1, 3))
            runs, operations = history.expected(loads)
            body = {"cause": "drawn by lot", "scope": {"loads": [str(load) for load in loads]}}
            preview = await post(pharmacist, "recalls", 200, **body, preview=True)
            recall = await post(pharmacist, "recalls", 201, **body)
            assert {name: preview[name] for name in ("lines", "by_state", "operations", "members")} == {
                name: recall[name] for name in ("lines", "by_state", "operations", "members")
            }
            listed = await plant.connection.fetch(
                "SELECT subject_id, operation_ref FROM recall_line WHERE recall_id = $1::uuid", recall["id"]
            )
            assert {row["subject_id"] for row in listed} == runs
            assert recall["operations"] == operations
            assert {row["subject_id"] for row in listed if row["operation_ref"]} == runs & set(history.uses)
