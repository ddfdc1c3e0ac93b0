"""Every operation of every service asked at the real door, and once more past it: exactly those that the table lets in
are let in (design: gateway 3.4, invariants G1 and G3). Over HTTP each is asked by nobody, by one who may and by one who
may not, and each role asks for each permission; every cell of the table is in `tests/contract/gateway`."""

import html
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest_asyncio

from appointments.main import service as appointments
from gateway import authorisation, permissions
from gateway.demo import CENTRE
from gateway.door.routes import Operation, inner_path
from gateway.permissions import OF_DEVICES, ROLES, UNTABLED
from gateway.settings import GatewaySettings
from maillage.ids import hash_token, new_id, new_token
from maillage.principal import Principal
from maillage.refusals import NotAllowed, NotSignedIn
from maillage.sealing import Sealer
from maillage.testing import Running
from tests.e2e.gateway.conftest import KEY, Desk, load_accounts
from tests.harness.door import House
from tests.harness.people import patient, professional, visitor

PARTNER = "partner"
CALLERS = [*ROLES.values(), PARTNER]
REFUSED = {NotAllowed.code, NotSignedIn.code}
WITHOUT_PERSON = OF_DEVICES | {"patient"}
LAST = "DELETE /auth/session"
"""It ends the caller."""


def expected(operation: Operation, role: str) -> bool:
    """Whether the row of the table, read as text, lets this role in."""
    asked = operation.asked
    if role in OF_DEVICES and operation.method != "GET" and operation.template != "/auth/session":
        return False
    if role == PARTNER and (operation.step_up_s is not None or asked[0] == "self"):
        return False
    if asked[0] in UNTABLED:
        return role != "visitor" or asked[0] != "self"
    return role == PARTNER or any(_in_row(role, permissions.TABLE[name]) for name in asked)


def _in_row(role: str, row: str) -> bool:
    return any(role == ROLES.get(code) for group in row.split(", ") for code in group.split()[:-1])


def operations() -> list[Operation]:
    """All of them, the one that ends the caller's session last. Without `/oauth/…`: what is refused there is told in
    the words of RFC 6749, and by its own tests."""
    asked = [each for each in authorisation.operations() if not each.template.startswith("/oauth/")]
    return sorted(asked, key=lambda each: f"{each.method} {each.template}" == LAST)


def asked_by(role: str) -> list[Operation]:
    """The operations that this role asks: one for each permission, kind of method and wished proof; and those for
    which it is this role's turn among all who may, or among all who may not."""
    seen: set[tuple[object, ...]] = set()
    chosen = []
    for place, operation in enumerate(operations()):
        kind = (operation.asked, operation.method == "GET", operation.step_up_s)
        let_in = expected(operation, role)
        alike = [other for other in CALLERS if expected(operation, other) == let_in]
        if kind not in seen or role == "visitor" or alike[place % len(alike)] == role:
            chosen.append(operation)
        seen.add(kind)
    return chosen


def address(template: str) -> str:
    """A path with ids that nothing has."""
    return re.sub(r"\{[a-z_]+\}", lambda _: str(uuid4()), template)


async def refusal(client: httpx.AsyncClient, method: str, path: str) -> str | None:
    """The code of a refusal of rights; None when the caller was let in, whatever came of it. Streams are left."""
    body: dict[str, str] | None = {} if method in ("POST", "PUT", "PATCH") else None
    async with client.stream(method, path, json=body) as answer:
        assert answer.status_code < 500, (method, path, await answer.aread())
        if answer.status_code not in (401, 403):
            return None
        text = (await answer.aread()).decode()
        if answer.headers["content-type"].startswith("text/html"):
            return next((each.code for each in (NotAllowed, NotSignedIn) if html.escape(each.title.fr) in text), None)
        code = json.loads(text).get("code")
        return code if code in REFUSED else None


async def wrong_cells(client: httpx.AsyncClient, role: str, path_of: Callable[[Operation], str]) -> list[str]:
    """Operations whose answer is not the table's."""
    wrong = []
    for operation in asked_by(role):
        told = await refusal(client, operation.method, path_of(operation))
        if operation.asked == ("self",) and role in WITHOUT_PERSON and expected(operation, role):
            continue  # the door lets in whoever is signed in; that it takes a person is for the endpoint to say
        if (told is None) != expected(operation, role) or (told == "NOT_SIGNED_IN" and role != "visitor"):
            wrong.append(f"{role}: {operation.method} {operation.template}: {told}")
    return wrong


