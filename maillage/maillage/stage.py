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
from typing import Final, Generic, TypeVar

from maillage import clock
from maillage.children import answers, free_port, spawn, stop, tail
from maillage.embedded import Nats, Postgres
from maillage.ids import new_token
from maillage.migrate import create_databases, migrate, place_of, service_url
from maillage.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)
SLOWER: Final = 5.0
"""How many times longer than the message box the worker needs to start, at most: the day begins when it is there."""
_PATIENCE_S: Final = 90


class Stage(Generic[S]):
    """Everything that a demonstration of one service needs, in one directory that is thrown away with it. `own`:
    settings of the service that no installation has decided, such as a key, by their names."""

    def __init__(self, kind: type[S], directory: Path, speed: float, **own: str) -> None:
        self._kind, self._directory, self._speed, self._own = kind, directory, speed, own
        self._service, self._password = kind.SERVICE, new_token()
        self._postgres = Postgres(directory / "postgres", self._password, durable=False)
        self._nats = Nats(directory / "nats", sync="2m")
        self._children: list[subprocess.Popen[bytes]] = []
        self._ports = {name: free_port() for name in ("work", "smtp", "box")}

    def __enter__(self) -> "Stage[S]":
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
        await create_databases(self._postgres.url, [self._service], lambda _role: self._password)
        await migrate(self._postgres.url, self._service, self._service)

    def begin(self, at: datetime) -> None:
        """Has the clocks show `at` in a moment, and starts the worker; returns when it works."""
        box = ["mailbox", "--smtp-port", str(self._ports["smtp"]), "--http-port", str(self._ports["box"])]
        began = time.monotonic()
        self._start("mailbox", [*box, "--data", str(self._directory)], self._ports["box"])
        origin = clock.now() + timedelta(seconds=SLOWER * (time.monotonic() - began))
        clock.set_rate(self._speed, origin)
        clock.set_offset(at - origin)
        self._start("work", ["work", self._service, "--data", str(self._directory)], self._ports["work"])

    def settings(self) -> S:
        """Of this process: the base and the keys of the worker."""
        told: dict[str, object] = {
            "postgres_url": self._address(),
            "nats_url": self._nats.url,
            "clock_offset_s": clock.offset().total_seconds(),
        }
        return self._kind.model_validate(told | self._own)

    def _address(self) -> str:
        return service_url(self._postgres.url, place_of(self._service), self._password)

    def url_with_clock(self, **besides: str) -> str:
        """The base as its own role, its clock told with the address."""
        told = clock.server_settings(clock.offset().total_seconds()) | {"maillage.orgs": "*"} | besides
        return self._address() + "?" + "&".join(f"{name}={value}" for name, value in told.items())

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
        prefix = f"MAILLAGE_{self._service.upper()}_"
        told = {
            "MAILLAGE_CLOCK_RATE": str(self._speed),
            "MAILLAGE_CLOCK_ORIGIN": str(clock.origin().timestamp()),
            "MAILLAGE_CLOCK_OFFSET_S": str(clock.offset().total_seconds()),
            "MAILLAGE_TERRITORY": "demonstration",
            "MAILLAGE_NATS_URL": self._nats.url,
            "MAILLAGE_SMTP_URL": f"smtp://127.0.0.1:{self._ports['smtp']}",
            "MAILLAGE_JWKS": json.dumps({"keys": []}),
            "MAILLAGE_LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
            f"{prefix}POSTGRES_URL": self._address(),
            f"{prefix}WORK_ADDRESS": f"127.0.0.1:{self._ports['work']}",
        } | {f"{prefix}{name.upper()}": value for name, value in self._own.items()}
        # What a running installation was told is not for this one, least of all that the 15 may be dialled.
        return {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")} | told
