"""Calls drawn by chance, scored by a supervisor, answered by the agent: who sees what, and when."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from telesecretariat.quality.drawing import draw_for_all
from tests.harness.floor import ADAPTER, Floor

MONTH = "2025-11"
CODES = {"identification": 25, "instruction": 25, "red_flags": 25, "trace": 15, "tone": 10}
SCORES = {"identification": 100, "instruction": 80, "red_flags": 40, "trace": 0, "tone": 50}
# Ten calls of each agent in November and one on either side of it, by the clock of Paris; two that were not completed.
CALLS = """
INSERT INTO call (id, organisation_id, client_id, line_id, adapter_id, direction, state, arrived_at, answered_at,
                  state_since, agent_id, talk_s, created_at)
SELECT gen_random_uuid(), $1, $2, $3, $4, 'inbound', s, t, t, t, $5, 130, t
FROM (SELECT '2025-11-03T09:00:00Z'::timestamptz + n * interval '2 days' AS t, 'completed' AS s
      FROM generate_series(0, 9) n
      UNION ALL VALUES ('2025-10-31T22:59:59Z'::timestamptz, 'completed'), ('2025-11-30T23:00:00Z', 'completed'),
                       ('2025-11-05T09:00:00Z', 'failed'), ('2025-11-06T09:00:00Z', 'abandoned')) x
