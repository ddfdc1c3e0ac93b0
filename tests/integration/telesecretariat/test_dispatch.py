"""The queue, through the API of the running service: who is served when, and by whom."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx

from maillage import clock
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.floor import Floor


async def ready(floor: Floor, label: str, **fields: object) -> UUID:
    """An agent who waits for calls."""
    return await floor.agent(label, assigned=True, **{"presence": "online", "work_state": "ready"} | fields)


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
    agent = await ready(floor, "poste 12")
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


async def test_fifty_who_want_one_call_are_told_who_has_it_and_stay_ready(floor: Floor) -> None:
    agents = [await ready(floor, f"poste {n}") for n in range(50)]
    call = await floor.waiting(pick=True)
    answers = await asyncio.gather(*(claim(floor, agent, call) for agent in agents))
    won = [answer for answer in answers if answer.status_code == 200]
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, 49)
    winner = await floor.row("agent", UUID(won[0].json()["agent_id"]))
    assert {(each["code"], each["claimed_by"]) for each in lost} == {("CALL_ALREADY_CLAIMED", winner["label"])}
    assert await rings(floor, call) == 1
    states = await floor.connection.fetch("SELECT work_state, count(*) AS n FROM agent GROUP BY 1 ORDER BY 1")
    assert [(row["work_state"], row["n"]) for row in states] == [("on_call", 1), ("ready", 49)]
    kinds = await floor.connection.fetch("SELECT kind FROM call_event WHERE call_id = $1 ORDER BY seq", call)
    assert [row["kind"] for row in kinds] == ["arrived", "claimed"]


async def test_every_call_has_one_winner_when_many_take_the_next_at_once(floor: Floor) -> None:
    """The queue is emptied by sixteen who never wait for one another; an agent who has a call is made ready again."""
    agents = [await ready(floor, f"poste {n}") for n in range(16)]
    calls = [await floor.waiting(queued_s_ago=600 - n, pick=True) for n in range(160)]
    taken: list[str] = []

    async def work(agent: UUID) -> None:
        async with floor.http(floor.telesecretary(agent)) as client:
            while (answer := await client.post("/v1/calls/next")).status_code == 200:
                taken.append(answer.json()["id"])
                await floor_done(floor, agent, UUID(answer.json()["id"]))
            assert answer.status_code == 204, answer.text

    lock = asyncio.Lock()

    async def floor_done(floor: Floor, agent: UUID, call: UUID) -> None:
        async with lock:  # the planter has one connection
            await floor.connection.execute("UPDATE call SET state = 'completed' WHERE id = $1", call)
            await floor.connection.execute("UPDATE agent SET work_state = 'ready' WHERE id = $1", agent)

    await asyncio.gather(*(work(agent) for agent in agents))
    assert sorted(taken) == sorted(str(call) for call in calls)
    broken = await floor.connection.fetchval("SELECT count(*) FROM call_event GROUP BY call_id HAVING count(*) <> 2")
    assert broken is None


async def test_callers_are_served_in_the_order_of_their_scores(floor: Floor) -> None:
    """Scenario 2: A at 9:00:00, B at 9:00:30, a hospital (+120 s) at 9:01:00; who frees serves the hospital, A, B."""
    at = clock.now() - timedelta(minutes=2)
    a = await floor.waiting(priority_at=at, pick=True)
    b = await floor.waiting(priority_at=at + timedelta(seconds=30), pick=True)
    hospital = await floor.waiting(priority_at=at + timedelta(seconds=60 - 120), pick=True)
    served = [(await take(floor, await ready(floor, f"poste {n}"))).json()["id"] for n in range(3)]
    assert served == [str(hospital), str(a), str(b)]


async def test_a_call_is_offered_to_who_has_waited_longest_and_can_be_declined(floor: Floor) -> None:
    now = clock.now()
    fresh = await ready(floor, "poste 1", idle_since=now - timedelta(seconds=5))
    idle = await ready(floor, "poste 2", idle_since=now - timedelta(seconds=90))
    call = await floor.waiting()
    offer = await offered(floor, call, idle)
    async with floor.http(floor.telesecretary(idle)) as client:
        desk = (await client.get("/v1/desk")).json()
        assert (desk["offer"]["id"], desk["offer"]["call_id"]) == (str(offer), str(call))
        assert [each["id"] for each in desk["queue"]] == [str(call)]
        assert (await client.post(f"/v1/offers/{offer}/decline")).status_code == 204
    await offered(floor, call, fresh)
    row = await floor.row("agent", idle)
    assert (row["work_state"], row["reason"]) == ("not_ready", "declined")
    async with floor.http(floor.telesecretary(fresh)) as client:
        refused = await client.post(f"/v1/offers/{offer}/decline")
        assert refused.status_code == 404
        taken = await client.post("/v1/calls/next")
        assert (taken.status_code, taken.json()["id"]) == (200, str(call))
    results = await floor.connection.fetch("SELECT state FROM offer WHERE call_id = $1 ORDER BY opened_at", call)
    assert [row["state"] for row in results] == ["declined", "accepted"]


async def offered(floor: Floor, call: UUID, agent: UUID) -> UUID:
    """Waits until this call is offered to this agent; the offer."""

    async def now() -> UUID | None:
        found: UUID | None = await floor.connection.fetchval(
            "SELECT id FROM offer WHERE call_id = $1 AND agent_id = $2 AND state = 'open'", call, agent
        )
        return found

    found = await soon(now)
    assert found is not None
    return found


async def test_an_offer_that_nobody_takes_goes_to_the_next_at_the_old_place(floor: Floor) -> None:
    """Scenario 5, its lease over."""
    away = await ready(floor, "poste 1", idle_since=clock.now() - timedelta(seconds=90))
    call = await floor.waiting(queued_s_ago=20)
    offer = await offered(floor, call, away)
    place = (await floor.row("call", call))["priority_at"]
    there = await ready(floor, "poste 2")
    await floor.connection.execute("UPDATE offer SET expires_at = now() - interval '1 second' WHERE id = $1", offer)
    floor.work()
    await offered(floor, call, there)
    row = await floor.row("agent", away)
    assert (row["work_state"], row["reason"]) == ("not_ready", "no_answer")
    assert (await floor.row("call", call))["priority_at"] == place
    assert (await floor.row("offer", offer))["state"] == "expired"
    assert (await claim(floor, away, call)).json()["code"] == "CALL_ALREADY_CLAIMED"


async def test_fewest_calls_of_the_day_first_where_the_line_says_so(floor: Floor) -> None:
    now = clock.now()
    await floor.connection.execute("UPDATE line SET strategy = 'fewest_calls' WHERE id = $1", floor.line_id)
    counted = {"counted_on": now.date()}
    await ready(floor, "poste 1", **counted, calls_today=9, idle_since=now - timedelta(seconds=90))
    rested = await ready(floor, "poste 2", **counted, calls_today=2)
    await offered(floor, await floor.waiting(), rested)


async def test_preferred_skills_are_waited_for_until_they_relax_and_required_ones_always(floor: Floor) -> None:
    agent = await ready(floor, "poste 1", skills=["vaccination"])
    far, past = clock.now() + timedelta(hours=1), clock.now() - timedelta(seconds=1)
    strict = await floor.waiting(queued_s_ago=90, required_skills=["breton"], pick=True)
    await floor.waiting(queued_s_ago=60, preferred_skills=["breton"], relax_at=far, pick=True)
    relaxed = await floor.waiting(queued_s_ago=30, preferred_skills=["breton"], relax_at=past, pick=True)
    refused = await claim(floor, agent, strict)
    assert (refused.status_code, refused.json()["code"]) == (409, "AGENT_NOT_CAPABLE")
    assert (await take(floor, agent)).json()["id"] == str(relaxed)


async def test_what_is_out_of_reach_does_not_exist_and_what_is_over_is_gone(floor: Floor) -> None:
    agent = await ready(floor, "poste 1")
    other = await floor.client(organisation_id=new_id())
    foreign = await floor.waiting(client_id=other, organisation_id=new_id(), pick=True)
    assert (await claim(floor, agent, foreign)).status_code == 404
    over = await floor.call(state="abandoned")
    assert (await claim(floor, agent, over)).json()["code"] == "CALL_GONE"
    observed = await floor.waiting(observed=True)
    assert (await claim(floor, agent, observed)).json()["code"] == "LINE_OBSERVED_ONLY"
    later = await floor.waiting(direction="callback", not_before=clock.now() + timedelta(minutes=5))
    assert (await take(floor, agent)).status_code == 204
    await floor.connection.execute("UPDATE call SET not_before = now() WHERE id = $1", later)
    async with floor.http(floor.telesecretary(agent)) as client:
        first = await client.post("/v1/calls/next", headers={"Idempotency-Key": "once"})
        again = await client.post("/v1/calls/next", headers={"Idempotency-Key": "once"})
    assert (first.json()["id"], first.json()["direction"]) == (str(later), "callback")
    assert again.content == first.content


async def test_calls_of_a_client_are_gone_at_the_instant_the_assignment_ends(floor: Floor) -> None:
    """Scenario 13."""
    agent = await ready(floor, "poste 1")
    call = await floor.waiting(pick=True)
    await floor.connection.execute(
        "UPDATE agent_assignment SET during = tstzrange(lower(during), now()) WHERE agent_id = $1", agent
    )
    assert (await claim(floor, agent, call)).status_code == 404
    assert (await take(floor, agent)).status_code == 204


async def test_only_who_is_ready_takes_a_call(floor: Floor) -> None:
    busy = await floor.agent("poste 1", presence="online", work_state="not_ready", reason="pause")
    call = await floor.waiting(pick=True)
    refused = await claim(floor, busy, call)
    assert (refused.json()["code"], refused.json()["work_state"]) == ("AGENT_NOT_READY", "not_ready")
    gone = await floor.agent("poste 2")
    assert (await take(floor, gone)).json()["code"] == "AGENT_OFFLINE"
    deaf = await ready(floor, "poste 3", device_ready=False)
    assert (await take(floor, deaf)).json()["code"] == "DEVICE_UNREGISTERED"
    assert (await take(floor, new_id())).json()["code"] == "NO_LINE"
    assert (await floor.row("call", call))["state"] == "waiting"
