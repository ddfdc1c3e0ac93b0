"""A whole installation with its demonstration, on Monday 23 November 2026 from 9:30 on: for tests and for pictures."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from maillage.children import free_port
from tests.harness.door import UNLIMITED

ROOT = Path(__file__).resolve().parents[3]
BEGINS = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
PATIENCE_S = 120.0
LIMITS = {f"MAILLAGE_GATEWAY_{name.upper()}": str(most) for name, most in UNLIMITED.items()}
"""All people of these tests come from one address."""
PATIENT = {"MAILLAGE_POOL_WAIT_S": "15"}
"""A slow machine is slow, not wrong."""

SIP_SECRET = "what-the-telephone-system-of-tests-shares"
SIP = {"MAILLAGE_SIP_WSS_URL": "wss://sip.maillage.example/ws", "MAILLAGE_SIP_SECRET": SIP_SECRET,
       "MAILLAGE_SIP_REALM": "maillage.example"}  # fmt: skip
"""Browsers can be telephones; a test plays the switchboard they register at."""


class NotReady(RuntimeError):
    """Why there is no installation, in a sentence."""


@contextmanager
def installed(data: Path, **settings: str) -> Iterator[tuple[str, Path]]:
    """Address and accounts of `maillage up` on a port of its own; it ends with the block. `settings`: more of them, by
    their names in the environment.

    `MAILLAGE_CONSOLE_URL` and `MAILLAGE_CONSOLE_ACCOUNTS` name one that runs already, for whoever writes a screen.
    """
    if named := os.environ.get("MAILLAGE_CONSOLE_URL"):
        yield named, Path(os.environ["MAILLAGE_CONSOLE_ACCOUNTS"])
        return
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        raise NotReady("The console is not built: run `make console`.")
    port = free_port()
    moved = (BEGINS - datetime.now(UTC)).total_seconds()
    given = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}
    with (data / "up.log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "maillage", "up", "--data", str(data), "--port", str(port)],
            env={**given, **LIMITS, **PATIENT, **SIP, **settings, "MAILLAGE_CLOCK_OFFSET_S": str(moved)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(running, url, data / "up.log")
        yield url, data / "accounts.json"
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(60)


def _wait(running: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    ends = time.monotonic() + PATIENCE_S
    while running.poll() is None and time.monotonic() < ends:
        if b"everything is ready" in log.read_bytes() and httpx.get(f"{url}/readyz").is_success:
            return
        time.sleep(0.2)
    raise NotReady(f"maillage up is not ready ({running.poll()}):\n{log.read_text()[-3000:]}")
