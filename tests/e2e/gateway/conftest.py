"""The gateway as a real server before a small real service, whose answers show what reached it."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.main import service as gateway
from maillage.children import free_port
from maillage.testing import Mailbox, Running
from tests.harness.door import DOCUMENT, House, Upstream

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
            **changed,
        }
        return House(running_service(gateway, **settings), upstream)

    return make


@pytest_asyncio.fixture
async def visitor(house: Callable[..., House]) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with a visitor's ticket and its token in `X-CSRF-Token`."""
    async with house().browser() as client:
        client.headers["X-CSRF-Token"] = (await client.get("/auth/session")).json()["csrf_token"]
        yield client
