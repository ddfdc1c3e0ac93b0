"""The front door of a cluster: the gateway before the real services, and callers who come in by it.

async with front(cluster, mailbox) as door:
    staff = await door.staff(centre, "telesecretary", "front_desk")      # one account each, signed in
    async with await door.visitor() as nobody: ...
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID, uuid5

import httpx

from gateway.accounts import queries as accounts
from gateway.accounts.service import membership_event
from gateway.delegations import queries as delegations
from gateway.delegations.service import delegation_event
from gateway.organisations import queries as organisations
from gateway.organisations.service import organisation_event
from gateway.sessions import passwords
from gateway.sessions import queries as sessions
from gateway.sessions.domain import login_key
from gateway.sessions.service import person_event
from gateway.settings import GatewaySettings
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import system
from maillage.testing import NO_TLS, Mailbox
from tests.harness.cluster import Cluster

SECRET = "throw-away words of a test"
"""Of accounts that live as long as one test run."""
API = "/api/appointments/v1"
_OF_THE_FIRM = frozenset({"telesecretary", "supervisor"})
SERVED = (("serve", "appointments"), ("serve", "gateway"))


class Front:
    """The gateway of a running cluster. Clients that it gives out keep their cookies and their CSRF token."""

    def __init__(self, cluster: Cluster, mailbox: Mailbox | None) -> None:
        self.cluster, self.mailbox = cluster, mailbox
        self.url = cluster.url("gateway")
        self._open: list[httpx.AsyncClient] = []
        self._hash: str | None = None

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A client without any cookie, closed with the door."""
        limits = httpx.Limits(max_connections=300, max_keepalive_connections=300, keepalive_expiry=2)  # the door: 5 s
        client = httpx.AsyncClient(
            base_url=self.url, headers=headers, timeout=30, limits=limits, trust_env=False, verify=NO_TLS
        )
        self._open.append(client)
        return client

    async def visitor(self) -> httpx.AsyncClient:
        """Somebody unknown, with a visitor's ticket."""
        client = self.browser()
        await _token(client)
        return client

    async def patient(self, number: str) -> httpx.AsyncClient:
        """Somebody who has proved this mobile number by the code that was sent to it."""
        client = await self.visitor()
        await self.prove(client, number)
        return client

    async def prove(self, client: httpx.AsyncClient, number: str) -> None:
        """A visitor proves a mobile number: the code is read from the text that was sent."""
        assert self.mailbox is not None
        earlier = sum(message.to == number for message in self.mailbox.messages)
        asked = await client.post("/auth/codes", json={"channel": "sms", "address": number})
        assert asked.status_code == 202, asked.text
        text = await asyncio.to_thread(self.mailbox.wait, number, skip=earlier)
        digits = re.search(r"\b\d{6}\b", text.body)
        assert digits is not None
        done = await client.post(f"/auth/codes/{asked.json()['id']}/check", json={"code": digits[0]})
        assert done.status_code == 200, done.text
        await _token(client)

    async def staff(
        self, centre: UUID, *roles: str, rpps: Mapping[str, str] | None = None
    ) -> dict[str, httpx.AsyncClient]:
        """One account for each role, planted as the demonstration plants its own, and signed in at the door.

        Telesecretaries and supervisors belong to a firm to which the centre delegates; the others to the centre.
        """
        self._hash = self._hash or await passwords.hashed(SECRET)
        database = Database(GatewaySettings(postgres_url=self.cluster.role_url("gateway"), clock_offset_s=self._offset))
        await database.open()
        try:
            logins = await database.run(system("gateway"), _plant, centre, roles, rpps or {}, self._hash)
        finally:
            await database.close()
        return {role: await self.sign_in(login) for role, login in logins.items()}

    async def sign_in(self, login: str) -> httpx.AsyncClient:
        """A professional with the password of all test accounts."""
        client = self.browser()
        answer = await client.post("/auth/password", json={"login": login, "password": SECRET})
        assert (answer.status_code, answer.json()) == (200, {"next": "done"}), answer.text
        await _token(client)
        return client

    @property
    def _offset(self) -> float:
        return float(self.cluster.besides.get("MAILLAGE_CLOCK_OFFSET_S") or 0)

    async def close(self) -> None:
        """Closes every client that was given out."""
        while self._open:
            await self._open.pop().aclose()


async def _token(client: httpx.AsyncClient) -> None:
    answer = await client.get("/auth/session")
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


async def _plant(tx: Tx, centre: UUID, roles: tuple[str, ...], rpps: Mapping[str, str], hashed: str) -> dict[str, str]:
    firm = uuid5(centre, "firm")
    for organisation_id, kind, name in ((centre, "health_centre", "Centre"), (firm, "telesecretariat", "Firm")):
        row = await organisations.put_organisation(tx, organisation_id, kind, name, "essai", [], active=True)
        tx.emit(organisation_event(row), organisation_id)
    reach = ("appointments:*", "telesecretariat:*")
    delegation = await delegations.add_delegation(tx, uuid5(firm, "delegation"), firm, centre, reach, tx.now, None)
    if delegation is not None:
        tx.emit(delegation_event(delegation), centre)
    return {
        role: await account(tx, firm if role in _OF_THE_FIRM else centre, role, rpps.get(role), hashed)
        for role in roles
    }


async def account(tx: Tx, organisation_id: UUID, role: str, rpps: str | None, hashed: str) -> str:
    """Somebody with this role there; the login."""
    person_id = new_id()
    login = f"{role}-{person_id.hex}"
    person = await accounts.add_person(tx, person_id, login, login_key(login), role, None, None, rpps, "active")
    membership = await accounts.add_membership(tx, new_id(), person_id, organisation_id, role, tx.now, None)
    assert person is not None
    assert membership is not None
    await sessions.set_password(tx, person_id, hashed)
    tx.emit(person_event(person), organisation_id)
    tx.emit(membership_event(membership), organisation_id)
    return login


@asynccontextmanager
async def front(
    cluster: Cluster, mailbox: Mailbox | None = None, *more: tuple[str, str], offset_s: float = 0
) -> AsyncIterator[Front]:
    """Starts the door and the appointments service behind it, `more` programs too; all of them are killed at the end.

    The services believe the gateway's own keys here, not those of the tests. `offset_s` moves the clock of all of them.
    Webhooks may go to 127.0.0.1.
    """
    url = cluster.url("gateway")
    cluster.besides = {
        "MAILLAGE_JWKS": "",
        "MAILLAGE_JWKS_URL": f"{url}/.well-known/jwks.json",
        "MAILLAGE_PUBLIC_URL": url,
        "MAILLAGE_SMTP_URL": mailbox.url if mailbox else "",
        "MAILLAGE_CLOCK_OFFSET_S": str(offset_s) if offset_s else "",
        "MAILLAGE_GATEWAY_PRIVATE_PARTNERS": '["127.0.0.1/32"]',
    }
    door = Front(cluster, mailbox)
    try:
        with cluster.started(*SERVED, *more):
            yield door
    finally:
        await door.close()
        cluster.besides = {}
