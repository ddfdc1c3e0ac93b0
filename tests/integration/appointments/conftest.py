"""A running appointments service with a small health centre in its base."""

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from appointments.main import service
from gateway.main import service as gateway
from maillage.children import free_port
from maillage.testing import Mailbox, Running
from tests.harness.appointments_world import world
from tests.harness.clinic import Clinic
from tests.harness.door import UNLIMITED
from tests.harness.gated import Gated


@pytest_asyncio.fixture
async def clinic(running_service: Callable[..., Running]) -> AsyncIterator[Clinic]:
    """See `tests.harness.clinic`."""
    running = running_service(service, pool_wait_s=15)  # a slow machine is no reason for a 503
    async with world(running.database_url) as w, Clinic(running, w) as made:
        yield await made.build()


@pytest_asyncio.fixture
async def gated(
    running_service: Callable[..., Running], mailbox: Mailbox, admin_of: Callable[[str], str]
) -> AsyncIterator[Gated]:
    """The same behind the gateway: see `tests.harness.gated`."""
    port = free_port()
    door = f"http://127.0.0.1:{port}"
    running = running_service(service, pool_wait_s=15, jwks=None, jwks_url=f"{door}/.well-known/jwks.json")
    told = {"key": "k" * 43, "second_factor": "optional", "public_url": door, "jwks": None, **UNLIMITED}
    upstreams = {"appointments": running.url}
    gate = running_service(gateway, address=f"127.0.0.1:{port}", upstreams=upstreams, **told)
    gate.work()
    async with world(running.database_url) as w, Gated(running, gate, mailbox, admin_of, w) as made:
        yield await made.build()
