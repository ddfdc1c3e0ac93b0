"""Throw-away servers for one demonstration: PostgreSQL, NATS, a message box, and the service's real worker.

All their clocks, and this process's, run at the speed of the demonstration and show the same day.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final

from maillage import clock
from maillage.children import answers, free_port, spawn, stop, tail
from maillage.embedded import Nats, Postgres
from maillage.ids import new_token
from maillage.migrate import create_databases, migrate, place_of, service_url
from telesecretariat.settings import TelesecretariatSettings

SERVICE: Final = "telesecretariat"
SLOWER: Final = 5.0
"""How many times longer than the message box the worker needs to start, at most: the day begins when it is there."""
_PATIENCE_S: Final = 90


class Stage:
    """Everything that a demonstration needs, in one directory that is thrown away with it."""

    def __init__(self, directory: Path, speed: float) -> None:
        self._directory, self._speed = directory, speed
        self._password, self._key = new_token(), new_token()
        self._postgres = Postgres(directory / "postgres", self._password, durable=False)
        self._nats = Nats(directory / "nats", sync="2m")
        self._children: list[subprocess.Popen[bytes]] = []
        self._ports = {name: free_port() for name in ("work", "smtp", "box")}

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        for child in reversed(self._children):
            stop(child, (signal.SIGTERM, 10.0))
        self._nats.stop()
        self._postgres.stop()

    async def build(self) -> None:
        """Servers that answer, and an empty base at the newest revision."""
        self._postgres.start()
        self._nats.start()
        await create_databases(self._postgres.url, [SERVICE], lambda _role: self._password)
        await migrate(self._postgres.url, SERVICE, SERVICE)

    def begin(self, at: datetime) -> None:
        """Has the clocks show `at` in a moment, and starts the worker; returns when it works."""
        box = ["mailbox", "--smtp-port", str(self._ports["smtp"]), "--http-port", str(self._ports["box"])]
        began = time.monotonic()
        self._start("mailbox", [*box, "--data", str(self._directory)], self._ports["box"])
        origin = clock.now() + timedelta(seconds=SLOWER * (time.monotonic() - began))
        clock.set_rate(self._speed, origin)
        clock.set_offset(at - origin)
        self._start("work", ["work", SERVICE, "--data", str(self._directory)], self._ports["work"])

    def settings(self) -> TelesecretariatSettings:
        """Of this process: the base and the key of the worker."""
        return TelesecretariatSettings(
            postgres_url=service_url(self._postgres.url, place_of(SERVICE), self._password),
            nats_url=self._nats.url,
            key=self._key,
            clock_offset_s=clock.offset().total_seconds(),
        )

    def url_with_clock(self, **besides: str) -> str:
        """The base as its own role, its clock told with the address."""
        told = clock.server_settings(clock.offset().total_seconds()) | {"maillage.orgs": "*"} | besides
        address = service_url(self._postgres.url, place_of(SERVICE), self._password)
        return address + "?" + "&".join(f"{name}={value}" for name, value in told.items())

    def refuse_dead(self) -> None:
        """Raises RuntimeError with the last lines of a process that has ended."""
        for child in self._children:
            if child.poll() is not None:
                raise RuntimeError(f"a process of the demonstration ended:\n{tail(self._directory / 'work.log', 30)}")

    def _start(self, name: str, arguments: Sequence[str], port: int) -> None:
        command = [sys.executable, "-m", "maillage", *arguments]
        log = self._directory / f"{name}.log"
        child = spawn(command, log=log, environment=self._environment())
        self._children.append(child)
        deadline = time.monotonic() + _PATIENCE_S
        while not answers(f"http://127.0.0.1:{port}/readyz"):
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start:\n{tail(log, 30)}")
            time.sleep(0.02)

    def _environment(self) -> Mapping[str, str]:
        settings = self.settings()
        told = {
            "MAILLAGE_CLOCK_RATE": str(self._speed),
            "MAILLAGE_CLOCK_ORIGIN": str(clock.origin().timestamp()),
            "MAILLAGE_CLOCK_OFFSET_S": str(settings.clock_offset_s),
            "MAILLAGE_TERRITORY": "demonstration",
            "MAILLAGE_NATS_URL": self._nats.url,
            "MAILLAGE_SMTP_URL": f"smtp://127.0.0.1:{self._ports['smtp']}",
            "MAILLAGE_JWKS": json.dumps({"keys": []}),
            "MAILLAGE_LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
            "MAILLAGE_TELESECRETARIAT_POSTGRES_URL": settings.postgres_url,
            "MAILLAGE_TELESECRETARIAT_KEY": self._key,
            "MAILLAGE_TELESECRETARIAT_WORK_ADDRESS": f"127.0.0.1:{self._ports['work']}",
        }
        # What a running installation was told is not for this one, least of all that the 15 may be dialled.
        return {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")} | told
