"""The public keys of a client: those that were uploaded, or those at its address, read when they are due."""

import asyncio
from datetime import timedelta
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
_ASKS_FOR: Final = timedelta(seconds=6)
_LOOKED_AGAIN_S: Final = 0.1


def kept(row: Row) -> list[PublicKey]:
    """The keys that the base has of a client."""
    return [PublicKey.model_validate(each) for each in (row["jwks"] if row["jwks_url"] is None else row["keys"]) or ()]


class KeyReader:
    """Finds the keys of clients. An address is asked by one request of one process, once a minute at most; those who
    come with a key that is not known yet wait for its answer."""

    def __init__(self, database: Database, outbound: Outbound) -> None:
        self._database, self._outbound = database, outbound

    async def client(self, client_id: UUID, kid: str) -> Row | None:
        """The client with its keys as they are to be believed now; None: there is none."""
        row = await self._database.read(_SYSTEM, queries.proving, client_id)
        if row is None or row["jwks_url"] is None:
            return row
        if _due(row, kid):
            if await self._database.run(_SYSTEM, queries.try_now, client_id, domain.ONCE_IN):
                await self._read(row)
                return await self._database.read(_SYSTEM, queries.proving, client_id)
            row = await self._database.read(_SYSTEM, queries.proving, client_id)
        while row is not None and _under_way(row, kid):
            await asyncio.sleep(_LOOKED_AGAIN_S)
            row = await self._database.read(_SYSTEM, queries.proving, client_id)
        return row

    async def _read(self, row: Row) -> None:
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


def _known(row: Row, kid: str) -> bool:
    return any(key.kid == kid for key in believed(row))


def _due(row: Row, kid: str) -> bool:
    return domain.keys_due(row["read_at"], row["tried_at"], clock.now(), known=_known(row, kid))


def _under_way(row: Row, kid: str) -> bool:
    """Somebody is asking for the keys now, and may learn this one."""
    tried, read = row["tried_at"], row["read_at"]
    asking = tried is not None and (read is None or read < tried) and clock.now() - tried < _ASKS_FOR
    return asking and not _known(row, kid)


async def _keep(tx: Tx, client_id: UUID, url: str, keys: list[PublicKey]) -> None:
    """Keys that the address no longer names end, and with them the tokens that they proved."""
    await queries.keep_keys(tx, client_id, url, [key.model_dump(mode="json") for key in keys])
    await queries.end_tokens_but(tx, client_id, [queries.BY_CERTIFICATE, *(key.thumbprint for key in keys)])
