"""The front door before services that run in this process: the gateway itself, one account for each caller.

`running.through = Gate(...)`: from then on `running.client(who)` goes in by the door, which finds out for itself who
that is: a session for professionals, a code for patients, a token for partners. When the clock was moved, everybody
signs in again, as after a night.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import httpx

from gateway.accounts import queries as accounts
from gateway.delegations import queries as delegations
from gateway.door.callers import TOKEN_PREFIX
from gateway.main import service as gateway
from gateway.organisations import queries as organisations
from gateway.sessions import passwords
from gateway.sessions import queries as sessions
from gateway.sessions.domain import login_key
from maillage import clock, ids
from maillage.children import free_port
from maillage.database import Database, Tx
from maillage.principal import Principal, system
from maillage.service import Service
from maillage.testing import NO_TLS, Mailbox, Running
from tests.harness.door import UNLIMITED
from tests.harness.front import SECRET

_SAME_KEYS = replace(gateway, jobs=[job for job in gateway.jobs if job.name != "rotate the keys"])
"""A leap of days would renew the door's keys at a moment of its own."""
KindOf = Callable[[UUID], str]
_hash: list[str] = []


class Gate:
    """`kind_of` says what an organisation is; `delegated`: what those whom a caller also reaches have let him do."""

    def __init__(
        self, running: Running, admin_url: str, mailbox: Mailbox, kind_of: KindOf, delegated: tuple[str, ...]
    ) -> None:
        self.running, self.admin_url, self.mailbox = running, admin_url, mailbox
        self.kind_of, self.delegated = kind_of, delegated
        self._accounts: set[str] = set()
        self._known: set[UUID] = set()
        self._tokens: dict[str, str] = {}
        self._one_at_a_time = asyncio.Lock()

    def client(self, service: str, who: Principal | None) -> httpx.AsyncClient:
        """Requests of this caller, by the door; `/v1/…` is that service's."""
        return _AtTheDoor(self, service, who)

    async def admit(self, client: httpx.AsyncClient, service: str, who: Principal) -> None:
        """Gives the client what the door wants to see."""
        if who.kind == "partner":
            client.headers["Authorization"] = f"Bearer {await self._token(service, who)}"
            return
        await _csrf(client)
        if who.kind == "professional":
            await self._account(who)
            answer = await client.post("/auth/password", json={"login": _login(who), "password": SECRET})
            assert (answer.status_code, answer.json()) == (200, {"next": "done"}), answer.text
            await self._proved(who)
        elif who.contact is not None:
            await self._prove(client, who.contact.value)
        await _csrf(client)

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
        async with self._one_at_a_time:
            if who.sub in self._accounts:
                return
            if not _hash:
                _hash.append(await passwords.hashed(SECRET))
            await self._run(_plant_person, who, self)
            self._accounts.add(who.sub)

    async def _proved(self, who: Principal) -> None:
        """What the caller has proved beside the password, and when, as if he had just shown it at the door."""
        if who.auth_time is None or "pin" not in who.amr:
            return
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(
                """UPDATE session SET acr = $2, amr = $3, auth_time = $4 WHERE id_hash =
                       (SELECT id_hash FROM session WHERE person_id = $1 ORDER BY created_at DESC LIMIT 1)""",
                who.person_id,
                who.acr,
                list(who.amr),
                datetime.fromtimestamp(who.auth_time, UTC),
            )
        finally:
            await connection.close()

    async def _token(self, service: str, who: Principal) -> str:
        if who.sub not in self._tokens:
            token = TOKEN_PREFIX + ids.new_token()
            async with self._one_at_a_time:
                await self._run(_plant_organisations, who, self)
            connection = await asyncpg.connect(self.admin_url)
            try:
                await connection.execute(_CLIENT, *_client_of(service, who, token))
            finally:
                await connection.close()
            self._tokens[who.sub] = token
        return self._tokens[who.sub]

    async def _run(self, work: Callable[..., object], *args: object) -> None:
        database = Database(self.running.settings)
        await database.open()
        try:
            await database.run(system("gateway"), work, *args)  # type: ignore[arg-type]  # both are use cases
        finally:
            await database.close()

    async def organisations_of(self, tx: Tx, who: Principal) -> None:
        """His organisation, and those that delegate to it."""
        assert who.org is not None
        others = sorted((who.orgs or frozenset()) - {who.org})
        for organisation_id in (who.org, *others):
            if organisation_id not in self._known:
                kind = self.kind_of(organisation_id)
                territory = self.running.settings.territory
                await organisations.put_organisation(tx, organisation_id, kind, "Essai", territory, [], active=True)
                self._known.add(organisation_id)
        for client in others:
            await delegations.add_delegation(tx, ids.new_id(), who.org, client, self.delegated, tx.now, None)


