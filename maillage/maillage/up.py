"""`maillage up`: the whole platform on one machine, from one command, in one data directory."""

import asyncio
import fcntl
import gc
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from maillage.children import CAN_FORK, kept_port, port_is_free, tail
from maillage.embedded import DidNotStart, Nats, Postgres
from maillage.installation import remember_environment, services
from maillage.migrate import MigrationFailed, create_databases, migrate
from maillage.processes import load
from maillage.secrets import Secrets
from maillage.supervise import Child, StartFailed, Supervisor

_DOOR = "gateway"
_CONSOLE = Path(__file__).resolve().parents[2] / "web" / "dist"
"""The console as `make console` builds it."""
_PATIENCE_S = 120


@dataclass(frozen=True)
class Options:
    """What the person asked for. `sync` is JetStream's sync_interval."""

    data: Path
    port: int = 8000
    demo: bool = True
    sync: str = "always"


class CannotStart(RuntimeError):
    """Why not, in a sentence that says what to do."""


def up(options: Options) -> int:
    """Start everything, stay until Ctrl-C or SIGTERM, stop everything. Returns the exit status."""
    try:
        with _Installation(options) as installation:
            installation.run()
    except (CannotStart, StartFailed, DidNotStart) as reason:
        sys.stderr.write(f"maillage: {reason}\n")
        return 1
    return 0


