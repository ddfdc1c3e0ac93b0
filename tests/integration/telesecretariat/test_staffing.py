"""Staffing over HTTP: the exact table, what is refused, a forecast of planted days, a plan that is played."""

import json
import math
import resource
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maillage.ids import new_id
from telesecretariat.staffing import running
from tests.harness.floor import Floor
from tests.harness.people import professional

PARIS = ZoneInfo("Europe/Paris")
# calls an hour, handling time, agents: P(wait), answered within 20 s, mean wait, occupancy
TABLE = [
    (200, 180, 14, 0.1741319, 0.8883500, 7.8359, 0.7143),
    (200, 180, 13, 0.2852705, 0.7955948, 17.1162, 0.7692),
    (200, 180, 12, 0.4493882, 0.6401580, 40.4449, 0.8333),
    (120, 240, 10, 0.4091802, 0.6536365, 49.1016, 0.8000),
    (120, 240, 11, 0.2449579, 0.8092266, 19.5966, 0.7273),
    (60, 150, 5, 0.1303713, 0.9065849, 7.8223, 0.5000),
    (90, 180, 7, 0.2172209, 0.8354627, 15.6399, 0.6429),
    (360, 240, 28, 0.3331385, 0.7612958, 19.9883, 0.8571),
]
MONDAY = [76.5, 110.5, 97.75, 85, 46.75, 46.75, 80.75, 72.25, 72.25, 68, 59.5, 34]
PLAN = [6, 8, 7, 7, 4, 4, 6, 6, 6, 6, 5, 4]


