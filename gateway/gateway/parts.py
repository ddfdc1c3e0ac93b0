"""The gateway's parts put together, and what they do from opening to closing."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import httpx
import structlog
from fastapi import FastAPI
from joserfc.jwk import KeySet

from gateway.door import metrics, routes
from gateway.door.app import Parts
from gateway.door.callers import Callers
from gateway.door.cookies import CookieRules, Signer
from gateway.door.days import Days
from gateway.door.documents import Documents
from gateway.door.files import Console
from gateway.door.limits import Limits
from gateway.door.misses import Misses
from gateway.door.partners import Machines
from gateway.door.shared import SharedAnswers
from gateway.door.tokens import KeyRing, Minter
from gateway.door.upstream import Upstream
from gateway.keys import service as keys
from gateway.outbound import Outbound
from gateway.partners.keys import KeyReader
from gateway.settings import GatewaySettings
from gateway.status.watch import Watch
from gateway.stream.answer import PATH, Streams
from gateway.waiting.service import Entrance
from maillage.database import Database
from maillage.principal import system
from maillage.refusals import ServiceUnavailable
from maillage.sealing import Sealer
from maillage.tokens import Verifier

log = structlog.get_logger()
KEYS_REREAD_S: Final = 30.0
CIRCUITS_LOOKED_AT_S: Final = 0.5


class OwnVerifier(Verifier):
    """The gateway verifies its own tokens with the keys it has in memory, not over HTTP from itself."""

    def __init__(self, settings: GatewaySettings, ring: KeyRing) -> None:
        super().__init__(settings)
        self._ring = ring

    async def _key_set(self, fresh: bool) -> KeySet:
        return KeySet.import_key_set({"keys": [{**key} for key in self._ring.jwks()["keys"]]})


@dataclass(slots=True)
class House:
    """All that lives as long as the process; the endpoints find it as `app.state.house`."""

    database: Database
    settings: GatewaySettings
    sealer: Sealer
    signer: Signer
    ring: KeyRing
    parts: Parts
    days: Days
    others: httpx.AsyncClient
    """Asks the services in the door's own name: whether they are ready, and for their audit."""
    watch: Watch
    streams: Streams
    outbound: Outbound
    """Calls to partners' addresses."""
    partner_keys: KeyReader
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    stop_metrics: Callable[[], None] = lambda: None

    async def open(self) -> None:
        """Reads the keys, then keeps keys and sessions fresh."""
        await self.read_keys()
        self.stop_metrics = metrics.served(self.settings.metrics_bind)
        kept = (
            self.parts.callers.keep_fresh(),
            self._keep_keys(),
            self.days.keep_told(self.database),
            self.streams.run(),
            self._keep_circuits(),
        )
        self.tasks = [asyncio.create_task(each) for each in kept]

    async def close(self) -> None:
        """Stops what `open` began."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        with suppress(ServiceUnavailable):
            await self.days.tell(self.database)
        for upstream in self.parts.upstreams.values():
            await upstream.close()
        await self.others.aclose()
        await self.outbound.close()
        self.stop_metrics()

    async def read_keys(self) -> None:
        """The signing keys, as the base has them now."""
        self.ring.keys = await self.database.run(system("gateway"), keys.published_keys, self.sealer)

    async def _keep_circuits(self) -> None:
        """A service that is ready again is tried at once, however long its circuit was to stay open."""
        while True:
            await asyncio.sleep(CIRCUITS_LOOKED_AT_S)
            if any(each.circuit.is_open for each in self.parts.upstreams.values()):
                for seen in await self.watch.look():
                    if seen.state == "circuit_open":
                        self.parts.upstreams[seen.service].circuit.retry()

    async def _keep_keys(self) -> None:
        while True:
            await asyncio.sleep(KEYS_REREAD_S)
            try:
                await self.read_keys()
            except ServiceUnavailable:
                log.warning("signing keys not re-read")


def built(api: FastAPI, settings: GatewaySettings) -> House:
    """Everything, from the settings; `api` is the gateway's own API, whose routes are known from itself."""
    database: Database = api.state.database
    signer, sealer, ring = Signer(settings.secret), Sealer(settings.secret), KeyRing()
    documents = routes.documents(settings.openapi_dir) | {settings.SERVICE: api.openapi()}
    compiled = routes.compiled(documents)
    days, rules = Days(settings.client_per_day), CookieRules.of(settings.public_url)
    console = Console(settings.console_dir, settings.console_previous)
    callers = Callers(database, sealer, signer)
    parts = Parts(
        settings=settings,
        rules=rules,
        signer=signer,
        callers=callers,
        minter=Minter(ring),
        routes=compiled,
        upstreams={name: Upstream(name, address, settings.in_flight) for name, address in settings.addresses.items()},
        shared=SharedAnswers(),
        documents=Documents(documents, compiled, settings.schemas_dir, ring, console, settings),
        limits=Limits(settings, days, Misses(database, signer, settings.link_misses_per_hour)),
        entrance=Entrance(settings, signer, rules),
        machines=Machines(callers, database, signer, settings.trusted_proxies),
    )
    api.state.verifier = OwnVerifier(settings, ring)
    # A service ends idle connections after 5 s: the pool must not hand out one that is being closed.
    others = httpx.AsyncClient(
        timeout=httpx.Timeout(3, connect=0.8), limits=httpx.Limits(keepalive_expiry=4), trust_env=False
    )
    watch = Watch(parts.upstreams, settings.addresses, others)
    streams = Streams(settings, parts.callers, parts.rules, {*parts.upstreams, settings.SERVICE})
    parts.direct[PATH] = streams.answer
    outbound = Outbound(settings.private_partners)
    reader = KeyReader(database, outbound)
    return House(database, settings, sealer, signer, ring, parts, days, others, watch, streams, outbound, reader)
