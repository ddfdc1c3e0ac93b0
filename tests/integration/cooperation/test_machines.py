"""Machines: ready or why not, tests of the day, maintenance, requalification, and who may."""

from datetime import timedelta
from typing import Any

from maillage import clock
from maillage.principal import Principal
from tests.harness.cycles import Line
from tests.harness.plant import Plant


def trial(kind: str, result: str = "conform", **more: Any) -> dict[str, Any]:
    """The body of a test."""
    return {"kind": kind, "result": result, **more}


async def state(line: Line, machine: str) -> tuple[str, list[str]]:
    """The machine's state and why it is not ready."""
    answer = await line.act("GET", f"/machines/{line.plant.machines[machine]}/readiness")
    assert answer["ready"] == (answer["reasons"] == [])
    return answer["state"], answer["reasons"]


async def code(line: Line, path: str, body: dict[str, Any], caller: Principal | None = None) -> tuple[int, str]:
    """What is refused, and how."""
    answer = await line.call(caller or line.operator, "POST", path, body)
    return answer.status_code, str(answer.json().get("code"))


async def test_a_steriliser_is_ready_after_its_tests_of_the_day(plant: Plant) -> None:
    line, steam = Line(plant), plant.machines["steam"]
    tests, states = f"/machines/{steam}/tests", f"/machines/{steam}/state"
    connector = plant.machine_client("steam")
    assert await state(line, "steam") == ("in_service", ["leak_missing", "bowie_dick_missing"])
    load = await line.opened(await line.packed(1))
    start = f"/loads/{load}/start"
    await line.act("POST", tests, trial("leak"), connector)
    yesterday = (clock.now() - timedelta(hours=30)).isoformat()
    await line.act("POST", tests, trial("bowie_dick", tested_at=yesterday), connector)
    assert await code(line, start, {}) == (409, "TEST_MISSING")
    assert await code(line, tests, trial("seal")) == (422, "TEST_NOT_FOR_MACHINE")
    later = (clock.now() + timedelta(hours=1)).isoformat()
    assert await code(line, tests, trial("leak", tested_at=later)) == (422, "TIME_INVALID")
    made = await line.act("POST", tests, trial("bowie_dick", "failed"), connector)
    assert (made["machine"]["state"], made["machine"]["reasons"]) == ("in_service", ["bowie_dick_failed"])
    assert await code(line, start, {}) == (409, "TEST_FAILED")
    # Repeated once, conform: it starts. While it runs it is not ready.
    await line.act("POST", tests, trial("bowie_dick"))
    assert await state(line, "steam") == ("in_service", [])
    await line.act("POST", start, {"cycle_no": 7})
    assert await state(line, "steam") == ("in_service", ["running"])
    assert await code(line, states, {"state": "maintenance", "reason": "joint"}) == (409, "MACHINE_IN_USE")
    other = await line.opened(await line.packed(1))
    assert await code(line, f"/loads/{other}/start", {}) == (409, "MACHINE_NOT_READY")
    await line.recorded(load)
    assert await code(line, f"/loads/{other}/start", {"cycle_no": 7}) == (409, "CYCLE_TAKEN")
    # After maintenance the tests of the day start again.
    await line.act("POST", states, {"state": "maintenance", "reason": "joint de porte"})
    assert await code(line, f"/loads/{other}/start", {}) == (409, "MACHINE_NOT_READY")
    await line.act("POST", states, {"state": "in_service", "reason": "joint changé"})
    assert await state(line, "steam") == ("in_service", ["leak_missing", "bowie_dick_missing"])
    listed = await line.act("GET", "/machine_readiness")
    assert {each["kind"]: each["reasons"] for each in listed["items"]} == {
        "washer": [],
        "steam": ["leak_missing", "bowie_dick_missing"],
        "low_temperature": [],
        "sealer": ["seal_missing"],
    }
    assert len((await line.act("GET", f"{tests}?limit=2"))["items"]) == 2