class _AtTheDoor(httpx.AsyncClient):
    def __init__(self, gate: Gate, service: str, who: Principal | None) -> None:
        super().__init__(base_url=gate.running.url, timeout=30, trust_env=False, verify=NO_TLS)
        self._gate, self._service, self._who = gate, service, who
        self._since: float | None = None

    async def request(self, method: str, url: httpx.URL | str, **sent: object) -> httpx.Response:
        """As any client; the caller comes in first."""
        path = str(url)
        if path.startswith("/v1/"):
            path = f"/api/{self._service}{path}"
            now = clock.offset().total_seconds()
            if self._who is not None and self._since != now:
                self._since = now
                self.cookies.clear()
                self.headers.pop("X-CSRF-Token", None)
                await self._gate.admit(self, self._service, self._who)
        return await super().request(method, path, **sent)  # type: ignore[arg-type]


_CLIENT = """
WITH c AS (
    INSERT INTO client (id, organisation_id, name, scopes, reach, bound_ids, status, created_at)
    VALUES ($1, $2, 'Logiciel', $3, $4, $5, 'active', kit_now())
)
INSERT INTO access_token (token_hash, client_id, scopes, key_print, issued_at, expires_at)
VALUES ($6, $1, $3, 'test', kit_now(), kit_now() + interval '1 day')
"""


def _client_of(service: str, who: Principal, token: str) -> tuple[object, ...]:
    scopes = sorted(f"{service}:{permission}" for permission in who.perms)
    return (
        UUID(who.sub.partition(":")[2]),
        who.org,
        scopes,
        "d" if who.orgs and len(who.orgs) > 1 else "o",
        list(who.bound_ids),
        ids.hash_token(token),
    )


async def _plant_organisations(tx: Tx, who: Principal, gate: Gate) -> None:
    await gate.organisations_of(tx, who)


async def _plant_person(tx: Tx, who: Principal, gate: Gate) -> None:
    """His account there. Nobody is told: what services copy of people, their tests plant themselves."""
    await gate.organisations_of(tx, who)
    assert who.org is not None
    assert who.role is not None
    assert who.person_id is not None
    login = _login(who)
    await accounts.add_person(tx, who.person_id, login, login_key(login), who.role, None, None, None, "active")
    await accounts.add_membership(tx, ids.new_id(), who.person_id, who.org, who.role, tx.now, None)
    await sessions.set_password(tx, who.person_id, _hash[0])


def _login(who: Principal) -> str:
    return f"{who.role}-{who.person_id.hex if who.person_id else ''}"


async def _csrf(client: httpx.AsyncClient) -> None:
    answer = await client.get("/auth/session")
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


def behind_a_gate(
    running_service: Callable[..., Running],
    service: Service,
    mailbox: Mailbox,
    admin_of: Callable[[str], str],
    kind_of: KindOf,
    delegated: tuple[str, ...],
) -> tuple[Running, Gate]:
    """A service that believes only what a gateway says, and that gateway before it."""
    port = free_port()
    door = f"http://127.0.0.1:{port}"
    running = running_service(service, pool_wait_s=15, jwks=None, jwks_url=f"{door}/.well-known/jwks.json")
    told = {"key": "k" * 43, "second_factor": "optional", "public_url": door, "jwks": None, **UNLIMITED}
    upstreams = {service.name: running.url}
    gateway_running = running_service(_SAME_KEYS, address=f"127.0.0.1:{port}", upstreams=upstreams, **told)
    gateway_running.work()
    gate = Gate(gateway_running, admin_of(gateway_running.database_url), mailbox, kind_of, delegated)
    running.through = gate
    return running, gate
