"""The floor in one snapshot: agents, queues, levels, what is late; nothing of a caller in it, nothing of others."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maillage import clock
from maillage.ids import new_id
from telesecretariat.reports.domain import midnight
from tests.harness.floor import ADAPTER, VAULT, Floor
from tests.harness.people import professional

CALLER, OTHER = "+33639980171", "+33639980172"
PARIS = ZoneInfo("Europe/Paris")


async def board(floor: Floor, caller: Any = None) -> Any:
    async with floor.http(caller or floor.supervisor()) as client:
        answer = await client.get("/v1/board")
    assert answer.status_code == 200, answer.text
    assert CALLER not in answer.text
    return answer.json()


async def test_agents_queue_and_estimate(floor: Floor) -> None:
    """Two who wait, one of them for a callback; three agents assigned, one of them away, one without the skill."""
    busy = await floor.agent("poste 1", skills=["english"])
    ready = await floor.agent("poste 2", presence="online", work_state="ready", skills=["english"])
    away = await floor.agent("poste 3", presence="stale", work_state="not_ready", reason="coffee", skills=["english"],
                             pending_state="offline")  # fmt: skip
    await floor.agent("poste 4", presence="online", work_state="not_ready")
    await floor.connection.execute("UPDATE line SET required_skills = '{english}', max_waiting = 9")
    call = await floor.talking(busy, CALLER)
    await floor.waiting(OTHER, queued_s_ago=40, pick=True)
    await floor.waiting(CALLER, queued_s_ago=900, pick=True, direction="callback", provider_call_id=None)
    found = await board(floor)
    [line] = found["lines"]
    assert (line["waiting"], line["agents"], line["ready"], line["open"], line["mode"]) == (1, 2, 1, True, "owned")
    assert 40 <= line["longest_wait_s"] < 900
    assert line["estimate_s"] == round(3 * 165 / 2)
    agents = {each["label"]: each for each in found["agents"]}
    assert list(agents) == ["poste 1", "poste 2", "poste 3", "poste 4"]
    one, three = agents["poste 1"], agents["poste 3"]
    assert (one["work_state"], one["call_id"], one["call_state"], one["line_id"]) == (
        "on_call", str(call), "talking", str(floor.line_id),
    )  # fmt: skip
    assert (three["id"], three["presence"], three["reason"], three["pending_state"]) == (
        str(away), "stale", "coffee", "offline",
    )  # fmt: skip
    assert agents["poste 2"]["id"] == str(ready)
    assert agents["poste 2"]["client_ids"] == [str(floor.client_id)]


async def test_three_levels_of_the_day_and_of_the_last_half_hour(floor: Floor) -> None:
    """Scenario 10 (threshold 2 s) now, one call at the day's first instant, one of yesterday that is not in the day."""
    await floor.connection.execute("UPDATE client SET sl_threshold_s = 2")
    now = clock.now()
    begins = midnight(now.astimezone(PARIS).date(), PARIS)
    for n in range(12):
        wait_s = 1.5 if n < 4 else 9.0 if n < 10 else 2.0
        answered = n < 10
        await floor.call(
            CALLER, arrived_at=now, queued_at=now, state="completed" if answered else "abandoned", ended_at=now,
            answered_at=now if answered else None, wait_s=wait_s, talk_s=100.0, wrap_s=20.0, short=not answered,
        )  # fmt: skip
    early = (begins, begins - timedelta(seconds=1))
    for at in early:
        await floor.call(
            CALLER, arrived_at=at, queued_at=at, state="completed", answered_at=at, ended_at=at, wait_s=1.0
        )
    await floor.agent(presence="online", work_state="ready")
    [line] = (await board(floor))["lines"]
    recent, day = line["half_hour"], line["day"]
    more = sum(now - at < timedelta(minutes=30) for at in early)
    levels = [recent[name] for name in ("sl_answered", "sl_with_abandons", "sl_offered")]
    assert levels == pytest.approx([(4 + more) / (10 + more), (6 + more) / (12 + more), (4 + more) / (10 + more)])
    assert (recent["offered"], recent["abandoned"], recent["short_abandoned"]) == (12 + more, 2, 2)
    assert (line["received"], day["answered"], day["abandoned"]) == (13, 11, 2)
    assert (day["sl_answered"], day["sl_offered"]) == (pytest.approx(5 / 11), pytest.approx(5 / 11))
    assert (line["sl_threshold_s"], line["sl_goal"]) == (2, 0.8)


