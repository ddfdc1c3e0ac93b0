"""The gateway as a real server before a small real service, whose answers show what reached it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from gateway import demo
from gateway.main import service as gateway
from maillage.children import free_port
from maillage.database import Database
from maillage.principal import system
from maillage.testing import Mailbox, Running
from tests.harness.door import DOCUMENT, UNLIMITED, House, Upstream
from tests.harness.publishing import Publisher

_drawn: list[tuple[dict[str, str], dict[str, str]]] = []
KEY = "a key for tests, as long as a real one is: 0123456789"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """The service behind the door."""
    server = Upstream(free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def house(
    running_service: Callable[..., Running], upstream: Upstream, tmp_path: Path, mailbox: Mailbox
) -> Callable[..., House]:
    """`house(**settings)` -> a gateway on its own database, with the service behind it."""
    (tmp_path / "appointments.json").write_text(json.dumps(DOCUMENT))

    def make(**changed: Any) -> House:
        port = free_port()
        settings = {
            "key": KEY,
            "address": f"127.0.0.1:{port}",
            "public_url": f"http://127.0.0.1:{port}",
            "openapi_dir": tmp_path,
            "upstreams": {"appointments": upstream.url},
            "jwks": None,
            "second_factor": "optional",
            **UNLIMITED,
            **changed,
        }
        return House(running_service(gateway, **settings), upstream)

    return make


async def load_accounts(house: House) -> dict[str, str]:
    """The demonstration's accounts in this gateway's base: login -> password. Drawn once per process: to make hashes
    that resist guessing takes more than a second."""
    if not _drawn:
        _drawn.append(await demo.drawn())
    secrets, hashes = _drawn[0]
    database = Database(house.running.settings)
    await database.open()
    try:
        await database.run(system("gateway"), demo.fill, house.running.settings.territory, hashes)
    finally:
        await database.close()
    return dict(secrets)


class Desk:
    """A gateway with accounts, and browsers that sign in to it."""

    def __init__(self, house: House, passwords: dict[str, str], admin_url: str) -> None:
        self.house = house
        self.passwords = passwords
        self.admin_url = admin_url

    @asynccontextmanager
    async def browser(self, login: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """A browser with its CSRF token, signed in as that account."""
        async with self.house.browser() as client:
            await self.refresh(client)
            if login is not None:
                answer = await self.sign_in(client, login, self.passwords[login])
                assert answer.status_code == 200, answer.text
                await self.second_factor(login)
                await self.refresh(client)
            yield client

    async def second_factor(self, login: str) -> None:
        """As if the newest session of that account had just proved a second factor: for tests that are not about it."""
        await self.sql(
            """UPDATE session SET acr = 2, auth_time = now() WHERE person_id = (SELECT id FROM person WHERE login = $1)
               AND ended_at IS NULL""",
            login,
        )

    async def refresh(self, client: httpx.AsyncClient) -> None:
        """The token of the present session goes into the header, as the console does."""
        client.headers["X-CSRF-Token"] = (await client.get("/auth/session")).json()["csrf_token"]

    async def sign_in(self, client: httpx.AsyncClient, login: str, password: str) -> httpx.Response:
        """POST /auth/password."""
        return await client.post("/auth/password", json={"login": login, "password": password})

    async def sql(self, statement: str, *args: object) -> list[asyncpg.Record]:
        """What the base holds, seen as superuser."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            return await connection.fetch(statement, *args)
        finally:
            await connection.close()


@pytest.fixture
def opened(house: Callable[..., House], admin_of: Callable[[str], str]) -> Callable[..., Awaitable[Desk]]:
    """`await opened(**settings)` -> a gateway with the demonstration's accounts."""

    async def make(**changed: Any) -> Desk:
        running = house(**changed)
        return Desk(running, await load_accounts(running), admin_of(running.running.database_url))

    return make


@pytest_asyncio.fixture
async def desk(opened: Callable[..., Awaitable[Desk]]) -> Desk:
    """A gateway with the demonstration's accounts."""
    return await opened()


class Stage(Desk):
    """A desk, and the services' events."""

    def __init__(self, house: House, passwords: dict[str, str], admin_url: str) -> None:
        super().__init__(house, passwords, admin_url)
        self.publisher = Publisher(house.running.settings)
        self.send = self.publisher.send

    @asynccontextmanager
    async def locked(self, table: str) -> AsyncIterator[asyncpg.Connection]:
        """Nobody reads that table until the end, which commits what was done meanwhile."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            async with connection.transaction():
                await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
                yield connection
        finally:
            await connection.close()


@pytest_asyncio.fixture
async def stage(
    house: Callable[..., House], admin_of: Callable[[str], str]
) -> AsyncIterator[Callable[..., Awaitable[Stage]]]:
    """`await stage(**settings)` -> a gateway with the demonstration's accounts and something to publish with."""
    made: list[Stage] = []

    async def make(**settings: Any) -> Stage:
        running = house(**settings)
        made.append(Stage(running, await load_accounts(running), admin_of(running.running.database_url)))
        await made[-1].publisher.bus.open()
        return made[-1]

    yield make
    for each in made:
        await each.publisher.bus.close()
