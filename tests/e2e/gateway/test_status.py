"""What every professional may know of the platform: which service answers, and who may do what."""

import asyncio

import httpx

from gateway import permissions
from maillage.testing import soon
from tests.e2e.gateway.conftest import Desk
from tests.harness.door import Upstream

STATUS = "/api/gateway/v1/status"
OPEN = "/api/appointments/v1/open"


async def _state(client: httpx.AsyncClient, expected: str) -> bool:
    answer = await client.get(STATUS)
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    assert item["service"] == "appointments"
    return str(item["state"]) == expected


async def test_the_screen_can_name_the_service_that_is_down(desk: Desk, upstream: Upstream) -> None:
    """Ready, away, answering again but not yet tried, ready; and since when."""
    async with desk.browser("accueil") as client:
        assert await _state(client, "ready")
        ready = (await client.get(STATUS)).json()["items"][0]["since"]
        upstream.stop()
        await soon(lambda: _state(client, "away"))
        away = (await client.get(STATUS)).json()["items"][0]["since"]
        assert away > ready
        refused = [(await client.get(OPEN)).json()["code"] for _ in range(6)]
        assert set(refused) == {"SERVICE_UNAVAILABLE"}
        upstream.restart()
        await soon(lambda: _state(client, "circuit_open"))

        async def let_through() -> bool:
            return (await client.get(OPEN)).status_code == 200

        await soon(let_through)
        await soon(lambda: _state(client, "ready"))


async def test_many_screens_ask_a_service_once(desk: Desk, upstream: Upstream) -> None:
    async with desk.browser("accueil") as client:
        answers = await asyncio.gather(*(client.get(STATUS) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    asked = [each for each in upstream.requests if each["path"] == "/readyz"]
    assert 1 <= len(asked) < 20
    assert "authorization" not in asked[0]["headers"]


async def test_the_table_of_permissions_can_be_read(desk: Desk) -> None:
    async with desk.browser("accueil") as client:
        told = (await client.get("/api/gateway/v1/permissions")).json()
    assert {row["permission"]: row["reach"] for row in told["items"]} == {
        name: dict(row) for name, row in permissions.rows().items()
    }
    assert "telesecretary" in told["roles_of_kind"]["telesecretariat"]
    assert told["visitors"] == ["patient", "visitor"]


async def test_only_professionals_ask(desk: Desk) -> None:
    async with desk.browser() as visitor:
        for path in (STATUS, "/api/gateway/v1/permissions"):
            assert (await visitor.get(path)).json()["code"] == "NOT_SIGNED_IN", path
