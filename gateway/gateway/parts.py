"""The gateway's parts put together, and what they do from opening to closing."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog
from fastapi import FastAPI
from joserfc.jwk import KeySet

from gateway.door import routes
from gateway.door.app import Parts
from gateway.door.callers import Callers
from gateway.door.cookies import CookieRules, Signer
from gateway.door.documents import Documents
from gateway.door.limits import Limits
from gateway.door.shared import SharedAnswers
from gateway.door.tokens import KeyRing, Minter
from gateway.door.upstream import Upstream
from gateway.keys import service as keys
from gateway.sealing import Sealer
from gateway.settings import GatewaySettings
from maillage.database import Database
from maillage.principal import system
from maillage.refusals import ServiceUnavailable
from maillage.tokens import Verifier

log = structlog.get_logger()
KEYS_REREAD_S: Final = 30.0


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
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def open(self) -> None:
        """Reads the keys, then keeps keys and sessions fresh."""
        await self.read_keys()
        self.tasks = [asyncio.create_task(self.parts.callers.keep_fresh()), asyncio.create_task(self._keep_keys())]

    async def close(self) -> None:
        """Stops what `open` began."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for upstream in self.parts.upstreams.values():
            await upstream.close()

    async def read_keys(self) -> None:
        """The signing keys, as the base has them now."""
        self.ring.keys = await self.database.run(system("gateway"), keys.published_keys, self.sealer)

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
    parts = Parts(
        settings=settings,
        rules=CookieRules.of(settings.public_url),
        signer=signer,
        callers=Callers(database, sealer, signer),
        minter=Minter(ring),
        routes=compiled,
        upstreams={name: Upstream(name, address, settings.in_flight) for name, address in settings.addresses.items()},
        shared=SharedAnswers(),
        documents=Documents(documents, compiled, settings.schemas_dir, ring),
        limits=Limits(),
    )
    api.state.verifier = OwnVerifier(settings, ring)
    return House(database, settings, sealer, signer, ring, parts)
