"""An installation of its own in a temporary directory: durable PostgreSQL, NATS, real processes, generated rows."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType

import asyncpg
import psutil

from appointments.settings import AppointmentsSettings
from bench import cpu, ids, queries
from bench.times import SLOT_S, Times
from gateway.permissions import held
from maillage import clock
from maillage.children import answers, free_port, spawn, stop, tail
from maillage.embedded import Nats, Postgres
from maillage.ids import new_id, new_token
from maillage.installation import services
from maillage.migrate import create_databases, database_url, migrate, place_of, service_url
from maillage.principal import Principal
from maillage.testing import eventually, jwks

ROOT = Path(__file__).resolve().parents[1]
DAYS = 60
DOCTORS = 240
SITES = 60
PATIENTS = 10_000


class World:
    """`with World() as world:` servers run and the territory is planted; services start as they are asked for."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="maillage-bench-", ignore_cleanup_errors=True)
        self.path = Path(self._directory.name)
        self._password = new_token()
        self._key = new_token() + new_token()
        self.postgres = Postgres(self.path / "postgres", self._password, durable=True)
        self.nats = Nats(self.path / "nats", sync="always")
        self.names = list(services())
        self._ports = {name: free_port() for name in self.names}
        self._work_ports = {name: free_port() for name in self.names}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._keys: Mapping[str, object] = jwks()
        tomorrow = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self.begins = tomorrow
        # The last doctors are kept aside for R7, where many want the same few.
        self.times = Times(int(tomorrow.timestamp()), DOCTORS - 40, DAYS, PATIENTS, (DOCTORS - 40) // 4)

    def __enter__(self) -> "World":
        self.postgres.start()
        with (self.postgres.directory / "postgresql.conf").open("a") as settings:
            settings.write("track_commit_timestamp = on\n")  # R5 reads both commits from the server itself
        self.postgres.stop()
        self.postgres.start()
        self.nats.start()
        asyncio.run(self._plant())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in reversed(self._children.values()):
            stop(child, (signal.SIGTERM, 5.0))
        self.nats.stop()
        self.postgres.stop()
        self._directory.cleanup()

    async def _plant(self) -> None:
        await create_databases(self.postgres.url, self.names, lambda _role: self._password)
        for name, package in services().items():
            await migrate(self.postgres.url, name, package)
        admin = await asyncpg.connect(self.postgres.url)
        try:
            await admin.execute("CREATE DATABASE empty TEMPLATE appointments")
            await admin.execute("ALTER DATABASE empty IS_TEMPLATE true")
        finally:
            await admin.close()
        await plant(self.admin_url("appointments"), self, doctors=DOCTORS, sites=SITES, days=DAYS)
        self.plain_role = await self._plain_role()

    async def _plain_role(self) -> str:
        """A role with the rights of the service and without row-level security: R13."""
        admin = await asyncpg.connect(self.admin_url("appointments"))
        try:
            await admin.execute(
                f"CREATE ROLE unlimited LOGIN BYPASSRLS IN ROLE appointments PASSWORD '{self._password}'"
            )
        finally:
            await admin.close()
        return service_url(self.postgres.url, place_of("appointments")._replace(login="unlimited"), self._password)

    def admin_url(self, database: str) -> str:
        """A database, as superuser."""
        return database_url(self.postgres.url, database)

    def role_url(self, service: str, database: str | None = None) -> str:
        """A service's database, or another with its tables, as its own role."""
        return service_url(self.postgres.url, place_of(service, database=database), self._password)

    def settings(self, database: str | None = None) -> AppointmentsSettings:
        """Those of the appointments service, to use it in this process."""
        return AppointmentsSettings(postgres_url=self.role_url("appointments", database), pool_size=1)

    def url(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self._ports[service]}"

    @property
    def gateway_key(self) -> str:
        """What the gateway's process and this one share."""
        return self._key

    def environment(self) -> dict[str, str]:
        """What each process is told."""
        told = {
            "MAILLAGE_NATS_URL": self.nats.url,
            "MAILLAGE_JWKS": json.dumps(self._keys),
            "MAILLAGE_SMTP_URL": "smtp://127.0.0.1:9",
            "MAILLAGE_TERRITORY": "bench",
            "MAILLAGE_GATEWAY_KEY": self._key,
            "MAILLAGE_TELESECRETARIAT_KEY": self._key,
            "MAILLAGE_GATEWAY_SECOND_FACTOR": "optional",
            # one desk asks here what a hundred do
            "MAILLAGE_GATEWAY_SESSION_PER_MINUTE": "10000000",
            "MAILLAGE_GATEWAY_SESSION_BURST": "10000000",
            "MAILLAGE_GATEWAY_ANONYMOUS_PER_MINUTE": "10000000",
            "MAILLAGE_GATEWAY_ANONYMOUS_BURST": "10000000",
            "MAILLAGE_PUBLIC_URL": self.url("gateway"),
        }
        for name in self.names:
            upper = name.upper()
            told[f"MAILLAGE_{upper}_POSTGRES_URL"] = self.role_url(name)
            told[f"MAILLAGE_{upper}_ADDRESS"] = f"127.0.0.1:{self._ports[name]}"
            told[f"MAILLAGE_{upper}_WORK_ADDRESS"] = f"127.0.0.1:{self._work_ports[name]}"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MAILLAGE_")}
        return kept | told

    def believe(self, keys: Mapping[str, list[Mapping[str, object]]]) -> None:
        """Services started from now on believe these keys beside the bench's own."""
        self._keys = {"keys": [*jwks()["keys"], *keys["keys"]]}

    def start(self, command: str, service: str) -> None:
        """`maillage serve X` or `work X`, unless it runs already; returns when it is ready."""
        name = f"{command} {service}"
        if name in self._children:
            return
        log = self.path / f"{command}-{service}.log"
        line = [sys.executable, "-m", "maillage", command, "--data", str(self.path), service]
        child = spawn(line, log=log, environment=self.environment(), directory=self.path)
        self._children[name] = child
        port = (self._ports if command == "serve" else self._work_ports)[service]
        eventually(lambda: answers(f"http://127.0.0.1:{port}/readyz") or child.poll() is not None, seconds=90)
        if child.poll() is not None:
            raise RuntimeError(f"{name} ended at its start:\n{tail(log)}")

    def end(self, command: str, service: str) -> None:
        """Ends a process, if it runs."""
        child = self._children.pop(f"{command} {service}", None)
        if child is not None:
            stop(child, (signal.SIGTERM, 5.0))

    def kill(self, command: str, service: str) -> None:
        """Kill -9."""
        child = self._children.pop(f"{command} {service}")
        child.kill()
        child.wait()

    def kill_postgres(self) -> None:
        """Kill -9 of the postmaster; returns when it is gone, its last backends may still be leaving."""
        assert self.postgres.process is not None
        self.postgres.process.kill()
        self.postgres.process.wait()
        self.postgres.process = None

    def helper(self, kind: str) -> str:
        """One of `bench.servers`; returns its address."""
        port = free_port()
        child = spawn(
            [sys.executable, "-m", "bench.servers", kind, str(port)], log=self.path / f"{kind}.log", directory=ROOT
        )
        self._children[kind] = child
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(f"{url}/{kind}") or child.poll() is not None, seconds=60)
        return url

    def cpu(self) -> dict[str, float]:
        """CPU seconds until now of every process of the installation."""
        postgres = self.postgres.process
        assert postgres is not None
        pids = {name.removeprefix("serve "): child.pid for name, child in self._children.items()}
        return cpu.of({"postgres": postgres.pid, **pids})

    def memory(self, service: str) -> int:
        """Bytes that a serving process has for itself alone."""
        held: int = psutil.Process(self._children[f"serve {service}"].pid).memory_full_info().uss
        return held

    def deadlocks(self) -> int:
        """How many the server's log tells of."""
        return self.postgres.log.read_text(errors="replace").count("deadlock detected")


