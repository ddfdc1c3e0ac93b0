"""Reports over planted calls and agents: every figure against what was planted."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from maillage.ids import new_id
from tests.harness.floor import Floor
from tests.harness.people import professional

PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=PARIS)


async def planted(floor: Floor, arrived: datetime, state: str, wait_s: float | None = None, **more: Any) -> UUID:
    """A call of the past."""
    queued = None if state in ("closed", "refused") else arrived
    answered = arrived + timedelta(seconds=wait_s) if state == "completed" and wait_s is not None else None
    ended = (answered or arrived) + timedelta(seconds=more.pop("talk_s", 0.0) if answered else wait_s or 0.0)
    return await floor.call(
        None, **{"state": state, "arrived_at": arrived, "queued_at": queued, "priority_at": queued, "wait_s": wait_s,
                 "state_since": ended, "answered_at": answered, "ended_at": ended, "talk_s": 0.0} | more,
    )  # fmt: skip


async def report(floor: Floor, name: str, caller: Any = None, **asked: str) -> Any:
    period = {"from": "2026-11-23", "until": "2026-11-24", "interval": "hour"} | asked
    async with floor.http(caller or floor.manager()) as client:
        answer = await client.get(f"/v1/reports/{name}", params=period)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_three_levels_and_every_state(floor: Floor) -> None:
    """Scenario 10, and calls that came to nothing: received is the sum of all of them."""
    for n in range(10):
        await planted(floor, at(23, 9, n), "completed", 1.5 if n < 4 else 9.0)
    for n in range(2):
        await planted(floor, at(23, 9, 20 + n), "abandoned", 2.0, short=True)
    for n, state in enumerate(("overflowed", "callback_requested", "closed", "refused", "failed", "waiting")):
        await planted(floor, at(23, 10, n), state, 3.0 if state in ("overflowed", "callback_requested") else None)
    await planted(floor, at(24, 0), "completed", 1.0)
    found = await report(floor, "calls", sl_threshold_s="2", day_start_time="09:00", day_end_time="11:00")
    nine, ten = found["rows"]
    assert (nine["sl_answered"], nine["sl_with_abandons"], nine["sl_offered"]) == (0.4, 0.5, 0.4)
    assert (nine["received"], nine["answered"], nine["abandoned"], nine["short_abandoned"]) == (12, 10, 2, 2)
    assert nine["average_wait_s"] == pytest.approx((4 * 1.5 + 6 * 9) / 10)
    parts = ("overflowed", "callback_requested", "closed", "refused", "failed", "in_progress")
    assert [ten[name] for name in parts] == [1] * 6
    assert (ten["received"], ten["offered"]) == (6, 2)
    total = found["total"]
    names = ("answered", "abandoned", "left_before_queue", *parts)
    assert total["received"] == 18 == sum(total[name] for name in names)


@pytest.mark.parametrize(("day", "month", "hours"), [(25, 10, 25), (29, 3, 23)])
async def test_days_on_which_the_clocks_change(floor: Floor, day: int, month: int, hours: int) -> None:
    """Scenario 11: one row for each hour there is; the sums are those of the daily report."""
    begins = at(day, 0, month=month)
    for n in range(hours * 2):
        await planted(floor, (begins.astimezone(ZoneInfo("UTC")) + timedelta(minutes=30 * n)), "completed", 1.0)
    period = {"from": begins.date().isoformat(), "until": (begins.date() + timedelta(days=1)).isoformat()}
    hourly = await report(floor, "calls", **period)
    assert [row["received"] for row in hourly["rows"]] == [2] * hours
    daily = await report(floor, "calls", **period, interval="day")
    assert [row["received"] for row in daily["rows"]] == [2 * hours]
    assert daily["total"] == hourly["total"]


async def test_waits(floor: Floor) -> None:
    for wait_s, state in ((0.0, "completed"), (9.9, "completed"), (10.0, "abandoned"), (700.0, "completed")):
        await planted(floor, at(23, 9), state, wait_s)
    rows = (await report(floor, "waits"))["rows"]
    assert [(row["from_s"], row["to_s"], row["answered"], row["abandoned"]) for row in rows] == [
        (0, 10, 2, 0),
        (10, 20, 0, 1),
        (600, None, 1, 0),
    ]


async def test_time_of_agents_is_cut_at_borders(floor: Floor) -> None:
    """Scenario 11: a talk from 9:50 to 10:20 is ten minutes of one hour and twenty of the next."""
    agent = await floor.agent("poste 7")
    states = [
        ("not_ready", "coffee", at(23, 9, 0), at(23, 9, 30)),
        ("ready", None, at(23, 9, 30), at(23, 9, 50)),
        ("on_call", None, at(23, 9, 50), at(23, 10, 20)),
        ("wrap_up", None, at(23, 10, 20), at(23, 10, 21)),
    ]
    for state, reason, begins, ends in states:
        await floor.insert("agent_interval", {
            "id": new_id(), "organisation_id": floor.firm, "agent_id": agent, "presence": "online",
            "during": asyncpg.Range(begins, ends), "work_state": state, "reason": reason,
        })  # fmt: skip
    call = await planted(floor, at(23, 9, 49), "completed", 60.0)
    for seq, (state, when) in enumerate(
        [("talking", at(23, 9, 50)), ("held", at(23, 10, 10)), ("talking", at(23, 10, 15)),
         ("wrapping", at(23, 10, 20)), ("completed", at(23, 10, 21))], start=2,
    ):  # fmt: skip
        await floor.insert("call_event", {
            "call_id": call, "seq": seq, "organisation_id": floor.centre, "client_id": floor.client_id, "at": when,
            "kind": "x", "state": state, "agent_id": agent,
        })  # fmt: skip
    rows = (await report(floor, "agents", floor.supervisor()))["rows"]
    nine, ten = rows
    assert (nine["talk_s"], nine["on_call_s"], nine["ready_s"], nine["not_ready_s"]) == (
        600,
        600,
        1200,
        {"coffee": 1800},
    )
    assert (ten["talk_s"], ten["hold_s"], ten["wrap_s"], ten["on_call_s"]) == (900, 300, 60, 1200)
    assert (nine["answered"], ten["answered"]) == (1, 0)
    assert nine["occupancy"] == pytest.approx(600 / 1800)
    assert nine["label"] == "poste 7"


async def test_what_is_published_hides_small_cells(floor: Floor) -> None:
    for n in range(6):
        await planted(floor, at(23, 9, n), "completed", 10.0, talk_s=100.0)
    await planted(floor, at(23, 9, 30), "callback_requested", 20.0)
    await planted(floor, at(23, 11), "abandoned", 5.0)
    own = (await report(floor, "access"))["rows"]
    assert [
        (row["hour"], row["volume"], row["answered"], row["missed"], row["callbacks_requested"]) for row in own
    ] == [
        (9, 7, 6, 0, 1),
        (11, 1, 0, 1, 0),
    ]
    agency = professional("ars_officer", new_id(), service="telesecretariat")
    agency = type(agency)(**{field: getattr(agency, field) for field in agency.__slots__} | {"orgs": None})
    published = (await report(floor, "access", agency))["rows"]
    assert [(row["hour"], row["volume"], row["answered"], row["callbacks_requested"]) for row in published] == [
        (9, 7, 6, None),
        (11, None, None, None),
    ]
    hours = (await report(floor, "calls", agency))["rows"]
    assert [(row["received"], row["answered"]) for row in hours] == [(7, 6)], "the hour of one caller is left out"
    waits = (await report(floor, "waits", agency))["rows"]
    assert [(row["from_s"], row["answered"], row["abandoned"]) for row in waits] == [(10, 6, 0)]
    async with floor.http(agency) as client:
        answer = await client.get("/v1/reports/agents", params={"from": "2026-11-23", "until": "2026-11-24"})
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED")


async def test_csv(floor: Floor) -> None:
    """A header, one row per bucket, instants on the clock of the zone; no cell that would be reckoned."""
    await planted(floor, at(23, 9), "completed", 10.0)
    agent = await floor.agent("=1+1")
    await floor.insert("agent_interval", {
        "id": new_id(), "organisation_id": floor.firm, "agent_id": agent, "presence": "online",
        "during": asyncpg.Range(at(23, 9), at(23, 10)), "work_state": "ready",
    })  # fmt: skip
    period = {"from": "2026-11-23", "until": "2026-11-24", "interval": "hour"}
    async with floor.http(floor.supervisor()) as client:
        calls = await client.get("/v1/reports/calls", params=period, headers={"accept": "text/csv"})
        agents = await client.get("/v1/reports/agents", params=period, headers={"accept": "text/csv"})
    assert calls.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(calls.content.decode("utf-8-sig"))))
    assert len(rows) == 24
    assert (rows[9]["begins"], rows[9]["received"], rows[9]["average_wait_s"]) == (
        "2026-11-23T09:00:00+01:00",
        "1",
        "10",
    )
    assert rows[8]["sl_offered"] == ""
    [row] = csv.DictReader(io.StringIO(agents.content.decode("utf-8-sig")))
    assert row["label"] == "'=1+1"


@pytest.mark.parametrize(
    ("asked", "code", "pointer"),
    [
        ({"until": "2026-11-23"}, "PERIOD_INVALID", "?until"),
        ({"until": "2026-11-22"}, "PERIOD_INVALID", "?until"),
        ({"until": "2027-11-26"}, "PERIOD_TOO_LONG", "?until"),
        ({"until": "2027-11-23", "interval": "15min"}, "PERIOD_TOO_LONG", "?interval"),
        ({"timezone": "Europe/Nowhere"}, "ZONE_UNKNOWN", "?timezone"),
        ({"timezone": "../etc/passwd"}, "ZONE_UNKNOWN", "?timezone"),
        ({"day_start_time": "20:00", "day_end_time": "08:00"}, "HOURS_INVALID", "?day_end_time"),
    ],
)
async def test_what_is_refused(floor: Floor, asked: dict[str, str], code: str, pointer: str) -> None:
    async with floor.http(floor.manager()) as client:
        answer = await client.get("/v1/reports/calls", params={"from": "2026-11-23", "until": "2026-11-24"} | asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_other_things_that_are_no_period(floor: Floor) -> None:
    async with floor.http(floor.manager()) as client:
        for wrong in ({"from": "2026-02-30"}, {"from": "2026-11-23T08:00:00"}, {"week_days": "8"}, {"interval": "week"},
                      {"sl_threshold_s": "NaN"}, {"day_start_time": "25:00"}):  # fmt: skip
            answer = await client.get("/v1/reports/calls", params={"from": "2026-11-23", "until": "2026-11-24"} | wrong)
            assert answer.status_code == 422, answer.text
        missing = await client.get("/v1/reports/calls", params={"from": "2026-11-23"})
        assert missing.status_code == 422
        foreign = {"from": "2026-11-23", "until": "2026-11-24", "line_id": str(new_id())}
        assert (await client.get("/v1/reports/calls", params=foreign)).status_code == 404


async def test_another_firm_counts_nothing(floor: Floor) -> None:
    await planted(floor, at(23, 9), "completed", 10.0)
    found = await report(floor, "calls", floor.stranger("manager"))
    assert found["total"]["received"] == 0
