"""A telesecretary's account at the gateway, and her session as the headers of a request."""

import asyncio

import httpx

from bench import ids
from bench.world import World
from gateway.accounts import queries as accounts
from gateway.delegations import queries as delegations
from gateway.organisations import queries as organisations
from gateway.sessions import passwords
from gateway.sessions import queries as sessions
from gateway.sessions.domain import login_key
from gateway.settings import GatewaySettings
from maillage.database import Database, Tx
from maillage.ids import new_token
from maillage.principal import system

LOGIN = "telesecretary-of-the-bench"


def sign_in(world: World) -> str:
    """Plants the account, signs in at the running gateway; returns the headers of her requests."""
    secret = new_token()
    asyncio.run(_plant(world, secret))
    with httpx.Client(base_url=world.url("gateway"), trust_env=False, timeout=20) as client:
        client.post("/auth/password", json={"login": LOGIN, "password": secret}).raise_for_status()
        token = client.get("/auth/session").raise_for_status().json()["csrf_token"]
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return f"Cookie: {cookies}\r\nX-CSRF-Token: {token}\r\n"


async def _plant(world: World, secret: str) -> None:
    database = Database(GatewaySettings(postgres_url=world.role_url("gateway")))
    await database.open()
    try:
        await database.run(system("gateway"), _account, await passwords.hashed(secret))
    finally:
        await database.close()


async def _account(tx: Tx, hashed: str) -> None:
    for organisation, kind in ((ids.CENTRE, "health_centre"), (ids.FIRM, "telesecretariat")):
        await organisations.put_organisation(tx, organisation, kind, f"Bench {kind}", "bench", [], active=True)
    reach = ("appointments:*", "telesecretariat:*")
    await delegations.add_delegation(tx, ids.DELEGATION, ids.FIRM, ids.CENTRE, reach, tx.now, None)
    named = (LOGIN, login_key(LOGIN), "Bench", None, None, None, "active")
    await accounts.add_person(tx, ids.PERSON, *named)
    await accounts.add_membership(tx, ids.MEMBERSHIP, ids.PERSON, ids.FIRM, "telesecretary", tx.now, None)
    await sessions.set_password(tx, ids.PERSON, hashed)
