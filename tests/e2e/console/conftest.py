"""The console on a whole installation. One serves all tests of a run: each makes what it needs and leaves alone what it
did not make."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.console.desk import Console
from tests.e2e.console.installation import installed
from tests.e2e.web.browser import needed_chromium, opened

expect.set_options(timeout=20_000)  # a slow machine is slow, not wrong


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and accounts of a running installation."""
    needed_chromium()
    with installed(tmp_path_factory.mktemp("installation")) as running:
        yield running


@pytest_asyncio.fixture(scope="session")
async def console(installation: tuple[str, Path]) -> AsyncIterator[Console]:
    """Chromium and the installation; `signed_in` opens the console as one of the demonstration's people, in a context
    of her own."""
    url, accounts = installation
    passwords = {row["login"]: row["password"] for row in json.loads(accounts.read_text())}
    async with opened() as browser:
        yield Console(url, passwords, browser)
