"""The queue, through the API of the running service: who is served when, and by whom."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx

from maillage import clock
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.floor import Floor

READY = {"presence": "online", "work_state": "ready"}


async def claim(floor: Floor, agent: UUID, call: UUID) -> httpx.Response:
    async with floor.http(floor.telesecretary(agent)) as client:
        return await client.post(f"/v1/calls/{call}/claim")


async def take(floor: Floor, agent: UUID) -> httpx.Response:
    async with floor.http(floor.telesecretary(agent)) as client:
        return await client.post("/v1/calls/next")


async def rings(floor: Floor, call: UUID) -> int:
    found: int = await floor.connection.fetchval(
        "SELECT count(*) FROM telephony_command WHERE call_id = $1 AND kind = 'ring_agent'", call
    )
    return found


async def test_a_claimed_call_shows_its_number_rings_one_telephone_and_is_the_agents(floor: Floor) -> None:
    agent = await floor.agent("poste 12", **READY)
    call = await floor.waiting("+33639980177", queued_s_ago=37, pick=True, head_start=[
        {"reason": "repeat_caller", "seconds": 300}
    ])  # fmt: skip
    answer = await claim(floor, agent, call)
    body = answer.json()
    assert answer.status_code == 200, body
    assert (body["state"], body["number"], body["agent_id"]) == ("connecting", "+33639980177", str(agent))
    assert body["head_start"] == [{"reason": "repeat_caller", "seconds": 300}]
    assert body["wait_s"] >= 37
    assert await rings(floor, call) == 1
    row = await floor.row("agent", agent)
    assert (row["work_state"], row["calls_today"]) == ("on_call", 1)
    again = await claim(floor, agent, call)
    assert (again.status_code, again.content) == (200, answer.content)
    assert await rings(floor, call) == 1
