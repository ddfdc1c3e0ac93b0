"""Scenario 3. Plateau: 134.5 °C, but 133.6 °C for 20 s at minute 11 of 18. F0 is 392.4 min, above the 350.97 min of a
whole plateau, yet there is no unbroken 18 min: not conform, for anyone; 18 runs are aborted."""

import pytest

from maillage.ids import new_id
from tests.harness.cycles import Line, dipped, plateau
from tests.harness.plant import Plant


async def test_a_broken_plateau_is_released_by_nobody(plant: Plant) -> None:
    line, pharmacist = Line(plant), plant.pharmacist(new_id())
    assert pharmacist.person_id is not None
    await plant.signatory(pharmacist.person_id)
    runs = await line.packed(18)
    load = await line.started(runs)
    curve = [each for each in dipped(plateau(every_s=1), 133.6, 11, 20) if 30 <= each[0] <= 30 + 18 * 60]
    told = await line.recorded(load, [[at - 30, probes, kpa] for at, probes, kpa in curve])
    assert (told["verdict"], told["failings"]) == ("not_conform", ["plateau_too_short"])
    assert told["figures"]["f0_min"] == pytest.approx(392.4, abs=0.1)
    assert told["figures"]["f0_min"] > 350.97
    assert told["figures"]["plateau_s"] == 659

    await line.looked_at(load, runs)
    await line.read(load)
    answer = await line.decide(load, pharmacist)
    assert (answer.status_code, answer.json()["code"]) == (409, "VERDICT_NOT_CONFORM")
    assert answer.json()["failings"] == ["plateau_too_short"]

    answer = await line.decide(load, pharmacist, "reject", reason="plateau interrompu à la onzième minute")
    assert answer.status_code == 200, answer.text
    rows = [await plant.row("run", run) for run in runs]
    assert {(row["stage"], row["end_reason"], row["sterile_on"]) for row in rows} == {
        ("aborted", "load_rejected", None)
    }
    nexts = await plant.connection.fetch("SELECT stage FROM run WHERE opened_from = ANY ($1)", runs)
    assert [row["stage"] for row in nexts] == ["received"] * 18
