"""Scenario 1. Opening, Monday 2 March 2026: no Bowie-Dick on the steriliser at 06:10; failed at 06:25 and at 06:50.

What becomes of the operations that wait for these packs is told by the needs, from the event.
"""

import json

from maillage.ids import new_id
from tests.harness.cycles import Line, instant
from tests.harness.plant import Plant
from tests.integration.cooperation.conftest import Clockwork

TESTS = {
    "leak": {"kind": "leak", "result": "conform", "tested_at": "2026-03-02T06:05:00+01:00"},
    "first": {"kind": "bowie_dick", "result": "failed", "tested_at": "2026-03-02T06:25:00+01:00"},
    "second": {"kind": "bowie_dick", "result": "failed", "tested_at": "2026-03-02T06:50:00+01:00"},
}


async def test_a_machine_that_fails_twice_sterilises_nothing(clockwork: Clockwork) -> None:
    async with await clockwork.plant_at(instant("2026-03-02T06:55:00+01:00")) as plant:
        await opening(plant)


async def opening(plant: Plant) -> None:
    """The first hour of the day."""
    line, steam = Line(plant), plant.machines["steam"]
    runs = await line.packed(4)
    load = await line.opened(runs)

    # 06:10, the leak test is done, the Bowie-Dick is not: the load does not start.
    await line.act("POST", f"/machines/{steam}/tests", TESTS["leak"], plant.machine_client("steam"))
    answer = await line.call(line.operator, "POST", f"/loads/{load}/start", {})
    assert (answer.status_code, answer.json()["code"], answer.json()["tests"]) == (409, "TEST_MISSING", ["bowie_dick"])

    # 06:25, it fails: it may be repeated once.
    first = await line.act("POST", f"/machines/{steam}/tests", TESTS["first"])
    assert first["machine"]["state"] == "in_service"
    answer = await line.call(line.operator, "POST", f"/loads/{load}/start", {})
    assert (answer.json()["code"], answer.json()["tests"]) == ("TEST_FAILED", ["bowie_dick"])

    # 06:50, it fails again: out of service, by the machine itself and not by anybody's leave.
    second = await line.act("POST", f"/machines/{steam}/tests", TESTS["second"])
    assert (second["machine"]["state"], second["machine"]["ready"]) == ("out_of_service", False)
    await line.act("POST", f"/machines/{steam}/tests", {"kind": "bowie_dick", "result": "conform"})
    answer = await line.call(line.operator, "POST", f"/loads/{load}/start", {})
    assert (answer.json()["code"], answer.json()["reasons"]) == ("MACHINE_NOT_READY", ["out_of_service"])
    back = {"state": "in_service", "reason": "essayé encore"}
    answer = await line.call(plant.pharmacist(new_id()), "POST", f"/machines/{steam}/state", back)
    assert (answer.status_code, answer.json()["code"]) == (409, "REQUALIFICATION_REQUIRED")

    # The packs are where they were, and may go to another machine; everybody who waits is told.
    assert {(await plant.row("run", run))["stage"] for run in runs} == {"packed"}
    for run in runs:
        await line.act("DELETE", f"/loads/{load}/runs/{run}")
    told = await plant.connection.fetch(
        "SELECT payload FROM kit.outbox WHERE type = 'cooperation.machine_state_changed.v1' ORDER BY id"
    )
    states = [json.loads(row["payload"]) for row in told]
    assert [(each["state"], each["ready"]) for each in states] == [
        ("in_service", False), ("in_service", False), ("out_of_service", False), ("out_of_service", False),
    ]  # fmt: skip
    assert states[1]["reasons"] == ["bowie_dick_failed"]
