"""Scenario 13. Night of 24-25 October 2026: a cycle from 02:40+02:00 to 02:35+01:00 lasts 55 min; order, durations and
tests of the day are right on the local day of 25 hours."""

from datetime import date, datetime, timedelta

from cooperation.loads.domain import saturation_pressure_kpa
from maillage.ids import new_id
from tests.harness.cycles import Line, instant, record
from tests.integration.cooperation.conftest import Clockwork


def cycle_of_55_min() -> list[list[object]]:
    """Eighteen minutes at 134.5 °C in the middle of it, a sample every five seconds."""
    temps = [134.5 if 1000 <= at <= 2100 else 60.0 for at in range(0, 3301, 5)]
    return [[place * 5, [temp, temp], saturation_pressure_kpa(temp)] for place, temp in enumerate(temps)]


async def reasons(line: Line) -> list[str]:
    """Why the steriliser may not be started now."""
    answer = await line.act("GET", f"/machines/{line.plant.machines['steam']}/readiness")
    found: list[str] = answer["reasons"]
    return found


async def test_the_hour_that_comes_twice(clockwork: Clockwork) -> None:
    async with await clockwork.plant_at(instant("2026-10-24T23:40:00+02:00")) as plant:
        line, steam = Line(plant), plant.machines["steam"]
        pharmacist = new_id()
        await plant.signatory(pharmacist)
        runs = await line.packed(2)
        load = await line.opened(runs)
        await made_at(line, "2026-10-24T23:35:00+02:00")
        assert await reasons(line) == []

        # Forty minutes later it is another day: its tests are to be made.
        clockwork.move(plant, instant("2026-10-25T00:15:00+02:00"))
        assert await reasons(line) == ["leak_missing", "bowie_dick_missing"]
        answer = await line.call(line.operator, "POST", f"/loads/{load}/start", {})
        assert answer.json()["code"] == "TEST_MISSING"
        await made_at(line, "2026-10-25T00:14:00+02:00")

        clockwork.move(plant, instant("2026-10-25T02:39:00+02:00"))
        await line.act("POST", f"/loads/{load}/start", {"cycle_no": 5})
        clockwork.move(plant, instant("2026-10-25T02:45:00+01:00"))
        body = record(5, cycle_of_55_min(), began_at="2026-10-25T02:40:00+02:00")
        told = await line.act("POST", f"/loads/{load}/record", body, plant.machine_client("steam"))
        assert told["verdict"] == "conform"
        began, ended = datetime.fromisoformat(told["began_at"]), datetime.fromisoformat(told["ended_at"])
        assert ended - began == timedelta(minutes=55)
        assert ended == instant("2026-10-25T02:35:00+01:00")
        await line.looked_at(load, runs)
        await line.read(load)
        answer = await line.decide(load, plant.pharmacist(pharmacist))
        assert answer.status_code == 200, answer.text

        # In the trace the record comes after the start and before the decision, by instants and not by clock faces.
        order = await plant.connection.fetch(
            "SELECT kind FROM trace_entry WHERE subject_id = $1 AND kind <> 'load.control_read'"
            " ORDER BY occurred_at, seq", load,
        )  # fmt: skip
        assert [row["kind"] for row in order] == ["load.opened", "load.started", "load.recorded", "load.released"]
        row = await plant.row("run", runs[0])
        assert (row["sterile_on"], row["expires_on"]) == (date(2026, 10, 25), date(2027, 4, 23))

        # 24 h 35 min after its tests it is still the same day; then it is not.
        clockwork.move(plant, instant("2026-10-25T23:50:00+01:00"))
        assert await reasons(line) == []
        clockwork.move(plant, instant("2026-10-26T00:01:00+01:00"))
        assert await reasons(line) == ["leak_missing", "bowie_dick_missing"]
        days = await plant.connection.fetch("SELECT DISTINCT local_day FROM machine_test WHERE machine_id = $1", steam)
        assert {row["local_day"] for row in days} == {date(2026, 10, 24), date(2026, 10, 25)}


async def made_at(line: Line, at: str) -> None:
    """The tests of the day, told by the machine."""
    for kind in ("leak", "bowie_dick"):
        body = {"kind": kind, "result": "conform", "tested_at": at}
        path = f"/machines/{line.plant.machines['steam']}/tests"
        await line.act("POST", path, body, line.plant.machine_client("steam"))
