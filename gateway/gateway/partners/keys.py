"""The public keys of a client: those that were uploaded, or those at its address, read when they are due."""

import asyncio
from collections import defaultdict
from typing import Final
from uuid import UUID

import structlog

from gateway.outbound import CallFailed, Outbound, UrlRefused
from gateway.partners import domain, queries
from gateway.partners.jwks import PublicKey, published
from gateway.partners.queries import Row
from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import system

log = structlog.get_logger()
_SYSTEM: Final = system("gateway")


def kept(row: Row) -> list[PublicKey]:
    """The keys that the base has of a client."""
    return [PublicKey.model_validate(each) for each in (row["jwks"] if row["jwks_url"] is None else row["keys"]) or ()]


class KeyReader:
    """Finds the keys of clients. An address is asked by one request at a time, once a minute at most; the others
    wait for its answer."""

    def __init__(self, database: Database, outbound: Outbound) -> None:
        self._database, self._outbound = database, outbound
        self._turns: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def client(self, client_id: UUID, kid: str) -> Row | None:
        """The client with its keys as they are to be believed now; None: there is none."""
        row = await self._database.read(_SYSTEM, queries.proving, client_id)
        if row is None or not _due(row, kid):
            return row
        async with self._turns[client_id]:
            row = await self._database.read(_SYSTEM, queries.proving, client_id)
            if row is not None and _due(row, kid):
                await self._read(row)
                row = await self._database.read(_SYSTEM, queries.proving, client_id)
        return row

    async def _read(self, row: Row) -> None:
        await self._database.run(_SYSTEM, queries.tried, row["id"])
        try:
            document = await self._outbound.get_json(row["jwks_url"])
        except (CallFailed, UrlRefused) as failed:
            log.warning("keys of a client not read", client=str(row["id"]), code=failed.code)
            return
        keys = published(document, clock.now(), kept(row))
        if keys is not None:
            await self._database.run(_SYSTEM, _keep, row["id"], row["jwks_url"], keys)


def believed(row: Row) -> list[PublicKey]:
    """The keys by which an assertion is judged: those of an address only while its last good answer is fresh enough."""
    if row["jwks_url"] is not None and not domain.still_good(row["read_at"], clock.now()):
        return []
    return kept(row)


def _due(row: Row, kid: str) -> bool:
    known = any(key.kid == kid for key in believed(row))
    return row["jwks_url"] is not None and domain.keys_due(row["read_at"], row["tried_at"], clock.now(), known=known)


async def _keep(tx: Tx, client_id: UUID, url: str, keys: list[PublicKey]) -> None:
    """Keys that the address no longer names end, and with them the tokens that they proved."""
    await queries.keep_keys(tx, client_id, url, [key.model_dump(mode="json") for key in keys])
    await queries.end_tokens_but(tx, client_id, [queries.BY_CERTIFICATE, *(key.thumbprint for key in keys)])
