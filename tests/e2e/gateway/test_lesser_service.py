"""A lesser service hangs or is down: the others do not notice, and it is back as soon as it is (scenario 13)."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.door.admission import Circuit
from maillage.testing import soon
from tests.harness.door import House, Upstream

CALLS = "/api/telesecretariat/v1/calls"
OPEN = "/api/appointments/v1/open"
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Hung:
    """A service that takes connections and requests, and says nothing until it is let go: a stopped process."""

    def __init__(self) -> None:
        self.heard = 0
        self._goes = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Gone."""
        assert self._server is not None
        self._goes.set()
        self._server.close()

    def goes_on(self) -> None:
        """It runs again."""
        self._goes.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.heard += b"/v1/calls" in head
                await self._goes.wait()
                writer.write(_ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest_asyncio.fixture
async def hung() -> AsyncIterator[Hung]:
    """A service that hangs."""
    service = Hung()
    await service.start()
    yield service
    await service.stop()


async def test_a_service_that_hangs_is_refused_at_once_and_the_others_go_on(
    house: Callable[..., House],
    hung: Hung,
    upstream: Upstream,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """504 to the first, then 503 with `Retry-After` that no longer reaches it, critical calls too; then it is found
    again by itself, long before the circuit's own time."""
    monkeypatch.setattr(Circuit, "FIRST_S", 300.0)
    monkeypatch.setattr(Circuit, "LONGEST_S", 300.0)
    operation = {"x-permission": "public", "x-timeout": 0.5, "responses": {"200": {"description": "fine"}}}
    paths = {"/v1/calls": {"get": operation, "post": operation | {"x-class": "critical"}}}
    told = {"openapi": "3.1.0", "info": {"title": "calls", "version": "1"}, "paths": paths}
    (tmp_path / "telesecretariat.json").write_text(json.dumps(told))
    running = house(upstreams={"appointments": upstream.url, "telesecretariat": hung.url})
    async with running.browser() as client:
        client.headers["X-CSRF-Token"] = (await client.get("/auth/session")).json()["csrf_token"]
        first = await asyncio.gather(*(client.get(CALLS) for _ in range(5)), client.get(OPEN))
        assert [answer.status_code for answer in first] == [504] * 5 + [200]
        heard = hung.heard
        for refused in (await client.get(CALLS), await client.post(CALLS, json={})):
            assert (refused.status_code, refused.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
            assert int(refused.headers["retry-after"]) >= 1
        page = await client.get(CALLS, headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert hung.heard == heard, "nothing waits for a service that does not answer"
        assert [(await client.get(OPEN)).status_code for _ in range(40)] == [200] * 40
        hung.goes_on()

        async def back() -> bool:
            return (await client.get(CALLS)).status_code == 200

        await soon(back, seconds=20)
