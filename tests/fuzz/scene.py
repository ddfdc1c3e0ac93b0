"""One service behind the real gateway, with its demonstration, and the staff who may ask."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from maillage.database import Database
from maillage.service import DemoContext
from maillage.testing import NO_TLS, Running
from tests.e2e.gateway.conftest import Desk
from tests.e2e.gateway.made_up import entitled, operations_of_service, platform
from tests.fuzz.campaign import Campaign
from tests.fuzz.watch import OF_THE_DOOR, Watch

AdminOf = Callable[[str], str]


@asynccontextmanager
async def campaign(
    service: str,
    running_service: Callable[..., Running],
    opened: Callable[..., Awaitable[Desk]],
    admin_of: AdminOf,
    seed: int,
) -> AsyncIterator[Campaign]:
    """All of it, for `make fuzz`."""
    desk, behind = await platform(service, running_service, opened)
    if behind is not None:
        await demonstration(behind)
    async with at(service, desk, behind, admin_of, seed) as made:
        yield made


@asynccontextmanager
async def at(service: str, desk: Desk, behind: Running | None, admin_of: AdminOf, seed: int) -> AsyncIterator[Campaign]:
    """A campaign on a platform that runs already."""
    named = {f"{each.method} {each.template}": each for each in operations_of_service(service)}
    async with AsyncExitStack() as stack:
        clients: dict[str, httpx.AsyncClient] = {}

        async def client_of(name: str) -> httpx.AsyncClient | None:
            """One who may, signed in; nobody where nobody need be."""
            may = entitled(named[name].asked, service)
            login = may[0] if may else ""
            if login not in clients:
                clients[login] = await stack.enter_async_context(desk.browser(login or None))
                clients[login].headers["Origin"] = desk.house.url
            return clients[login]

        async with httpx.AsyncClient(base_url=desk.house.url, trust_env=False, verify=NO_TLS) as anybody:
            document = (await anybody.get("/openapi.json")).json()
        base = admin_of((behind or desk.house.running).database_url)
        watch = Watch(base, frozenset() if behind else OF_THE_DOOR)
        yield Campaign(document, frozenset(named), client_of, watch, seed)


async def demonstration(running: Running) -> None:
    """Loads the service's demonstration."""
    if running.service.demo is None:
        return
    database = Database(running.settings)
    await database.open()
    try:
        await running.service.demo(DemoContext(database, running.settings))
    finally:
        await database.close()