async def test_what_is_late(floor: Floor) -> None:
    now = clock.now()
    own = {"organisation_id": floor.centre, "client_id": floor.client_id}
    message = own | {
        "practitioner_id": new_id(), "body_sealed": b"x", "author_id": new_id(), "state": "sent", "created_at": now,
    }  # fmt: skip
    soon, past = now + timedelta(minutes=5), now - timedelta(minutes=1)
    for urgency, level, due_at in (
        ("urgent", 2, soon),
        ("urgent", 2, past),
        ("routine", 0, past),
        ("routine", 0, soon),
    ):
        await floor.insert("message", message | {"id": new_id(), "urgency": urgency, "level": level, "due_at": due_at})
    for number, minutes in ((CALLER, 31), (OTHER, 29)):
        at = now - timedelta(minutes=minutes)
        await floor.insert("callback", own | {
            "id": new_id(), "line_id": floor.line_id, "origin": "agent", "priority_at": at, "not_before": at,
            "expires_at": soon, "created_at": at, "number_hash": VAULT.hash(number),
        })  # fmt: skip
    for due_at in (past, soon):
        await floor.insert("task", own | {
            "id": new_id(), "kind": "callback_missed", "due_at": due_at, "created_at": past, "state": "open",
        })  # fmt: skip
    ended = {"state": "completed", "outcome": "unclassified"}
    untold = await floor.call(CALLER, **ended, ended_at=now)
    await floor.call(CALLER, **ended, ended_at=now, supervisor_told=True)
    await floor.call(CALLER, **ended, ended_at=now - timedelta(days=16))
    await floor.insert("red_flag", own | {
        "id": new_id(), "call_id": untold, "agent_id": new_id(), "state": "dialling", "opened_at": now,
    })  # fmt: skip
    await floor.connection.execute("UPDATE telephony_adapter SET state = 'down', since = $1", past)
    found = await board(floor)
    levels = [(each["urgency"], each["level"], each["count"]) for each in found["message_levels"]]
    assert levels == [("urgent", 2, 2), ("routine", 0, 1)]
    assert [each["level"] for each in found["late_messages"]] == [2, 2, 0]
    [callbacks] = found["callbacks"]
    assert (callbacks["open"], callbacks["dialling"], callbacks["late"]) == (2, 0, 1)
    assert [each["kind"] for each in found["late_tasks"]] == ["callback_missed"]
    assert [each["id"] for each in found["unclassified"]] == [str(untold)]
    assert [(each["call_id"], each["state"]) for each in found["red_flags"]] == [(str(untold), "dialling")]
    assert [(each["id"], each["kind"]) for each in found["adapters_down"]] == [(ADAPTER, "simulated")]


async def test_closed_until(floor: Floor) -> None:
    """A line without hours is closed for good; one closed by exception of today says so, and until when."""
    await floor.connection.execute("UPDATE calendar SET weekly = '[]'")
    [line] = (await board(floor))["lines"]
    assert (line["open"], line["reason"], line["until"], line["estimate_s"]) == (False, "hours", None, None)


async def test_wall_screens_see_the_floor_agents_and_foreigners_do_not(floor: Floor) -> None:
    agent = await floor.agent("poste 1", presence="online", work_state="ready")
    await floor.waiting(CALLER, queued_s_ago=40, pick=True)
    wall = professional("wall_screen", floor.firm, floor.centre, service="telesecretariat")
    assert [len((await board(floor, wall))[name]) for name in ("agents", "lines")] == [1, 1]
    foreign = await board(floor, floor.stranger())
    assert all(foreign[name] == [] for name, value in foreign.items() if isinstance(value, list))
    for caller in (floor.telesecretary(agent), floor.manager()):
        async with floor.http(caller) as client:
            assert (await client.get("/v1/board")).status_code == 403
    await floor.connection.execute("UPDATE client SET valid = tstzrange(lower(valid), $1)", clock.now())
    assert (await board(floor))["lines"] == []
