"""Simulated lines: callers of a seed ring, simulated agents answer, nothing is counted twice whatever goes wrong."""

from collections.abc import Callable
from itertools import count
from typing import Any, Final
from uuid import UUID

import pytest

from maillage import clock
from maillage.doctor import check_invariants
from maillage.ids import new_id
from maillage.testing import soon
from telesecretariat.main import service
from telesecretariat.simulation.dice import throwing
from telesecretariat.simulation.domain import PROFILES, Caller, caller
from tests.harness.floor import SETTINGS, Floor

PATH: Final = "/v1/telephony/simulations"
CALLS: Final = 8
SPEED: Final = 60


def callers(seed: int) -> list[Caller]:
    """Those whom a seed has ring on demand."""
    return [caller(throwing(seed), index, clock.now(), PROFILES["ordinary"]) for index in range(CALLS)]


def seed_with(wanted: Callable[[list[Caller]], bool]) -> int:
    """The first seed whose callers are such."""
    return next(seed for seed in count() if wanted(callers(seed)))


async def second_line(floor: Floor) -> UUID:
    """Another line of the client, at a telephone system of its own."""
    await floor.insert("telephony_adapter", {
        "id": "second", "organisation_id": floor.firm, "kind": "simulated", "since": clock.now(),
    })  # fmt: skip
    return await floor.line(adapter_id="second")


async def start(floor: Floor, line_id: UUID, **wish: object) -> UUID:
    async with floor.http(floor.supervisor()) as client:
        answer = await client.post(PATH, json={"line_id": str(line_id), "speed": SPEED} | wish)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


async def over(floor: Floor) -> bool:
    running = await floor.connection.fetchval("SELECT count(*) FROM simulation WHERE state = 'running'")
    at_work = await floor.connection.fetchval("SELECT count(*) FROM agent WHERE presence <> 'offline'")
    return not running and not at_work


@pytest.mark.timeout(120)
async def test_one_seed_rings_the_same_on_two_lines_and_faults_count_nobody_twice(floor: Floor) -> None:
    assert floor.running is not None
    floor.running.work()
    second = await second_line(floor)
    seed = seed_with(lambda people: sum(each.motive == "red_flag" for each in people) == 1)
    faults = {"duplicate": 1, "late": 0.2, "lost_leg": 0.3}
    await start(floor, floor.line_id, seed=seed, calls=CALLS, agents=3)
    await start(floor, second, seed=seed, calls=CALLS, agents=3, faults=faults)
    await soon(lambda: over(floor), seconds=90, every_s=0.2)
    rows = await floor.connection.fetch(
        "SELECT line_id, split_part(provider_call_id, '.', 3) AS place, number_hash, state FROM call"
        " ORDER BY line_id, split_part(provider_call_id, '.', 3)::int"
    )
    lines = {line: [(row["place"], row["number_hash"]) for row in rows if row["line_id"] == line]
             for line in (floor.line_id, second)}  # fmt: skip
    assert lines[floor.line_id] == lines[second]
    assert len(lines[second]) == CALLS
    assert {row["state"] for row in rows} <= {"completed", "abandoned"}
    assert sum(row["state"] == "completed" for row in rows) >= 2  # the two in danger are patient; others may give up
    flags = await floor.connection.fetch("SELECT outcome FROM red_flag WHERE state = 'closed'")
    assert len(flags) == 2
    # On a machine with much else to do, the caller has said all before the 15 is there.
    assert {row["outcome"] for row in flags} <= {"handed_to_15", "line_lost_15_informed"}
    url = f"{floor.running.database_url}?maillage.dispatch_s=60"  # how fast it is, the bench says
    findings = await check_invariants(url, "telesecretariat", "telesecretariat")
    assert [each.line() for each in findings if each.state != "ok" and each.name.startswith("telesec")] == []


