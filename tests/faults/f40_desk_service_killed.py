"""F40: kill -9 of the telephone desk's worker in mid-run. Conversations survive it, offers return, nobody is counted
twice."""

from uuid import UUID

import pytest

from maillage.testing import soon
from tests.faults.scene import sound
from tests.harness.cluster import Cluster
from tests.harness.floor import KEY, SETTINGS, Floor

CALLS, SPEED = 8, 30
SERVICE = "telesecretariat"
KEY_NAME = f"MAILLAGE_{SERVICE.upper()}_KEY"
LIVE = "('talking', 'held', 'transferring')"


async def names(floor: Floor, condition: str) -> set[str]:
    """The callers whose calls are such."""
    rows = await floor.connection.fetch("SELECT provider_call_id, state, returned FROM call")
    return {row["provider_call_id"] for row in rows if row["state"] in condition}


@pytest.mark.short
async def test_a_desk_service_killed_in_mid_run_loses_no_call_and_counts_nobody_twice(running: Cluster) -> None:
    assert SETTINGS["key"] == KEY
    running.besides[KEY_NAME] = KEY
    try:
        async with await Floor.on(running.database(SERVICE)) as floor:
            running.start_all(("serve", SERVICE), ("work", SERVICE))
            await _in_mid_run(running, floor)
            talked = await names(floor, LIVE)
            running.kill("work", SERVICE)
            assert talked <= await names(floor, LIVE), "nobody may touch a conversation while nobody works"
            running.start("work", SERVICE)
            await soon(lambda: _over(floor), seconds=120, every_s=0.5)
            await _each_once(floor, talked)
            for command in ("work", "serve"):
                running.kill(command, SERVICE)
            # Whoever was ready when the worker died waited for the next one beside a waiting caller: that is the fault
            # itself, and the scenarios that follow ask for two seconds.
            await floor.connection.execute("DELETE FROM agent_interval WHERE organisation_id = $1", floor.firm)
        await sound(running)
    finally:
        del running.besides[KEY_NAME]


async def _in_mid_run(running: Cluster, floor: Floor) -> None:
    """Starts a few calls at many times their speed; returns when some talk and others wait."""
    wish = {"line_id": str(floor.line_id), "calls": CALLS, "agents": 3, "seed": 7, "speed": SPEED, "profile": "patient"}
    async with running.client(SERVICE, floor.supervisor()) as client:
        answer = await client.post("/v1/telephony/simulations", json=wish)
    assert answer.status_code == 201, answer.text

    async def busy() -> bool:
        return bool(await names(floor, LIVE)) and bool(await names(floor, "('waiting')"))

    await soon(busy, seconds=30)


async def _over(floor: Floor) -> bool:
    """The simulation has come to its end, and nobody is on the line."""
    left = await floor.connection.fetchval("SELECT count(*) FROM call WHERE ended_at IS NULL OR state = 'wrapping'")
    running = await floor.connection.fetchval("SELECT count(*) FROM simulation WHERE state = 'running'")
    return not left and not running


async def _each_once(floor: Floor, talked: set[str]) -> None:
    rows = await floor.connection.fetch("SELECT id, provider_call_id, state, agent_id FROM call")
    assert len(rows) == CALLS
    assert len({row["provider_call_id"] for row in rows}) == CALLS
    ends = {row["provider_call_id"]: row["state"] for row in rows}
    assert {ends[name] for name in talked} == {"completed"}
    assert set(ends.values()) == {"completed"}, "callers of infinite patience are all answered"
    connected: list[UUID] = [
        row["call_id"]
        for row in await floor.connection.fetch(
            "SELECT call_id FROM call_event WHERE kind = 'claimed' AND call_id = ANY ($1)",
            [row["id"] for row in rows if row["provider_call_id"] in talked],
        )
    ]
    assert len(connected) == len(talked), "who talked was connected once, before the kill"
    counted = await floor.connection.fetch(
        "SELECT subject_id, count(*) AS times FROM kit.outbox WHERE type LIKE '%call_completed%' GROUP BY subject_id"
    )
    assert {row["times"] for row in counted} == {1}
    assert len(counted) == CALLS
