"""A service: what it is made of, its HTTP application and its worker.

`main.py` of a service builds one `Service`, and that is all.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from fastapi import APIRouter, FastAPI, Response
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from maillage import audit_reading, documented, problems
from maillage.border import Border
from maillage.bus import Bus
from maillage.consumers import Consumer, Consumption
from maillage.database import Database, Tx
from maillage.jobs import Job, Timers
from maillage.outbox import Relay, Waker
from maillage.principal import system
from maillage.refusals import Refusal
from maillage.settings import ServiceSettings
from maillage.tokens import Verifier

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of the table printed at start. `password` is None when it was made at an earlier start."""

    role: str
    login: str
    password: str | None
    where: str


@dataclass(frozen=True, slots=True)
class DemoContext:
    """What a service's demonstration loader gets: its own open database and the settings."""

    database: Database
    settings: ServiceSettings


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the platform. `package` holds `migrations/` and `invariants/`.

    `wrap` lets the gateway put its door around the application; `demo` loads the demonstration into an empty database.
    """

    name: str
    title: str
    settings: type[ServiceSettings]
    package: str
    routers: Sequence[APIRouter] = ()
    consumers: Sequence[Consumer] = ()
    jobs: Sequence[Job] = ()
    demo: Callable[[DemoContext], Awaitable[Sequence[DemoAccount]]] | None = None
    wrap: Callable[[FastAPI, ServiceSettings], ASGIApp] | None = None
    opened: Callable[[FastAPI], Awaitable[None]] | None = None
    closed: Callable[[FastAPI], Awaitable[None]] | None = None
    description: str = ""
    extra_state: Mapping[str, object] = field(default_factory=dict)
    protocol: type[asyncio.Protocol] | None = None
    """uvicorn's HTTP protocol, where a service faces the outside and must limit slow and large heads."""
    not_numbers: str = ""
    """Paths (regular expression) that refuse NaN and Infinity themselves, because what is refused there is kept."""
    tells_audit: bool = True
    """Whether it answers `/v1/audit` with its own rows; the gateway answers with everybody's."""


def _largest_body(routers: Sequence[APIRouter]) -> int:
    sizes = [
        (route.openapi_extra or {}).get("x-max-body", 0)
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
    ]
    return max([262_144, *(size for size in sizes if isinstance(size, int))])


def create_api(service: Service, settings: ServiceSettings) -> FastAPI:
    """The FastAPI application of a service, without its border: what OpenAPI is generated from."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database: Database = app.state.database
        await database.open()
        waker = Waker(settings)
        waker.start()
        database.on_commit(waker.wake)
        if service.opened:
            await service.opened(app)
        try:
            yield
        finally:
            if service.closed:
                await service.closed(app)
            await waker.stop()
            await database.close()

    app = FastAPI(
        title=service.title,
        description=service.description,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.verifier = Verifier(settings)
    for name, value in service.extra_state.items():
        setattr(app.state, name, value)
    problems.install(app)
    documented.install(app)
    _add_routes(app, service)
    return app


async def _answers(tx: Tx) -> None:
    await tx.fetchval("SELECT 1")


_routes: dict[int, tuple[Service, list[BaseRoute]]] = {}


def _add_routes(app: FastAPI, service: Service) -> None:
    """A route is made ready by its first request and is the same in each application of a service: a process that
    makes several of them, as tests do, makes it ready once."""
    if id(service) not in _routes:
        known = len(app.router.routes)
        for router in (*service.routers, *([audit_reading.router] if service.tells_audit else [])):
            app.include_router(router)
        _routes[id(service)] = service, app.router.routes[known:]
    else:
        app.router.routes.extend(_routes[id(service)][1])
    _add_health(app)


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def alive() -> dict[str, str]:
        """The process runs."""
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    async def ready() -> Response:
        """The process can serve: its database answers."""
        try:
            await app.state.database.read(system("health"), _answers)
        except Refusal:
            return Response('{"status":"not ready"}', 503, {"Retry-After": "1"}, "application/json")
        return Response('{"status":"ready"}', 200, None, "application/json")

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        """Prometheus text format."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def create_app(service: Service, settings: ServiceSettings) -> ASGIApp:
    """What uvicorn serves: the API behind its border."""
    api = create_api(service, settings)
    if service.wrap is not None:
        return service.wrap(api, settings)
    return Border(api, service.name, _largest_body(service.routers), service.not_numbers)


class Worker:
    """The second process of a service: relay, consumers, timers."""

    def __init__(self, service: Service, settings: ServiceSettings) -> None:
        self.database = Database(settings)
        self.bus = Bus(settings.nats_url, settings.territory, f"{service.name}-work")
        self.relay = Relay(settings, self.bus)
        self.timers = Timers(settings, service.jobs, self.database)
        self.consumption = (
            Consumption(service.name, service.consumers, self.database, self.bus, settings.ack_wait_s)
            if service.consumers
            else None
        )
        self._waker = Waker(settings)
        self.ready = False

    async def run(self) -> None:
        """For ever. Cancel to stop: what was being handled is given again to the next worker."""
        await self.database.open()
        await self.bus.open()
        self.database.on_commit(self._waker.wake)
        self._waker.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.relay.run())
                group.create_task(self.timers.run())
                if self.consumption is not None:
                    group.create_task(self.consumption.run())
                self.ready = True
        finally:
            self.ready = False
            await self._waker.stop()
            await self.bus.close()
            await self.database.close()


def create_work_app(worker: Worker) -> FastAPI:
    """Health and metrics of a worker, for the operator; it runs the worker for its lifetime."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def alive() -> dict[str, str]:
        """The process runs."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def ready() -> Response:
        """The worker is connected to base and broker."""
        fine = worker.ready and worker.bus.connected
        return Response(
            '{"status":"ready"}' if fine else '{"status":"not ready"}', 200 if fine else 503, None, "application/json"
        )

    @app.get("/metrics")
    async def metrics() -> Response:
        """Prometheus text format."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app
