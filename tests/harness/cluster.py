"""A platform of real processes for the fault tests: PostgreSQL, NATS, services, workers; each killed by its own id."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from maillage.children import answers, free_port, spawn, stop, tail
from maillage.embedded import Nats, Postgres
from maillage.installation import services
from maillage.migrate import create_databases, database_url, migrate, place_of, service_url
from maillage.principal import Principal
from maillage.testing import NO_TLS, PASSWORD, Signed, eventually, in_thread, jwks
from tests.harness import mutants
from tests.harness.door import UNLIMITED

ROOT = Path(__file__).resolve().parents[2]


class Cluster:
    """Starts empty; `start` and `kill` its processes. Everything ends with `close`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.postgres = Postgres(directory / "postgres", PASSWORD, durable=False)
        self.nats = Nats(directory / "nats", sync="2m")
        self.postgres.start()
        self.nats.start()
        self.names = list(services())
        in_thread(self._migrate())
        self._ports = {name: free_port() for name in self.names}
        self._work_ports = {name: free_port() for name in self.names}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self.besides: dict[str, str] = {}
        """What processes started from now on are told as well, or otherwise; an empty value is not told at all."""

    async def _migrate(self) -> None:
        await create_databases(self.postgres.url, self.names, lambda _role: PASSWORD)
        for name, package in services().items():
            await migrate(self.postgres.url, name, package)

    def environment(self) -> dict[str, str]:
        """What each process is told."""
        told = {
            "MAILLAGE_NATS_URL": self.nats.url,
            "MAILLAGE_JWKS": json.dumps(jwks()),
            "MAILLAGE_SMTP_URL": "smtp://127.0.0.1:9",
            "MAILLAGE_TERRITORY": "essai",
            "MAILLAGE_ACK_WAIT_S": "2",
            "MAILLAGE_GATEWAY_KEY": "k" * 43,
            "MAILLAGE_TELESECRETARIAT_KEY": "t" * 43,
            "MAILLAGE_GATEWAY_SECOND_FACTOR": "optional",
            **{f"MAILLAGE_GATEWAY_{name.upper()}": str(value) for name, value in UNLIMITED.items()},
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        }
        for name in self.names:
            upper = name.upper()
            told[f"MAILLAGE_{upper}_POSTGRES_URL"] = service_url(self.postgres.url, place_of(name), PASSWORD)
            told[f"MAILLAGE_{upper}_ADDRESS"] = f"127.0.0.1:{self._ports[name]}"
            told[f"MAILLAGE_{upper}_WORK_ADDRESS"] = f"127.0.0.1:{self._work_ports[name]}"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MAILLAGE_")}
        return kept | {key: value for key, value in (told | self.besides).items() if value}

    def url(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self._ports[service]}"

    def database(self, service: str) -> str:
        """A service's database, as superuser."""
        return database_url(self.postgres.url, place_of(service).database)

    def role_url(self, service: str) -> str:
        """A service's database, as its own role."""
        return service_url(self.postgres.url, place_of(service), PASSWORD)

    def start(self, command: str, service: str, die_at: str | None = None, after: int = 0) -> None:
        """Starts `serve X` or `work X` and waits until it is ready; with a fault, until it has begun."""
        self._spawn(command, service, die_at, after)
        self._wait_ready(command, service, may_die=die_at is not None)

    def start_all(self, *programs: tuple[str, str]) -> None:
        """Starts several at once, and waits until all of them are ready."""
        for command, service in programs:
            self._spawn(command, service, None, 0)
        for command, service in programs:
            self._wait_ready(command, service, may_die=False)

    @contextmanager
    def started(self, *programs: tuple[str, str]) -> Iterator[None]:
        """Several programs for the length of a block; whatever happens in it, none of them is left."""
        try:
            self.start_all(*programs)
            yield
        finally:
            for command, service in programs:
                if f"{command} {service}" in self._children:
                    self.kill(command, service)

    def _spawn(self, command: str, service: str, die_at: str | None, after: int) -> None:
        fault = ["--die-at", die_at, "--after", str(after)] if die_at else []
        line = [sys.executable, "-m", "tests.harness.launch", *fault, *mutants.handed_on(), command, service]
        child = spawn(line, log=self.log(command, service), environment=self.environment(), directory=ROOT)
        self._children[f"{command} {service}"] = child

    def log(self, command: str, service: str) -> Path:
        """Where a process writes."""
        return self.directory / f"{command}-{service}.log"

    def _wait_ready(self, command: str, service: str, *, may_die: bool) -> None:
        child = self._children[f"{command} {service}"]
        port = self._ports[service] if command == "serve" else self._work_ports[service]
        ready = lambda: answers(f"http://127.0.0.1:{port}/readyz") or child.poll() is not None
        try:
            eventually(ready, seconds=90)  # a machine with much to do is slow to import
        except TimeoutError:
            raise RuntimeError(f"{command} {service} is not ready:\n{tail(self.log(command, service))}") from None
        if child.poll() is not None and not may_die:
            raise RuntimeError(f"{command} {service} ended at its start:\n{tail(self.log(command, service))}")

    def kill(self, command: str, service: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Ends one process at once."""
        child = self._children.pop(f"{command} {service}")
        child.send_signal(number)
        child.wait(15)

    def kill_broker(self) -> None:
        """Kill -9 of nats-server; `nats.start()` brings it back on the same port, with its store."""
        child = self.nats.process
        assert child is not None
        child.kill()
        child.wait(15)

    def died(self, command: str, service: str) -> bool:
        """Waits for a process with a planted fault to die of it."""
        child = self._children.pop(f"{command} {service}")
        return child.wait(30) == -signal.SIGKILL

    def client(self, service: str, principal: Principal) -> httpx.AsyncClient:
        """Requests to a service as this caller, with tokens signed like the gateway's."""
        return httpx.AsyncClient(
            base_url=self.url(service), auth=Signed(principal, service), timeout=20, trust_env=False, verify=NO_TLS
        )

    async def rows(self, service: str, sql: str, *args: object) -> list[asyncpg.Record]:
        """Rows of a service's database, whatever their organisation."""
        connection = await asyncpg.connect(self.database(service))
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()

    def close(self) -> None:
        """Ends every process that is still there."""
        for child in self._children.values():
            stop(child, (signal.SIGTERM, 10.0))
        self.nats.stop()
        self.postgres.stop()


@contextmanager
def cluster(directory: Path) -> Iterator[Cluster]:
    """A cluster for the length of a test."""
    running = Cluster(directory)
    try:
        yield running
    finally:
        running.close()


def uuid(value: object) -> UUID:
    """The id in an answer."""
    return UUID(str(value))