async def posted(floor: Floor, path: str, body: dict[str, Any], status: int = 200) -> Any:
    async with floor.http(floor.manager()) as client:
        answer = await client.post(f"/v1/staffing/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def refused(floor: Floor, path: str, body: dict[str, Any]) -> tuple[str, list[str]]:
    problem = await posted(floor, path, body, 422)
    return problem["code"], [each["pointer"] for each in problem.get("errors", [])]


async def test_the_exact_table(floor: Floor) -> None:
    for calls, handling_s, agents, waits, level, asa, busy in TABLE:
        asked = {"calls": [calls], "interval_s": 3600, "handling_s": handling_s, "agents": [agents]}
        [row] = (await posted(floor, "required", asked))["rows"]
        assert (row["wait_probability"], row["service_level"]) == (
            pytest.approx(waits, abs=5e-7), pytest.approx(level, abs=5e-7),
        )  # fmt: skip
        assert (row["average_wait_s"], row["occupancy"]) == (
            pytest.approx(asa, abs=5e-5),
            pytest.approx(busy, abs=5e-5),
        )
    asked = {"calls": [200], "interval_s": 3600, "handling_s": 180, "agents": [12], "patience_s": 180}
    [row] = (await posted(floor, "required", asked))["rows"]
    assert row["with_patience"] == {
        "wait_probability": pytest.approx(0.303224, abs=5e-7), "abandon_probability": pytest.approx(0.053092, abs=5e-7),
        "average_wait_s": pytest.approx(9.556, abs=5e-4), "occupancy": pytest.approx(0.7891, abs=5e-5),
    }  # fmt: skip


async def test_the_monday_of_the_centre(floor: Floor) -> None:
    """As in section 1 of the design; an hour without calls needs nobody."""
    rows = (await posted(floor, "required", {"calls": [*MONDAY, 0], "interval_s": 3600}))["rows"]
    assert [row["needed"] for row in rows] == [*PLAN, 0]
    assert (rows[-1]["agents"], rows[-1]["service_level"]) == (0, None)


async def test_what_no_plan_can_be(floor: Floor) -> None:
    load = {"calls": [10, 100], "interval_s": 3600, "handling_s": 180}
    assert await refused(floor, "required", load | {"agents": [2, 5]}) == ("UNSTABLE", ["/agents/1"])
    assert await refused(floor, "required", load | {"agents": [2]}) == ("INTERVALS_DIFFER", ["/agents"])
    assert await refused(floor, "required", {"calls": [5000], "interval_s": 300}) == ("UNSTABLE", ["/calls/0"])
    assert (await refused(floor, "required", {}))[0] == "LOAD_AMBIGUOUS"
    line = {"line_id": str(floor.line_id), "date": "2026-11-23"}
    assert (await refused(floor, "required", line | {"calls": [1]}))[0] == "LOAD_AMBIGUOUS"
    wrongs: list[dict[str, Any]] = [
        {"calls": [-1]}, {"calls": []}, {"calls": [math.inf]}, {"handling_s": 0}, {"goal": 1}, {"patience_s": -5},
        {"interval_s": 0}, {"occupancy": 1.1}, {"agents": [1, -1]},
    ]  # fmt: skip
    for wrong in wrongs:
        async with floor.http(floor.manager()) as client:
            body = json.dumps(load | wrong).replace("Infinity", "1e999")
            answer = await client.post("/v1/staffing/required", content=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "INVALID"), wrong
    async with floor.http(floor.manager()) as client:
        answer = await client.post("/v1/staffing/required", content='{"calls": [NaN]}')
        assert answer.status_code == 422, answer.text


async def test_a_forecast_of_planted_days(floor: Floor) -> None:
    """Mondays with 2, 4 and 6 calls at 9h; 11 November was one too and tells nothing. Not counted: calls while
    it was closed, those of another line."""
    day, days = date(2024, 11, 18), [date(2024, 11, 4), date(2024, 10, 28), date(2024, 10, 21)]
    other = await floor.line()
    for past, calls in zip([*days, date(2024, 11, 11)], (2, 4, 6, 40), strict=True):
        at = datetime(past.year, past.month, past.day, 9, tzinfo=PARIS)
        for n in range(calls):
            await floor.call(arrived_at=at + timedelta(seconds=n), state="completed")
        await floor.call(arrived_at=at, state="closed")
        await floor.call(arrived_at=at, state="completed", line_id=other)
    await floor.call(arrived_at=datetime(2024, 11, 18, 9, 5, tzinfo=PARIS), state="abandoned")
    asked = {"line_id": str(floor.line_id), "date": day.isoformat()}
    async with floor.http(floor.supervisor()) as client:
        found = (await client.get("/v1/staffing/forecast", params=asked)).json()
        doubled = (await client.get("/v1/staffing/forecast", params=asked | {"factor": "2"})).json()
        assert (await client.get("/v1/staffing/forecast", params=asked | {"line_id": str(new_id())})).status_code == 404
        for wrong in ({"date": "2026-02-30"}, {"date": "1000-01-01"}, {"factor": "NaN"}, {"factor": "-1"}):
            assert (await client.get("/v1/staffing/forecast", params=asked | wrong)).status_code == 422
        unknown = await client.get("/v1/staffing/forecast", params=asked | {"line_id": str(await floor.line())})
        assert (unknown.status_code, unknown.json()["code"]) == (409, "HISTORY_MISSING")
    assert found["days"] == [each.isoformat() for each in days]
    assert (len(found["rows"]), found["calls"], found["factor"], found["level"]) == (48, 4, 1, 1)
    nine = found["rows"][18]
    assert datetime.fromisoformat(nine["begins"]).astimezone(PARIS).hour == 9
    assert [nine["calls"], nine["p10"], nine["p90"], nine["actual"]] == pytest.approx([4, 2.4, 5.6, 1])
    assert doubled["rows"][18]["calls"] == 8
    rows = (await posted(floor, "required", asked | {"handling_s": 900}))["rows"]
    assert (len(rows), rows[18]["calls"], rows[17]["needed"]) == (48, 4, 0)
    assert rows[18]["needed"] > 2


async def test_a_closed_day_brings_nothing(floor: Floor) -> None:
    await floor.connection.execute("UPDATE calendar SET exceptions = $1", [{"date": "2024-11-25", "ranges": []}])
    await floor.call(arrived_at=datetime(2024, 11, 18, 9, tzinfo=PARIS), state="completed")
    asked = {"line_id": str(floor.line_id), "date": "2024-11-25"}
    async with floor.http(floor.manager()) as client:
        found = (await client.get("/v1/staffing/forecast", params=asked)).json()
    assert (found["rows"], found["calls"]) == ([], 0)
    assert await refused(floor, "required", asked) == ("DAY_CLOSED", ["/date"])


async def test_two_agents_fewer_at_nine(floor: Floor) -> None:
    """The Monday of the centre, played a hundred times in a process of its own: five seconds of a processor at most."""
    plan = {"calls": MONDAY, "interval_s": 3600, "agents": PLAN, "seed": 42}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    full = await posted(floor, "simulations", plan)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert 0 < after.ru_utime - before.ru_utime < 5
    assert [row["needed"] for row in full["rows"]] == PLAN
    nine = full["rows"][1]["simulated"]
    assert nine["offered"]["p50"] == pytest.approx(110.5, rel=0.05)
    assert nine["sl_offered"]["p10"] < nine["sl_offered"]["p50"] < nine["sl_offered"]["p90"] <= 1
    assert full["day"]["offered"]["p50"] == pytest.approx(850, rel=0.05)
    fewer = await posted(floor, "simulations", plan | {"agents": [6, 6, *PLAN[2:]], "replications": 40})
    assert fewer["rows"][1]["simulated"]["sl_offered"]["p50"] < nine["sl_offered"]["p50"] - 0.1
    assert fewer["rows"][1]["simulated"]["abandoned"]["p50"] > nine["abandoned"]["p50"]
    short = plan | {"replications": 5}
    once = await posted(floor, "simulations", short)
    assert once == await posted(floor, "simulations", short)
    assert once["rows"] != (await posted(floor, "simulations", short | {"seed": 43}))["rows"]


async def test_a_simulation_ends_in_its_time(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LIMIT_S", 0.001)
    assert (await refused(floor, "simulations", {"calls": [9], "agents": [3]}))[0] == "SIMULATION_TOO_LONG"
    monkeypatch.undo()
    assert (await refused(floor, "simulations", {"calls": [9], "agents": [3, 3]}))[0] == "INTERVALS_DIFFER"
    found = await posted(floor, "simulations", {"calls": [9, 0], "agents": [0, 0], "replications": 3})
    assert [row["simulated"]["sl_offered"]["p90"] for row in found["rows"]] == [0, None]
    assert not math.isnan(found["day"]["abandoned"]["p50"])


async def test_who_reads_the_territory_reads_no_line_of_it(floor: Floor) -> None:
    agency = professional("ars_officer", new_id(), service="telesecretariat")
    agency = type(agency)(**{field: getattr(agency, field) for field in agency.__slots__} | {"orgs": None})
    asked = {"line_id": str(floor.line_id), "date": "2026-11-23"}
    async with floor.http(agency) as client:
        assert (await client.get("/v1/staffing/forecast", params=asked)).status_code == 403
        assert (await client.post("/v1/staffing/required", json=asked)).status_code == 403
        assert (await client.post("/v1/staffing/required", json={"calls": [9]})).status_code == 200
    async with floor.http(floor.telesecretary(new_id())) as client:
        assert (await client.post("/v1/staffing/required", json={"calls": [9]})).status_code == 403
