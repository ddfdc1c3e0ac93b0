"""A clinic whose every request goes in by the front door: the gateway in this process, one account for each caller.

The clock may be driven: `async with gated.driven() as time`. After a move everybody signs in again, as after a night.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

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
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import Principal, system
from maillage.testing import NO_TLS, Mailbox, Running
from tests.harness.appointments_world import World
from tests.harness.clinic import Clinic
from tests.harness.driven_clock import DrivenClock, driven
from tests.harness.front import SECRET

_hash: list[str] = []


class Gated(Clinic):
    """`post`, `get`, `delete` as in `Clinic`; `by` says who, and the gateway finds out for itself who that is."""

    api = "/api/appointments/v1"

    def __init__(
        self, running: Running, gate: Running, mailbox: Mailbox, admin_of: Callable[[str], str], w: World
    ) -> None:
        super().__init__(running, w)
        self.gate, self.mailbox, self._admin_of = gate, mailbox, admin_of
        self._planted: set[str] = set()

    @asynccontextmanager
    async def driven(self) -> AsyncIterator[DrivenClock]:
        """Moves the clocks of the door and of the service together."""
        bases = (self._admin_of(self.running.database_url), self._admin_of(self.gate.database_url))
        async with driven(*bases) as time:
            yield time

    async def _client(self, who: Principal) -> httpx.AsyncClient:
        key = f"{who.sub} {who.kind} {who.role} {clock.offset().total_seconds():.0f}"
        if key not in self._clients:
            self._clients[key] = await self._come_in(who)
        return self._clients[key]

    async def _come_in(self, who: Principal) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.gate.url, timeout=30, trust_env=False, verify=NO_TLS)
        await _token(client)
        if who.kind == "professional":
            await self._account(who)
            answer = await client.post("/auth/password", json={"login": _login(who), "password": SECRET})
            assert (answer.status_code, answer.json()) == (200, {"next": "done"}), answer.text
        elif who.contact is not None:
            await self._prove(client, who.contact.value)
        await _token(client)
        return client

    async def _prove(self, client: httpx.AsyncClient, number: str) -> None:
        """A mobile number by the code that is sent to it."""
        earlier = sum(message.to == number for message in self.mailbox.messages)
        asked = await client.post("/auth/codes", json={"channel": "sms", "address": number})
        assert asked.status_code == 202, asked.text
        text = await asyncio.to_thread(self.mailbox.wait, number, skip=earlier)
        digits = re.search(r"\b\d{6}\b", text.body)
        assert digits is not None
        done = await client.post(f"/auth/codes/{asked.json()['id']}/check", json={"code": digits[0]})
        assert done.status_code == 200, done.text

    async def _account(self, who: Principal) -> None:
        if who.sub in self._planted:
            return
        if not _hash:
            _hash.append(await passwords.hashed(SECRET))
        database = Database(self.gate.settings)
        await database.open()
        try:
            await database.run(system("gateway"), _plant, who, self.gate.settings.territory)
        finally:
            await database.close()
        self._planted.add(who.sub)


async def _plant(tx: Tx, who: Principal, territory: str) -> None:
    """His organisation, what is delegated to it, and his account there."""
    assert who.org is not None
    assert who.role is not None
    assert who.person_id is not None
    others = sorted((who.orgs or frozenset()) - {who.org})
    for organisation_id, kind in (
        (who.org, "telesecretariat" if others else "health_centre"),
        *((o, "health_centre") for o in others),
    ):
        row = await organisations.put_organisation(tx, organisation_id, kind, "Centre", territory, [], active=True)
        tx.emit(organisation_event(row), organisation_id)
    for centre in others:
        reach = ("appointments:*", "telesecretariat:*")
        given = await delegations.add_delegation(tx, new_id(), who.org, centre, reach, tx.now, None)
        if given is not None:
            tx.emit(delegation_event(given), centre)
    login = _login(who)
    person = await accounts.add_person(tx, who.person_id, login, login_key(login), who.role, None, None, None, "active")
    membership = await accounts.add_membership(tx, new_id(), who.person_id, who.org, who.role, tx.now, None)
    assert person is not None
    assert membership is not None
    await sessions.set_password(tx, who.person_id, _hash[0])
    tx.emit(person_event(person), who.org)
    tx.emit(membership_event(membership), who.org)


def _login(who: Principal) -> str:
    return f"{who.role}-{str(who.person_id)[-12:]}"


async def _token(client: httpx.AsyncClient) -> None:
    answer = await client.get("/auth/session")
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
