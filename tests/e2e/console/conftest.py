"""The console on a whole installation: `maillage up` with its demonstration, on Monday 23 November 2026 from 9:30 on.

One installation serves all tests of a run: each makes what it needs and leaves alone what it did not make.
`MAILLAGE_CONSOLE_URL` and `MAILLAGE_CONSOLE_ACCOUNTS` name one that runs already, for whoever writes a screen.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio

from maillage.children import free_port
from tests.e2e.console.desk import Console
from tests.e2e.web.browser import needed_chromium, opened
from tests.harness.door import UNLIMITED

ROOT = Path(__file__).resolve().parents[3]
BEGINS = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
PATIENCE_S = 120.0
LIMITS = {f"MAILLAGE_GATEWAY_{name.upper()}": str(most) for name, most in UNLIMITED.items()}
"""All people of these tests come from one address."""


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and accounts of a running installation."""
    needed_chromium()
    if named := os.environ.get("MAILLAGE_CONSOLE_URL"):
        yield named, Path(os.environ["MAILLAGE_CONSOLE_ACCOUNTS"])
        return
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        pytest.fail("The console is not built: run `make console`.")
    data = tmp_path_factory.mktemp("installation")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    moved = (BEGINS - datetime.now(UTC)).total_seconds()
    given = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}
    with (data / "up.log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "maillage", "up", "--data", str(data), "--port", str(port)],
            env={**given, **LIMITS, "MAILLAGE_CLOCK_OFFSET_S": str(moved)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _ready(running, url, data / "up.log")
            yield url, data / "accounts.json"
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)


def _ready(running: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    ends = time.monotonic() + PATIENCE_S
    while running.poll() is None and time.monotonic() < ends:
        if b"everything is ready" in log.read_bytes() and httpx.get(f"{url}/readyz").is_success:
            return
        time.sleep(0.2)
    pytest.fail(f"maillage up is not ready ({running.poll()}):\n{log.read_text()[-3000:]}")


@pytest_asyncio.fixture
async def console(installation: tuple[str, Path]) -> AsyncIterator[Console]:
    """Chromium and the installation; `signed_in` opens the console as one of the demonstration's people."""
    url, accounts = installation
    passwords = {row["login"]: row["password"] for row in json.loads(accounts.read_text())}
    async with opened() as browser:
        yield Console(url, passwords, browser)