def telesecretary() -> Principal:
    """Answers the phone for the centre from a firm of her own."""
    return Principal(
        sub=f"person:{ids.PERSON}",
        kind="professional",
        role="telesecretary",
        org=ids.FIRM,
        orgs=frozenset({ids.CENTRE, ids.FIRM}),
        perms=held("telesecretary", "appointments"),
        sid=new_id().hex[:16],
        ip="127.0.0.1",
        csrf="csrf-of-bench",
        acr=1,
        amr=("pwd",),
    )


async def plant(
    url: str,
    world: World,
    *,
    doctors: int,
    sites: int,
    days: int,
    patients: int = PATIENTS,
    per_site: int = DOCTORS // SITES,
    window_s: int = 86400,
    apart_s: int = 0,
) -> None:
    """Writes a territory into an empty database: set-based, the same at every run."""
    connection = await asyncpg.connect(url)
    kinds = {kind: kind * ids.KIND for kind in (ids.DOCTOR, ids.SCHEDULE, ids.PATIENT, ids.SITE)}
    try:
        await connection.execute(queries.HOUSE, ids.CENTRE, ids.REASON, SLOT_S // 60)
        await connection.execute(queries.SITES, ids.CENTRE, sites, ids.HEAD, kinds[ids.SITE])
        places = (kinds[ids.DOCTOR], kinds[ids.SCHEDULE], kinds[ids.SITE], per_site)
        await connection.execute(queries.DOCTORS, ids.CENTRE, doctors, ids.HEAD, *places)
        await connection.execute(queries.WINDOWS, ids.RULE, world.begins, days, window_s, apart_s)
        await connection.execute(queries.PATIENTS, ids.CENTRE, patients, ids.HEAD, kinds[ids.PATIENT])
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