async def test_a_trainee_has_a_call_now_and_nobody_else_is_there(floor: Floor) -> None:
    assert floor.running is not None
    floor.running.work()
    agent = await floor.agent(presence="online", work_state="ready")
    seed = seed_with(lambda people: people[0].patience_s[0] > 600)
    simulation = await start(floor, floor.line_id, calls=1, seed=seed, speed=20)

    async def offered() -> UUID | None:
        found = await floor.connection.fetchval("SELECT call_id FROM offer WHERE agent_id = $1", agent)
        return found if isinstance(found, UUID) else None

    call_id = await soon(offered)
    async with floor.http(floor.telesecretary(agent)) as client:
        assert (await client.post(f"/v1/calls/{call_id}/claim")).status_code == 200

    assert call_id is not None

    async def talking() -> bool:
        return (await floor.row("call", call_id))["answered_at"] is not None

    await soon(talking)
    async with floor.http(floor.supervisor()) as client:
        (item,) = (await client.get(PATH, params={"line_id": str(floor.line_id)})).json()["items"]
        assert (item["id"], item["agents"], item["calls"]) == (str(simulation), 0, 1)
        for _ in range(2):
            assert (await client.delete(f"{PATH}/{simulation}")).status_code == 204
        (item,) = (await client.get(PATH, params={"line_id": str(floor.line_id)})).json()["items"]
        assert (item["state"], item["shown"]) == ("stopped", None)


async def test_a_clock_that_runs_faster_does_a_part_of_the_speed(
    running_service: Callable[..., Any], admin_of: Callable[[str], str]
) -> None:
    clock.set_rate(12, clock.now())
    try:
        running = running_service(service, **SETTINGS)
        running.work()
        async with await Floor.on(admin_of(running.database_url), running) as floor:
            await start(floor, floor.line_id, calls=3, agents=3, seed=3, speed=36, profile="patient")
            await soon(lambda: over(floor), seconds=60, every_s=0.2)
            rows = await floor.connection.fetch("SELECT state, talk_s, hold_s FROM call ORDER BY arrived_at")
    finally:
        clock.set_rate(1, clock.now())
    assert [row["state"] for row in rows] == ["completed"] * 3
    for person, row in zip(callers(3), rows, strict=False):
        assert (
            row["talk_s"] + row["hold_s"] > 0.9 * person.talk_s / 3
        )  # in seconds of the clock; at least, for it waits


async def test_a_line_that_people_call_is_not_simulated_on(floor: Floor) -> None:
    await floor.connection.execute("UPDATE telephony_adapter SET kind = 'webhook'")
    async with floor.http(floor.supervisor()) as client:
        answer = await client.post(PATH, json={"line_id": str(floor.line_id)})
    assert (answer.status_code, answer.json()["code"]) == (409, "LINE_NOT_SIMULATED")


async def test_one_simulation_at_a_time_on_a_line(floor: Floor) -> None:
    await start(floor, floor.line_id, date="2026-11-23", agents=2)
    async with floor.http(floor.supervisor()) as client:
        answer = await client.post(PATH, json={"line_id": str(floor.line_id)})
    assert (answer.status_code, answer.json()["code"]) == (409, "SIMULATION_RUNNING")
    assert await floor.connection.fetchval("SELECT count(*) FROM simulation") == 1
    assert await floor.connection.fetchval("SELECT count(*) FROM agent") == 2


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"since": "10:00", "until": "09:00"}, 422, "TIME_INVALID"),
        ({"speed": 601}, 422, "INVALID"),
        ({"calls": 0}, 422, "INVALID"),
        ({"faults": {"drop": 2}}, 422, "INVALID"),
        ({"line_id": str(new_id())}, 404, "NOT_FOUND"),
    ],
)
async def test_what_is_wrong_is_refused(floor: Floor, wish: dict[str, object], status: int, code: str) -> None:
    async with floor.http(floor.supervisor()) as client:
        answer = await client.post(PATH, json={"line_id": str(floor.line_id)} | wish)
    assert answer.status_code == status, answer.text
    assert code in answer.text


async def test_only_a_supervisor_within_reach_simulates(floor: Floor) -> None:
    simulation = await start(floor, floor.line_id)
    async with floor.http(floor.telesecretary(await floor.agent())) as client:
        assert (await client.post(PATH, json={"line_id": str(floor.line_id)})).status_code == 403
    async with floor.http(floor.stranger()) as client:
        assert (await client.delete(f"{PATH}/{simulation}")).status_code == 404
        assert (await client.get(PATH, params={"line_id": str(floor.line_id)})).status_code == 404
