"""Fixtures for tests on real parts: PostgreSQL, NATS, SMTP, services over HTTP. Loaded by `tests/conftest.py`.

Everything is thrown away at the end: its own directory, free ports, one server of each kind per test process.
"""

import asyncio
import contextlib
import functools
import io
import itertools
import json
import os
import shutil
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import asyncpg
import httpx
import pytest
import uvicorn
from aiosmtpd.controller import Controller
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.types import ASGIApp

from maillage import clock, logs
from maillage.children import free_port
from maillage.embedded import Nats, Postgres
from maillage.ids import new_id
from maillage.mailbox import Box
from maillage.migrate import create_databases, database_url, ddl, migrate, place_of, service_url
from maillage.principal import Principal
from maillage.protocol import HttpProtocol
from maillage.service import Service, Worker, create_app, create_work_app
from maillage.settings import ServiceSettings

_T = TypeVar("_T")
PASSWORD = "throw-away"  # noqa: S105  (of a server that lives as long as one test run, on the loopback)
_TOKEN_LIFE_S = 100
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients on the loopback: the context that a client makes for itself reads all certificates, for 25 ms each."""
_LOOPBACK = ("127.", "::1", "localhost")


class ServiceLike(Protocol):
    """What a database needs to know of a service; `maillage.service.Service` has it."""

    @property
    def name(self) -> str: ...
    @property
    def package(self) -> str: ...


# --- the network ends at this machine -----------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """A test that would reach another machine fails with this sentence, at once."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    real = socket.getaddrinfo

    @functools.wraps(real)
    def resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_foreign(host)
        return real(host, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", resolve)
    yield
    patch.undo()


def _guarded(connect: Callable[..., _T]) -> Callable[..., _T]:
    @functools.wraps(connect)
    def checked(self: socket.socket, address: Any) -> _T:
        if isinstance(address, tuple):
            _refuse_foreign(address[0])
        return connect(self, address)

    return checked


def _refuse_foreign(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and name and not name.startswith(_LOOPBACK):
        raise RuntimeError("tests stay on this machine: a connection to another host was refused")


# --- servers ------------------------------------------------------------------------------------------------------


def _memory(most_used: int = 3 << 30) -> Path | None:
    """Where files live in memory, if there is room for a few servers: each test makes and removes a base of some
    thousand files, which is most of what it costs on a disk."""
    place = Path("/dev/shm")  # noqa: S108 shared memory is the point; the folder in it has a name of its own
    roomy = place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free > most_used
    return place if roomy else None


_MEMORY: Final = _memory()
_STRATEGY: Final = "FILE_COPY" if _MEMORY else "WAL_LOG"
"""In memory a copy of files is the cheaper one; on a disk it waits for a checkpoint."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test process, not durable; `postgres.url` is its superuser's address.

    Outside pytest's own directory: the start of any other pytest run closes that one to all but its owner, and as root
    the server runs as another user.
    """
    with tempfile.TemporaryDirectory(prefix="maillage-test-", dir=_MEMORY, ignore_cleanup_errors=True) as directory:
        server = Postgres(Path(directory) / "data", PASSWORD, durable=False)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nats]:
    """A NATS server of this test process; use a territory of your own (`territory`) so that streams do not meet."""
    server = Nats(tmp_path_factory.mktemp("nats") / "streams", sync="2m")
    server.start()
    yield server
    server.stop()


_names = itertools.count(1)


@pytest.fixture
def territory() -> str:
    """A territory name that no other test uses: its streams on the shared broker are this test's alone."""
    return f"t{next(_names)}x{new_id().hex[-8:]}"


@pytest.fixture(scope="session")
def _templates() -> dict[str, str]:
    return {}


@pytest.fixture
def service_database(postgres: Postgres, _templates: dict[str, str]) -> Iterator[Callable[[ServiceLike], str]]:
    """`service_database(service)` -> URL of a new, migrated, empty database, logged in as the service's own role.

    Each call makes another database. It is a copy (40 ms) of a template that is migrated once per process.
    """
    made: list[str] = []

    def make(service: ServiceLike) -> str:
        if service.name not in _templates:
            in_thread(_make_template(postgres.url, service))
            _templates[service.name] = service.name
        place = place_of(service.name, database=f"{service.name}_{next(_names)}")
        in_thread(_copy(postgres.url, _templates[service.name], place.database, place.login))
        made.append(place.database)
        return service_url(postgres.url, place, PASSWORD)

    yield make
    in_thread(_drop(postgres.url, made))


@pytest.fixture
def admin_of(postgres: Postgres) -> Callable[[str], str]:
    """`admin_of(url)` -> the same database as superuser: to plant what the product would refuse, to see all rows."""
    return lambda url: database_url(postgres.url, url.rpartition("/")[2].partition("?")[0])


async def _make_template(admin_url: str, service: ServiceLike) -> None:
    await create_databases(admin_url, [service.name], lambda _role: PASSWORD)
    await migrate(admin_url, service.name, service.package)


async def _copy(admin_url: str, template: str, database: str, login: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        owner = place_of(template).owner
        await ddl(
            connection, f"CREATE DATABASE %I TEMPLATE %I OWNER %I STRATEGY {_STRATEGY}", database, template, owner
        )
        await ddl(connection, "REVOKE ALL ON DATABASE %I FROM PUBLIC", database)
        await ddl(connection, "GRANT CONNECT ON DATABASE %I TO %I", database, login)
    finally:
        await connection.close()


async def _drop(admin_url: str, databases: list[str]) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for database in databases:
            await ddl(connection, "DROP DATABASE IF EXISTS %I WITH (FORCE)", database)
    finally:
        await connection.close()


def in_thread(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end on a loop of its own, also from inside a running loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


# --- messages -----------------------------------------------------------------------------------------------------


class Mailbox(Box):
    """A mail server that keeps what it gets; texts and calls arrive there too. `url` goes into the settings."""

    def __init__(self) -> None:
        super().__init__()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)

    @property
    def url(self) -> str:
        """`smtp://…` of this box."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def open(self) -> None:
        """Listen."""
        self._controller.start()

    def close(self) -> None:
        """Stop listening."""
        self._controller.stop()


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[Mailbox]:
    box = Mailbox()
    box.open()
    yield box
    box.close()


@pytest.fixture
def mailbox(_mail_server: Mailbox) -> Mailbox:
    """The SMTP sink, empty at the start of the test: `.messages`, `.wait(to)`, `.url`."""
    _mail_server.clear()
    return _mail_server


# --- internal tokens ----------------------------------------------------------------------------------------------

_KEY = ECKey.generate_key("P-256", {"kid": "test", "alg": "ES256", "use": "sig"}, private=True)


def jwks() -> dict[str, list[dict[str, Any]]]:
    """The public half of the key that `mint` signs with, as a JWK set."""
    return {"keys": [dict(_KEY.as_dict(private=False))]}


def claims(principal: Principal, service: str) -> dict[str, Any]:
    """The claims of an internal token (gateway.md 3.5) for that caller and that service; change some to forge one."""
    issued = int(clock.now().timestamp())
    given: dict[str, Any] = {
        "iss": "maillage-gateway",
        "aud": service,
        "iat": issued,
        "exp": issued + _TOKEN_LIFE_S,
        "jti": str(new_id()),
        "sub": principal.sub,
        "kind": principal.kind,
        "role": principal.role,
        "org": str(principal.org) if principal.org else None,
        "orgs": sorted(str(org) for org in principal.orgs) if principal.orgs is not None else "*",
        "perms": dict(principal.perms),
        "acr": principal.acr,
        "amr": list(principal.amr),
        "auth_time": principal.auth_time,
        "bound": list(principal.bound_ids),
        "sid": principal.sid,
        "ip": principal.ip,
        "csrf": principal.csrf,
        "visitor": principal.visitor,
    }
    if principal.contact:
        given["contact"] = {"channel": principal.contact.channel, "value": principal.contact.value}
    return {name: value for name, value in given.items() if value is not None}


def mint(principal: Principal, service: str, **changed: Any) -> str:
    """An internal token as the gateway signs them, for 100 s. `changed` replaces claims, to forge a wrong one."""
    return jwt.encode({"alg": "ES256", "kid": "test"}, {**claims(principal, service), **changed}, _KEY)


def bearer(principal: Principal, service: str) -> dict[str, str]:
    """The header that carries it."""
    return {"Authorization": f"Bearer {mint(principal, service)}"}


class Signed(httpx.Auth):
    """Signs each request of an httpx client as that caller, with a fresh token, as the gateway would."""

    def __init__(self, principal: Principal, service: str) -> None:
        self._principal, self._service = principal, service

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        """Called by httpx for each request."""
        request.headers["Authorization"] = f"Bearer {mint(self._principal, self._service)}"
        yield request


# --- running services ---------------------------------------------------------------------------------------------


class _Server:
    """uvicorn in a thread of its own."""

    def __init__(self, app: ASGIApp, port: int, protocol: type[asyncio.Protocol] | None = None) -> None:
        config = uvicorn.Config(
            app,
            "127.0.0.1",
            port,
            http=protocol or HttpProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name=f"server-{port}")

    def start(self) -> None:
        """Return when it listens."""
        self._thread.start()
        eventually(lambda: self._server.started or not self._thread.is_alive())
        if not self._server.started:
            raise RuntimeError("the service did not start: its log says why")

    def stop(self) -> None:
        """Return when it has closed everything."""
        self._server.should_exit = True
        self._thread.join(15)


class Through(Protocol):
    """A door before a service, where its tests' callers may be sent."""

    def client(self, service: str, who: Principal | None) -> httpx.AsyncClient:
        """Requests of this caller to this service, by the door."""


class Running:
    """A service that answers on `url`, in this process, on a database of its own (`database_url`)."""

    def __init__(self, service: Service, settings: ServiceSettings) -> None:
        self.service, self.settings = service, settings
        self.through: Through | None = None
        self.url = f"http://{settings.address}"
        port = int(settings.address.rpartition(":")[2])
        self._servers = [_Server(create_app(service, settings), port, service.protocol)]
        self._servers[0].start()

    @property
    def database_url(self) -> str:
        """The service's own database and role."""
        return self.settings.postgres_url

    def client(self, principal: Principal | None = None, **headers: str) -> httpx.AsyncClient:
        """`async with running.client(visitor()) as client:` each request is signed as that caller; None: nobody.

        With `running.through` set, each goes in by the door that is found there.
        """
        if self.through is not None:
            return self.through.client(self.service.name, principal)
        auth = Signed(principal, self.service.name) if principal else None
        return httpx.AsyncClient(
            base_url=self.url, auth=auth, headers=headers, timeout=20, trust_env=False, verify=NO_TLS
        )

    def work(self) -> None:
        """Start the service's worker too: relay, consumers, jobs. Returns when it is ready."""
        worker = Worker(self.service, self.settings)
        server = _Server(create_work_app(worker), free_port())
        server.start()
        self._servers.append(server)
        eventually(lambda: worker.ready and worker.bus.connected)

    def stop(self) -> None:
        """Worker first, then the service."""
        while self._servers:
            self._servers.pop().stop()


@pytest.fixture
def running_service(
    service_database: Callable[[ServiceLike], str], nats: Nats, mailbox: Mailbox, territory: str
) -> Iterator[Callable[..., Running]]:
    """`running_service(service, **settings)` -> Running, on a new database, this test's territory and the mail sink.

    The services of a test share the territory, hence the stream. `postgres_url=` runs one on an existing database.
    """
    running: list[Running] = []

    def run(service: Service, **changed: Any) -> Running:
        settings = {
            "nats_url": nats.url,
            "smtp_url": mailbox.url,
            "territory": territory,
            "jwks": json.dumps(jwks()),
            "address": f"127.0.0.1:{free_port()}",
            **changed,
        }
        if "postgres_url" not in settings:
            settings["postgres_url"] = service_database(service)
        running.append(Running(service, service.settings(**settings)))
        return running[-1]

    yield run
    for each in reversed(running):
        each.stop()


# --- logs ---------------------------------------------------------------------------------------------------------


class Logs(io.TextIOBase):
    """All that the code under test logged, as the lines it would have printed."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._start = 0

    def write(self, text: str) -> int:
        """Called by the logging of the kit."""
        self._text.append(text)
        return len(text)

    def begin(self) -> None:
        """From here on."""
        self._start = len(self._text)

    @property
    def text(self) -> str:
        """What was logged since the test began."""
        return "".join(self._text[self._start :])

    @property
    def lines(self) -> list[str]:
        """The same, one JSON line each."""
        return self.text.splitlines()


@pytest.fixture(scope="session", autouse=True)
def _logs() -> Logs:
    """The kit's real logging, into memory."""
    kept = Logs()
    with contextlib.redirect_stdout(kept):
        logs.configure("INFO", "test")
    return kept


@pytest.fixture
def log_capture(_logs: Logs) -> Logs:
    """`.text` and `.lines`: what this test caused to be logged, as it would have been printed."""
    _logs.begin()
    return _logs


# --- waiting ------------------------------------------------------------------------------------------------------


def eventually(condition: Callable[[], _T], *, seconds: float = 10, every_s: float = 0.02) -> _T:
    """The first true answer of a condition that another process brings about; TimeoutError without one."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError("what was waited for did not happen")
        time.sleep(every_s)
    return answer


async def soon(condition: Callable[[], Coroutine[Any, Any, _T]], *, seconds: float = 10, every_s: float = 0.02) -> _T:
    """`eventually` for a coroutine, inside a running loop."""
    deadline = time.monotonic() + seconds
    while not (answer := await condition()):
        if time.monotonic() > deadline:
            raise TimeoutError("what was waited for did not happen")
        await asyncio.sleep(every_s)
    return answer


def data_directory(base: Path) -> Path:
    """A fresh directory for an installation under test; its name holds a space and a quote on purpose."""
    directory = base / "d'une installation"
    directory.mkdir(parents=True)
    return directory