class _Installation:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.data = options.data.resolve()
        self.began = time.monotonic()
        self.supervisor = Supervisor(self.say)
        self.postgres: Postgres | None = None
        self.nats: Nats | None = None
        self.environment: dict[str, str] = {}
        self.migrated = False
        self._stopping = False
        self._parent = os.getppid()
        self._lock: IO[str] | None = None

    def say(self, line: str) -> None:
        _print(f"[{time.monotonic() - self.began:5.1f} s] {line}")

    def __enter__(self) -> "_Installation":
        self.data.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        if self._lock:
            self._lock.close()

    def run(self) -> None:
        self._start_parts()
        if CAN_FORK:
            for name in services():
                load(name)
            gc.freeze()  # what is imported is shared by all forks, and never looked at again
        self._prepare_databases()
        self._load_demonstration()
        self._start_services()
        if not self._stopping:
            self._welcome()
        while not self.stopping():
            self._look_after_parts()
            self.supervisor.look()
            time.sleep(0.1)

    def stopping(self) -> bool:
        """Asked to, or left alone: whoever started us is gone (unless nohup said to stay)."""
        orphaned = os.getppid() != self._parent and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
        return self._stopping or orphaned

    def _on_signal(self, *_: object) -> None:
        self._stopping = True

    def _take_lock(self) -> None:
        self._lock = (self.data / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            running = self._lock.read().strip() or "another process"
            self._lock.close()
            self._lock = None
            raise CannotStart(
                f"the data in {self.data} are in use by {running}. Stop that one, or choose another --data."
            ) from None
        if not port_is_free(self.options.port):
            raise CannotStart(f"port {self.options.port} is taken by another program. Choose another: --port 8001")
        self._lock.truncate(0)
        self._lock.write(f"process {os.getpid()} at http://127.0.0.1:{self.options.port}")
        self._lock.flush()

    # --- parts ----------------------------------------------------------------------------------------------------

    def _start_parts(self) -> None:
        """PostgreSQL, NATS and the message box, unless the environment names real ones."""
        secrets = Secrets(self.data / "secrets.json")
        given = os.environ
        if "MAILLAGE_POSTGRES_URL" not in given:
            self.postgres = Postgres(self.data / "postgres", secrets.get("postgres"))
            self.postgres.spawn()
        if "MAILLAGE_NATS_URL" not in given:
            self.nats = Nats(self.data / "nats", sync=self.options.sync)
            self.nats.spawn()
        ports = {name: self._port(name) for name in ("smtp", "mailbox")}
        self.environment = self._environment(secrets, ports["smtp"])
        if "MAILLAGE_SMTP_URL" not in given:
            box = f"http://127.0.0.1:{ports['mailbox']}"
            command = ["mailbox", "--smtp-port", str(ports["smtp"]), "--http-port", str(ports["mailbox"])]
            self.environment.setdefault(f"MAILLAGE_{_DOOR.upper()}_MAILBOX_URL", box)
            child = self._child("mailbox", [*command, "--data", str(self.data)], f"{box}/readyz")
            child.start()
            self.supervisor.children.append(child)
        for name, part in (("PostgreSQL", self.postgres), ("NATS", self.nats)):
            if part is not None:
                part.wait_ready()
                self.say(f"{name} is ready on 127.0.0.1:{part.port}")

    def _environment(self, secrets: Secrets, smtp_port: int) -> dict[str, str]:
        """What every child is told; what the person has set in the environment wins."""
        door = f"127.0.0.1:{self.options.port}"
        told = {
            "MAILLAGE_PUBLIC_URL": f"http://{door}",
            "MAILLAGE_JWKS_URL": f"http://{door}/.well-known/jwks.json",
            "MAILLAGE_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "MAILLAGE_DATA": str(self.data),
        }
        if self.options.demo:
            # The demonstration's accounts come without an authenticator; anywhere else one is required.
            told[f"MAILLAGE_{_DOOR.upper()}_SECOND_FACTOR"] = "optional"
            if "MAILLAGE_PUBLIC_URL" not in os.environ:  # it lets in whoever reaches this machine
                told[f"MAILLAGE_{_DOOR.upper()}_DEVELOPMENT_ISSUER"] = "true"
        if _CONSOLE.is_dir():
            told[f"MAILLAGE_{_DOOR.upper()}_CONSOLE_DIR"] = str(_CONSOLE)
        if self.nats:
            told["MAILLAGE_NATS_URL"] = self.nats.url
        for name in services():
            own = f"MAILLAGE_{name.upper()}_"
            told[f"{own}ADDRESS"] = door if name == _DOOR else f"127.0.0.1:{self._port(name)}"
            told[f"{own}WORK_ADDRESS"] = f"127.0.0.1:{self._port(f'{name}-work')}"
            told[f"{own}KEY"] = secrets.get(f"{name}-key")
        direct = ",".join(filter(None, [os.environ.get("NO_PROXY", os.environ.get("no_proxy")), "127.0.0.1,localhost"]))
        ours = {name: value for name, value in os.environ.items() if name != "MAILLAGE_POSTGRES_URL"}  # the admin's
        return {**told, **ours, "NO_PROXY": direct, "no_proxy": direct, "PYTHONUNBUFFERED": "1"}

    def _port(self, name: str) -> int:
        directory = self.data / "ports"
        directory.mkdir(exist_ok=True)
        return kept_port(directory / name)

    def _prepare_databases(self) -> None:
        admin = self.postgres.url if self.postgres else os.environ["MAILLAGE_POSTGRES_URL"]
        secrets = Secrets(self.data / "secrets.json")

        async def prepare() -> list[list[str]]:
            urls = await create_databases(admin, services(), lambda role: secrets.get(f"role-{role}"))
            self.environment.update({f"MAILLAGE_{name.upper()}_POSTGRES_URL": url for name, url in urls.items()})
            return await asyncio.gather(*(migrate(admin, name, package) for name, package in services().items()))

        try:
            applied = asyncio.run(prepare())
        except MigrationFailed as error:
            raise CannotStart(str(error)) from None
        self.migrated = any(applied)
        remember_environment(self.data, {**self.environment, "MAILLAGE_POSTGRES_URL": admin})
        count = sum(len(revisions) for revisions in applied)
        self.say(f"databases are ready ({count} revisions applied)" if count else "databases are up to date")

    def _load_demonstration(self) -> None:
        """In a process of its own, which loads only what is empty."""
        marker = self.data / "demo-loaded"
        if not self.options.demo or self.stopping() or (marker.exists() and not self.migrated):
            return
        self.say("loading the demonstration (first start only)")
        child = self._child("demo", ["demo", "--quiet", "--data", str(self.data)], "")
        child.start()
        assert child.process is not None
        while child.process.poll() is None and not self.stopping():
            time.sleep(0.05)
        if child.process.poll() is None:
            child.process.kill()
            child.process.wait()
        elif child.process.returncode:
            raise CannotStart(f"the demonstration could not be loaded. Its last lines:\n{tail(child.log)}")
        else:
            marker.touch()

    # --- services -------------------------------------------------------------------------------------------------

    def _child(self, name: str, arguments: list[str], ready_url: str) -> Child:
        log = self.data / "logs" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        return Child(name, arguments, self.environment, log, ready_url, self._let_go)

    def _let_go(self) -> None:
        """In a fork: the lock on the data directory is the supervisor's alone."""
        if self._lock:
            self._lock.close()

    def _start_services(self) -> None:
        if self.stopping():
            return
        children = []
        for name in services():
            for verb, suffix in (("serve", "ADDRESS"), ("work", "WORK_ADDRESS")):
                address = self.environment[f"MAILLAGE_{name.upper()}_{suffix}"]
                child = self._child(f"{name}-{verb}", [verb, name], f"http://{address}/readyz")
                children.append(child)
        self.say(f"starting {', '.join(services())}")
        self.supervisor.start(children, _PATIENCE_S, self.stopping)

    def _look_after_parts(self) -> None:
        for name, part in (("PostgreSQL", self.postgres), ("NATS", self.nats)):
            if part is not None and part.process is not None and part.process.poll() is not None:
                self.say(f"{name} ended ({part.process.returncode}): it starts again")
                part.start()

    def _stop(self) -> None:
        """The door first, so that nobody is let in any more; the truth last."""
        if self.supervisor.children:
            self.say("stopping")
        self.supervisor.stop(lambda name: name.startswith(f"{_DOOR}-"), 3)
        self.supervisor.stop(lambda _name: True, 3)
        for part in (self.nats, self.postgres):
            if part is not None:
                part.stop()

    def _welcome(self) -> None:
        self.say(f"everything is ready: {time.monotonic() - self.began:.1f} s")
        address = f"http://127.0.0.1:{self.options.port}"
        lines = [("Patients", f"{address}/rdv"), ("API", f"{address}/docs")]
        if _CONSOLE.is_dir():
            lines.insert(0, ("Console", f"{address}/console/"))
        if "MAILLAGE_SMTP_URL" not in os.environ:
            lines.append(("Messages (SMS, mail)", f"http://127.0.0.1:{self._port_of('mailbox')}/"))
        _print("\n" + "\n".join(f"  {name:<22}{url}" for name, url in lines))
        _print(accounts_table(self.data / "accounts.json") + "\nCtrl-C stops everything.\n")

    def _port_of(self, name: str) -> int:
        return int((self.data / "ports" / name).read_text())


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def accounts_table(file: Path) -> str:
    """The demonstration's accounts as lines for the terminal; empty without any."""
    accounts: list[Mapping[str, str]] = json.loads(file.read_text()) if file.exists() else []
    if not accounts:
        return ""
    columns = list(accounts[0])
    widths = [max(len(str(row[column])) for row in [*accounts, {c: c for c in columns}]) for column in columns]
    rows = [dict(zip(columns, columns, strict=True)), *accounts]
    lines = [
        "  " + "  ".join(str(row[c]).ljust(w) for c, w in zip(columns, widths, strict=True)).rstrip() for row in rows
    ]
    return "\nAccounts of the demonstration (kept in accounts.json of the data directory)\n" + "\n".join(lines) + "\n"
