"""What must always hold of the gateway's rows: it does after ordinary use, and the doctor names what breaks it."""

from collections.abc import Callable

import pytest
import pytest_asyncio

from maillage.doctor import Finding, check_invariants
from tests.e2e.gateway.conftest import load_accounts
from tests.e2e.gateway.partner_desk import BOOKED, SUBSCRIPTIONS, PartnerDesk, booked
from tests.harness.door import House
from tests.harness.receiver import receiver

NAMES = ["I17", "gateway.2", "gateway.5", "gateway.11", "gateway.13"]


@pytest_asyncio.fixture
async def desk(house: Callable[..., House], admin_of: Callable[[str], str]) -> PartnerDesk:
    """A gateway that has signed people in and delivered an event."""
    running = house(private_partners=["127.0.0.1/32"], delivery_timeout_s=2)
    desk = PartnerDesk(running, await load_accounts(running), admin_of(running.running.database_url))
    running.running.work()
    machine = await desk.machine()
    async with receiver() as partner, desk.browser("administrateur") as admin, desk.browser("secretaire1"):
        wanted = {"client_id": str(machine), "mode": "webhook", "url": f"{partner.url}/in", "types": [BOOKED]}
        made = (await admin.post(SUBSCRIPTIONS, json=wanted)).json()
        assert (await admin.post(f"{SUBSCRIPTIONS}/{made['id']}/ping")).status_code == 200
        await desk.happens(booked())
        await desk.becomes(made["id"], "delivered")
    return desk


async def found(desk: PartnerDesk) -> dict[str, Finding]:
    """What the doctor says of each."""
    url = desk.house.running.database_url
    return {each.name: each for each in await check_invariants(url, "gateway", "gateway", NAMES)}


async def test_they_hold_after_ordinary_use(desk: PartnerDesk) -> None:
    assert {name: each.state for name, each in (await found(desk)).items()} == dict.fromkeys(NAMES, "ok")


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        (
            "gateway.2",
            """UPDATE person SET status = 'suspended' WHERE login = 'secretaire1'
               RETURNING (SELECT s.sid FROM session s WHERE s.person_id = person.id)""",
        ),
        (
            "gateway.5",
            """INSERT INTO access_token (token_hash, client_id, scopes, key_print, issued_at, expires_at)
               SELECT '\\x00', id, '{}', '', now(), now() + interval '1 day' FROM client RETURNING client_id::text""",
        ),
        ("gateway.11", "UPDATE subscription SET last_position = last_position + 1 RETURNING id::text"),
        ("gateway.11", "UPDATE delivery_attempt SET status = 500 RETURNING delivery_id::text"),
        (
            "gateway.13",
            """UPDATE session SET sid = 'planted' WHERE person_id =
               (SELECT id FROM person WHERE login = 'secretaire1') RETURNING sid""",
        ),
    ],
)
async def test_the_row_that_breaks_one_is_named(desk: PartnerDesk, name: str, broken: str) -> None:
    ((key,),) = await desk.sql(broken)
    told = (await found(desk))[name]
    assert (told.state, told.count) == ("BROKEN", 1)
    assert told.first.startswith(str(key))