class Roles(Desk):
    """One caller of each role, planted."""

    @asynccontextmanager
    async def of(self, role: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser, or a machine, that is nobody else."""
        if role == PARTNER:
            async with self.house.browser(Authorization=f"Bearer {await self._token()}") as client:
                yield client
            return
        secret = None if role == "visitor" else await self._session(role)
        async with self.house.browser() as client:
            if secret:
                client.cookies.set("session", secret, domain="127.0.0.1", path="/")
            await self.refresh(client)
            yield client

    async def _session(self, role: str) -> str:
        secret, kind = new_token(), role if role == "patient" else "wall" if role in OF_DEVICES else "professional"
        person, membership = (new_id(), new_id()) if kind == "professional" else (None, None)
        device = new_id() if kind == "wall" else None
        sealed = Sealer(KEY.encode()).seal("contact", b"+33639980077") if kind == "patient" else None
        if person:
            await self.sql(
                "INSERT INTO person (id, login, login_key, display_name, status) VALUES ($1, $2, $2, $2, 'active')",
                person, f"one of {role}",
            )  # fmt: skip
            await self.sql(
                """INSERT INTO membership (id, person_id, organisation_id, role, valid, source)
                   VALUES ($1, $2, $3, $4, tstzrange(now() - interval '1 hour', NULL), 'admin')""",
                membership, person, CENTRE, role,
            )  # fmt: skip
        if device:
            await self.sql(
                """INSERT INTO device (id, kind, organisation_id, label, valid)
                   VALUES ($1, 'wall', $2, 'Mur', tstzrange(now() - interval '1 hour', now() + interval '1 hour'))""",
                device, CENTRE,
            )  # fmt: skip
        await self.sql(
            """INSERT INTO session (id_hash, sid, kind, person_id, membership_id, device_id, contact_channel,
                   contact_sealed, visitor_id, created_at, idle_until, expires_at, auth_time, amr, acr)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), now() + interval '1 hour', now() + interval '1 hour',
                   now(), '{pwd,otp}', 2)""",
            hash_token(secret), new_id().hex[:16], kind, person, membership, device, "sms" if sealed else None, sealed,
            new_id().hex if sealed else None,
        )  # fmt: skip
        return secret

    async def _token(self) -> str:
        token, client_id = f"mt_{new_token()}", new_id()
        await self.sql(
            """INSERT INTO client (id, organisation_id, name, scopes, reach, status, created_at)
               VALUES ($1, $2, 'Essai', $3, 'o', 'active', now())""",
            client_id, CENTRE, list(permissions.TABLE),
        )  # fmt: skip
        await self.sql(
            """INSERT INTO access_token (token_hash, client_id, scopes, key_print, issued_at, expires_at)
               VALUES ($1, $2, $3, 'of a test', now(), now() + interval '1 hour')""",
            hash_token(token), client_id, list(permissions.TABLE),
        )  # fmt: skip
        return token


@pytest_asyncio.fixture
async def roles(house: Callable[..., House], admin_of: Callable[[str], str]) -> Roles:
    """A gateway with the committed operations of all services, before one that answers whatever it is asked."""
    running = house()
    behind = {each.service: running.upstream.url for each in operations() if each.service != "gateway"}
    full = house(openapi_dir=GatewaySettings().openapi_dir, upstreams=behind)
    return Roles(full, await load_accounts(full), admin_of(full.running.database_url))


async def test_every_operation_is_asked_at_the_door_by_who_may_and_who_may_not(roles: Roles) -> None:
    """Some thousand cells over real HTTP. Nothing is a 500."""
    wrong: list[str] = []
    for role in CALLERS:
        async with roles.of(role) as client:
            wrong += await wrong_cells(client, role, lambda operation: address(operation.template))
    assert wrong == []


def told(role: str) -> Principal | None:
    """What the service would be told of this caller."""
    if role == "visitor":
        return visitor()
    return patient("+33639980077") if role == "patient" else professional(role, CENTRE)


async def test_the_service_checks_again_what_comes_past_the_door(running_service: Callable[..., Running]) -> None:
    """A token of each role at the service itself: the same rows are refused, and without a token everything that is
    not open."""
    running = running_service(appointments)

    def own(role: str) -> list[Operation]:
        return [each for each in asked_by(role) if each.service == "appointments"]

    async def wrong(role: str) -> list[str]:
        out = []
        async with running.client(told(role)) as client:
            for operation in own(role):
                path = inner_path("appointments", address(operation.template))
                said = await refusal(client, operation.method, path)
                let_in = any(_in_row(role, permissions.TABLE[name]) for name in operation.asked if ":" in name)
                if (said is None) != (let_in or operation.asked[0] in UNTABLED):
                    out.append(f"{role}: {operation.method} {operation.template}: {said}")
        return out

    assert [line for role in ROLES.values() for line in await wrong(role)] == []
    async with running.client() as nobody:
        for operation in own("visitor"):
            path = inner_path("appointments", address(operation.template))
            answer = await nobody.request(operation.method, path)
            if operation.asked[0] == "signed":
                assert answer.json()["code"] == "SIGNATURE_INVALID", path
            else:
                assert (answer.status_code == 401) == (operation.asked[0] != "public"), path
