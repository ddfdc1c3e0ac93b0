"""How a call comes into the queue: its head starts, its estimate, its place on the desks."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from maillage import clock
from maillage.ids import new_id
from tests.harness.exchange import Exchange
from tests.harness.floor import VAULT, Floor

HOSPITAL, REGULAR, IMPATIENT = "+33199000101", "+33199000102", "+33199000103"


async def arrived(floor: Floor, number: str) -> asyncpg.Record:
    """A call of this number, as it waits."""
    async with Exchange.of(floor) as exchange:
        return await floor.row("call", await exchange.arrives(number))


def ahead_s(call: asyncpg.Record) -> float:
    """By how many seconds it is served as if it had come earlier."""
    return float((call["queued_at"] - call["priority_at"]).total_seconds())


async def test_a_professional_is_known_by_his_number(floor: Floor) -> None:
    await floor.insert("known_number", {
        "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "kind": "professional",
        "number_hash": VAULT.hash(HOSPITAL), "number_sealed": VAULT.seal(HOSPITAL), "created_at": clock.now(),
    })  # fmt: skip
    call = await arrived(floor, HOSPITAL)
    assert call["head_start"] == [{"reason": "professional", "seconds": 120}]
    assert ahead_s(call) == 120
    assert ahead_s(await arrived(floor, REGULAR)) == 0


@pytest.mark.parametrize(("waited_s", "ended_s_ago", "earned"), [(90, 60, 90), (900, 60, 300), (90, 900, 0)])
async def test_who_gave_up_a_moment_ago_gets_back_what_he_had_waited(
    floor: Floor, waited_s: float, ended_s_ago: int, earned: int
) -> None:
    ended = clock.now() - timedelta(seconds=ended_s_ago)
    await floor.call(IMPATIENT, state="abandoned", wait_s=waited_s, ended_at=ended)
    assert ahead_s(await arrived(floor, IMPATIENT)) == earned


async def test_head_starts_are_the_lines_and_an_hour_at_most(floor: Floor) -> None:
    long = {"returned": 3600, "redial": 300}
    await floor.connection.execute("UPDATE line SET head_starts = $2 WHERE id = $1", floor.line_id, long)
    agent = await floor.agent("poste 1", presence="online", work_state="on_call")
    before = [{"reason": "redial", "seconds": 300}]
    call = await floor.waiting(state="talking", agent_id=agent, queued_s_ago=60, head_start=before, pick=True)
    async with floor.http(floor.supervisor()) as client:
        assert (await client.post(f"/v1/calls/{call}/return", json={"reason": "help"})).status_code == 200
    row = await floor.row("call", call)
    assert row["head_start"] == [*before, {"reason": "returned", "seconds": 3600}]
    assert ahead_s(row) == 3600


async def test_the_wait_is_estimated_from_places_handling_and_agents(floor: Floor) -> None:
    """Four ahead, 165 s of handling where nothing is known, one agent: 5 x 165 s; with nobody signed in, none."""
    for _ in range(4):
        await floor.waiting(queued_s_ago=30, pick=True)
    nobody = await arrived(floor, REGULAR)
    assert (nobody["estimate_s"], nobody["callback_offered"]) == (None, False)
    await floor.agent("poste 1", presence="online", work_state="not_ready")
    call = await arrived(floor, HOSPITAL)
    assert (call["estimate_s"], call["callback_offered"]) == (6 * 165, True)
    await floor.connection.execute("UPDATE call SET state = 'completed' WHERE id <> $1", call["id"])
    assert (await arrived(floor, IMPATIENT))["estimate_s"] == 2 * 165


async def test_the_desk_shows_the_queue_and_all_that_is_owed_without_any_number(floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="on_call")
    now, due = clock.now(), clock.now() - timedelta(minutes=1)
    mine = await floor.waiting(HOSPITAL, state="talking", agent_id=agent, queued_s_ago=100)
    second, first = await floor.waiting(pick=True), await floor.waiting(queued_s_ago=40, pick=True)
    own = {"organisation_id": floor.centre, "client_id": floor.client_id}
    await floor.insert(
        "task", own | {"id": new_id(), "kind": "document", "due_at": now, "created_at": now, "state": "open"}
    )
    late = {"practitioner_id": new_id(), "urgency": "urgent", "body_sealed": b"x", "author_id": agent}
    for at in (due, now + timedelta(hours=1)):
        await floor.insert("message", own | late | {"id": new_id(), "state": "sent", "due_at": at, "created_at": now})
    await floor.insert("callback", own | {
        "id": new_id(), "line_id": floor.line_id, "origin": "agent", "priority_at": now, "not_before": now,
        "expires_at": now, "created_at": now, "number_hash": VAULT.hash(REGULAR),
    })  # fmt: skip
    async with floor.http(floor.telesecretary(agent)) as client:
        answer = await client.get("/v1/desk")
    desk = answer.json()
    assert [each["id"] for each in desk["calls"]] == [str(mine)]
    assert [(each["id"], each["position"]) for each in desk["queue"]] == [(str(first), 1), (str(second), 2)]
    assert desk["queue"][0]["wait_s"] >= 40
    counts = [len(desk[name]) for name in ("callbacks", "tasks", "overdue_messages")]
    assert (counts, desk["agent"]["label"], desk["offer"]) == ([1, 1, 1], "poste 1", None)
    lines = [(each["id"], each["down_since"], each["simulated"]) for each in desk["lines"]]
    assert lines == [(str(floor.line_id), None, True)]
    assert all(each["name"] and each["client_name"] for each in desk["lines"])
    assert HOSPITAL not in answer.text
    async with floor.http(floor.telesecretary(await other(floor))) as client:
        empty = (await client.get("/v1/desk")).json()
    assert [empty[name] for name in ("lines", "queue", "tasks", "callbacks", "overdue_messages")] == [[]] * 5


async def other(floor: Floor) -> UUID:
    """An agent of the same firm who is assigned to nobody."""
    return await floor.agent("poste 2", assigned=False, presence="online")
