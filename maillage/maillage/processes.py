"""The processes of one service, `maillage serve X` and `maillage work X`, and the loading of its demonstration."""

import asyncio
import importlib.metadata
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import asyncpg
import structlog
import uvicorn
from starlette.types import ASGIApp

from maillage import logs
from maillage.database import Database
from maillage.installation import services
from maillage.protocol import HttpProtocol
from maillage.secrets import write_private
from maillage.service import DemoAccount, DemoContext, Service, Worker, create_app, create_work_app
from maillage.settings import ServiceSettings

log = structlog.get_logger()

_TABLES = """
SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
_HAS_ROWS = "SELECT format('SELECT EXISTS (SELECT FROM %s)', $1::text)"


class UnknownService(RuntimeError):
    """No installed package declares a service of that name."""


def load(name: str) -> Service:
    """The `Service` object of an installed service. Raises UnknownService."""
    for point in importlib.metadata.entry_points(group="maillage.services", name=name):
        service = point.load()
        if isinstance(service, Service):
            return service
    raise UnknownService(f"there is no service {name}; installed are: {', '.join(services())}")


def serve(name: str) -> int:
    """Answer HTTP until SIGTERM."""
    service, settings = _configured(name)
    config = _config(create_app(service, settings), settings.bind or settings.address, service.protocol)
    uvicorn.Server(config).run()
    return 0


def work(name: str) -> int:
    """Relay, consume and do timed work until SIGTERM. Exit 1 when the work ends by itself: to be started again."""
    service, settings = _configured(name)
    worker = _EndingWorker(service, settings)
    server = uvicorn.Server(_config(create_work_app(worker), settings.work_address or "127.0.0.1:0"))
    worker.ended = lambda: setattr(server, "should_exit", True)
    server.run()
    return 1 if worker.failed else 0


class _EndingWorker(Worker):
    """A process whose work has failed ends, rather than answer as if it still worked."""

    def __init__(self, service: Service, settings: ServiceSettings) -> None:
        super().__init__(service, settings)
        self.failed = False
        self.ended: Callable[[], None] = lambda: None

    async def run(self) -> None:
        try:
            await super().run()
        except Exception:
            self.failed = True
            log.exception("the work ended")
            self.ended()


def _configured(name: str) -> tuple[Service, ServiceSettings]:
    service = load(name)
    settings = service.settings()
    logs.configure(settings.log_level, name)
    return service, settings


def _config(app: ASGIApp, address: str, protocol: type[asyncio.Protocol] | None = None) -> uvicorn.Config:
    host, _, port = address.rpartition(":")
    return uvicorn.Config(
        app,
        host,
        int(port),
        http=protocol or HttpProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        lifespan="on",
    )


def demo(data: Path) -> list[DemoAccount]:
    """Load the demonstration of each service whose database is empty; the accounts are kept in `accounts.json`.

    The gateway comes first: its accounts are whom the others speak of.
    """
    accounts: list[DemoAccount] = []
    for name in sorted(services(), key=lambda name: (name != "gateway", name)):
        service, settings = _configured(name)
        if service.demo is not None:
            accounts += asyncio.run(_load_demo(service, settings))
    if accounts:
        data.mkdir(parents=True, exist_ok=True)
        rows = [{key: value for key, value in asdict(account).items() if value is not None} for account in accounts]
        write_private(data / "accounts.json", json.dumps(rows, ensure_ascii=False, indent=1))
    return accounts


async def _load_demo(service: Service, settings: ServiceSettings) -> list[DemoAccount]:
    if service.demo is None or not await _empty(settings.postgres_url):
        return []
    database = Database(settings)
    await database.open()
    try:
        return list(await service.demo(DemoContext(database, settings)))
    finally:
        await database.close()


async def _empty(url: str) -> bool:
    """No table of the service holds a row."""
    connection = await asyncpg.connect(url, server_settings={"maillage.orgs": "*"})
    try:
        for table in await connection.fetch(_TABLES):
            if await connection.fetchval(await connection.fetchval(_HAS_ROWS, table["name"])):
                return False
        return True
    finally:
        await connection.close()