async def test_who_failed_twice_comes_back_requalified(plant: Plant) -> None:
    line, steam = Line(plant), plant.machines["steam"]
    tests, states = f"/machines/{steam}/tests", f"/machines/{steam}/state"
    # What was conform before the failure says nothing about the machine after its repair.
    await line.act("POST", tests, trial("leak"))
    # Told twice by a connector that had no answer, it is one test.
    first = trial("bowie_dick", "failed", tested_at=(clock.now() - timedelta(seconds=1)).isoformat())
    told = [await line.act("POST", tests, first, plant.machine_client("steam")) for _ in range(2)]
    assert told[0]["test"] == told[1]["test"]
    assert told[1]["machine"]["state"] == "in_service"
    made = await line.act("POST", tests, trial("bowie_dick", "failed"))
    assert made["machine"]["state"] == "out_of_service"
    back = {"state": "in_service", "reason": "vide réparé"}
    assert await code(line, states, back, plant.operator()) == (403, "NOT_ALLOWED")
    answer = await line.call(plant.manager(), "POST", states, back)
    assert (answer.status_code, answer.json()["code"]) == (409, "REQUALIFICATION_REQUIRED")
    assert answer.json()["missing"] == ["document", "leak", "bowie_dick"]
    # Through maintenance there is no way around it.
    await line.act("POST", states, {"state": "maintenance", "reason": "vide"})
    documented = back | {"requalification_ref": "QO-2026-14"}
    await line.act("POST", tests, trial("leak"))
    answer = await line.call(plant.manager(), "POST", states, documented)
    assert answer.json()["missing"] == ["bowie_dick"]
    await line.act("POST", tests, trial("bowie_dick"))
    assert (await line.act("POST", states, documented, plant.manager()))["ready"]
    kinds = await plant.connection.fetch(
        "SELECT kind FROM trace_entry WHERE subject_id = $1 AND kind <> 'machine.added' ORDER BY seq", steam
    )
    assert [row["kind"] for row in kinds] == [
        *["machine.tested"] * 3, "machine.put_out_of_service", "machine.maintenance_began", "machine.tested",
        "machine.tested", "machine.came_back",
    ]  # fmt: skip
    facts = "SELECT data->'facts'->>'requalification_ref' FROM trace_entry WHERE kind = 'machine.came_back'"
    assert await plant.connection.fetchval(facts) == "QO-2026-14"
    events = await plant.connection.fetch(
        "SELECT payload::jsonb->>'state' AS state FROM kit.outbox"
        " WHERE type = 'cooperation.machine_state_changed.v1' ORDER BY id"
    )
    assert [row["state"] for row in events][2:4] == ["out_of_service", "maintenance"]
    assert (
        await plant.connection.fetchval("SELECT kind FROM issue WHERE subject_id = $1", steam)
        == "bowie_dick_failed_twice"
    )


async def test_who_may_test_and_stop_a_machine(plant: Plant) -> None:
    line, steam = Line(plant), plant.machines["steam"]
    body, stop = trial("leak"), {"state": "maintenance", "reason": "x"}
    assert await code(line, f"/machines/{steam}/tests", body, plant.machine_client("washer")) == (404, "NOT_FOUND")
    assert await code(line, f"/machines/{steam}/tests", body, plant.theatre()) == (403, "NOT_ALLOWED")
    stranger = plant.stranger("sterilisation_agent")
    assert await code(line, f"/machines/{steam}/tests", body, stranger) == (404, "NOT_FOUND")
    assert await code(line, f"/machines/{steam}/state", stop, stranger) == (404, "NOT_FOUND")
    assert await code(line, f"/machines/{steam}/state", stop, plant.theatre()) == (403, "NOT_ALLOWED")
    assert (await line.call(plant.theatre(), "GET", f"/machines/{steam}/readiness")).status_code == 404
    assert (await line.call(plant.theatre(), "GET", "/machine_readiness")).json()["items"] == []