"""


def grid(**weights: int) -> dict[str, Any]:
    criteria = [
        {"code": code, "label_fr": code, "label_en": code, "weight": weight}
        for code, weight in (CODES | weights).items()
    ]
    return {"name": "Grille", "criteria": criteria}


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def talked(floor: Floor, agent_id: UUID) -> None:
    await floor.connection.execute(CALLS, floor.centre, floor.client_id, floor.line_id, ADAPTER, agent_id)


async def two_agents(floor: Floor) -> tuple[UUID, UUID]:
    first, second = await floor.agent("poste 1"), await floor.agent("poste 2")
    for agent in (first, second):
        await talked(floor, agent)
    return first, second


async def drawn(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post("/v1/quality/draws", json={"month": MONTH, "seed": 7} | body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def reviews(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    return list((await client.get("/v1/quality/reviews", params={"limit": "100"} | asked)).json()["items"])


async def test_the_same_seed_draws_the_same_completed_calls_and_none_twice(floor: Floor) -> None:
    agents = await two_agents(floor)
    async with floor.http(floor.supervisor()) as client:
        refused(await client.post("/v1/quality/draws", json={"month": MONTH, "seed": 7}), 409, "NO_GRID")
        assert (await client.post("/v1/quality/grids", json=grid())).status_code == 201
        assert await drawn(client) == {"month": MONTH, "seed": 7, "drawn": 8, "agents": 2}
        found = await reviews(client)
        assert [sum(each["agent_id"] == str(agent) for each in found) for agent in agents] == [4, 4]
        assert {each["state"] for each in found} == {"drawn"}
        first = {each["call_id"] for each in found}
        assert (await drawn(client, seed=8))["drawn"] == 0, "each has her four"
        assert (await drawn(client, per_agent=20))["drawn"] == 12, "the rest of the ten, and neither border nor failure"
        assert len({each["call_id"] for each in await reviews(client)}) == 20
        for seed, same in ((7, True), (8, False)):
            await floor.connection.execute("DELETE FROM quality_review")
            await drawn(client, seed=seed)
            assert ({each["call_id"] for each in await reviews(client)} == first) == same


@pytest.fixture
async def database(floor: Floor) -> AsyncIterator[Database]:
    opened = Database(cast(Any, floor.running).settings)
    await opened.open()
    yield opened
    await opened.close()


async def test_the_service_draws_by_itself_for_each_who_has_a_grid(floor: Floor, database: Database) -> None:
    await two_agents(floor)
    await talked(floor, await floor.agent("d'ailleurs", organisation_id=new_id()))
    async with floor.http(floor.supervisor()) as client:
        await client.post("/v1/quality/grids", json=grid())
        for _ in range(2):
            await database.run(system("telesecretariat"), draw_for_all, date(2025, 11, 1))
            assert len(await reviews(client)) == 8, "once, and nobody of another firm"


async def test_from_scores_to_the_end(floor: Floor, log_capture: Any) -> None:
    agent, _ = await two_agents(floor)
    async with floor.http(floor.supervisor()) as client, floor.http(floor.telesecretary(agent)) as hers:
        await client.post("/v1/quality/grids", json=grid())
        await drawn(client)
        found = await reviews(client, agent_id=str(agent), state="drawn")
        path = f"/v1/quality/reviews/{found[0]['id']}"
        refused(await client.post(f"{path}/share"), 409, "WRONG_STATE")
        short = {code: SCORES[code] for code in list(SCORES)[1:]}
        refused(await client.post(f"{path}/score", json={"scores": short}), 422, "SCORES_INCOMPLETE")
        scored = await client.post(f"{path}/score", json={"scores": SCORES, "comment": "Adresse non demandée"})
        assert (scored.json()["total"], scored.json()["state"]) == (60.0, "scored")
        refused(await client.post(f"{path}/share", headers={"if-match": '"1"'}), 412, "VERSION_STALE")
        assert (await hers.get(path)).status_code == 404, "not before it is shared"
        assert await reviews(hers) == []
        shared = await client.post(f"{path}/share", headers={"if-match": scored.headers["etag"]})
        assert shared.status_code == 200
        refused(await client.post(f"{path}/score", json={"scores": SCORES}), 409, "WRONG_STATE")
        refused(await client.post(f"{path}/finish"), 409, "COMMENT_PENDING")
        refused(await client.post(f"{path}/comment", json={"comment": "x"}), 403, "REVIEW_OF_OTHER")
        assert [each["id"] for each in await reviews(hers)] == [found[0]["id"]]
        assert (await hers.get(path)).json()["comment"] == "Adresse non demandée"
        said = await hers.post(f"{path}/comment", json={"comment": "Appel coupé deux fois"})
        assert (said.status_code, said.json()["state"]) == (200, "commented")
        refused(await hers.post(f"{path}/comment", json={}), 409, "WRONG_STATE")
        done = (await client.post(f"{path}/finish")).json()
        assert (done["state"], done["agent_comment"], done["version"]) == ("final", "Appel coupé deux fois", 5)
        for act, body in (("score", {"scores": SCORES}), ("share", None), ("finish", None)):
            refused(await client.post(f"{path}/{act}", json=body), 409, "REVIEW_FINAL")
    row = await floor.row("quality_review", UUID(found[0]["id"]))
    assert b"Adresse" not in row["comment_sealed"] and b"Appel" not in row["agent_comment_sealed"]
    assert "Adresse" not in log_capture.text and "Appel coup" not in log_capture.text
    audited = await floor.connection.fetch(
        "SELECT action FROM kit.audit WHERE record_id = $1 ORDER BY at, id", row["id"]
    )
    assert [each["action"] for each in audited] == [
        "review.score", "review.share", "review.read", "review.comment", "review.finish"]  # fmt: skip


async def test_a_review_ends_without_the_agent_once_her_time_is_over(floor: Floor) -> None:
    agent = await floor.agent()
    await talked(floor, agent)
    async with floor.http(floor.supervisor()) as client:
        await client.post("/v1/quality/grids", json=grid())
        await drawn(client)
        path = f"/v1/quality/reviews/{(await reviews(client))[0]['id']}"
        await client.post(f"{path}/score", json={"scores": SCORES})
        await client.post(f"{path}/share")
        await floor.connection.execute("UPDATE quality_review SET shared_at = shared_at - interval '14 days'")
        assert (await client.post(f"{path}/finish")).json()["state"] == "final"


async def test_who_sees_a_review(floor: Floor) -> None:
    agent, other = await two_agents(floor)
    boss = await floor.agent("encadrante")
    await talked(floor, boss)
    async with floor.http(floor.supervisor()) as client:
        await client.post("/v1/quality/grids", json=grid())
        await drawn(client, per_agent=1)
        of = {each["agent_id"]: f"/v1/quality/reviews/{each['id']}" for each in await reviews(client)}
        await client.post(f"{of[str(agent)]}/score", json={"scores": SCORES})
        await client.post(f"{of[str(agent)]}/share")
    for caller, status in (
        (floor.telesecretary(agent), 200), (floor.telesecretary(other), 404), (floor.stranger(), 404),
        (floor.manager(), 403), (floor.practitioner(), 403),
    ):  # fmt: skip
        async with floor.http(caller) as client:
            assert (await client.get(of[str(agent)])).status_code == status, caller.role
            listed = await client.get("/v1/quality/reviews")
            shown = len(listed.json().get("items", []))
            assert shown == (1 if status == 200 else 0), caller.role
            if caller.role != "supervisor":
                assert (await client.post(f"{of[str(other)]}/score", json={"scores": SCORES})).status_code == 403
                assert (await client.post("/v1/quality/grids", json=grid())).status_code == 403
    async with floor.http(floor.supervisor(boss)) as client:
        refused(await client.post(f"{of[str(boss)]}/score", json={"scores": SCORES}), 403, "REVIEW_OWN")
    await floor.connection.execute("UPDATE agent_assignment SET during = tstzrange(lower(during), now())")
    async with floor.http(floor.telesecretary(agent)) as client:
        assert (await client.get(of[str(agent)])).status_code == 404, "of a client that she answers for no more"


async def test_the_weights_of_a_grid_sum_to_a_hundred(floor: Floor) -> None:
    async with floor.http(floor.supervisor()) as client:
        refused(await client.post("/v1/quality/grids", json=grid(tone=11)), 422, "GRID_WEIGHTS")
        twice = grid()
        twice["criteria"][1]["code"] = twice["criteria"][0]["code"]
        refused(await client.post("/v1/quality/grids", json=twice), 422, "CRITERION_TWICE")
        made = [(await client.post("/v1/quality/grids", json=grid())).json()["id"] for _ in range(2)]
        listed = (await client.get("/v1/quality/grids")).json()["items"]
        assert [(each["id"], each["state"]) for each in listed] == [(made[0], "retired"), (made[1], "active")]
        assert {each["code"]: each["weight"] for each in listed[1]["criteria"]} == CODES
        at_once = await asyncio.gather(*(client.post("/v1/quality/grids", json=grid()) for _ in range(4)))
        assert {each.status_code for each in at_once} == {201}
        listed = (await client.get("/v1/quality/grids")).json()["items"]
        assert [each["state"] for each in listed].count("active") == 1
