"""Runs each telephone system in one process at a time: whoever holds its lease, which lasts five seconds.

A process that dies is followed by another within that time: it gives the commands that nobody settled again and
compares the calls. Leases are between processes, so they last by the machine's clock.
"""

import asyncio
import contextlib
from typing import Final
from uuid import UUID

import structlog

from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import system
from maillage.refusals import Refusal, ServiceUnavailable
from telesecretariat.telephony import outages, queries
from telesecretariat.telephony.adapters import make
from telesecretariat.telephony.applying import apply
from telesecretariat.telephony.commanding import Commander
from telesecretariat.telephony.port import AdapterAway, Fact, TelephonyPort
from telesecretariat.telephony.rows import Adapter

log = structlog.get_logger()
LEASE_S: Final = 5.0
RENEWED_EVERY_S: Final = 1.5
LOOK_S: Final = 1.0
COMPARED_EVERY_S: Final = 20.0
TOLD_AGAIN_S: Final = 0.5


class LeaseLost(Exception):
    """Another process runs this telephone system now."""


async def run(database: Database) -> None:
    """Job, for ever: runs every telephone system that nobody else runs."""
    who, me = system(database.settings.SERVICE), new_id()
    leading: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            for adapter in await database.read(who, _adapters):
                if adapter.id in leading and not leading[adapter.id].done():
                    continue
                port = make(adapter, database)
                if port is not None and await database.run(who, _lease, adapter.id, me):
                    leading[adapter.id] = asyncio.create_task(_Lead(database, adapter, port, me).run())
            await asyncio.sleep(LOOK_S)
    finally:
        for task in leading.values():
            task.cancel()
        await asyncio.gather(*leading.values(), return_exceptions=True)


async def _adapters(tx: Tx) -> list[Adapter]:
    return [Adapter.of(row) for row in await tx.fetch(queries.ADAPTERS)]


async def _lease(tx: Tx, adapter_id: str, owner: UUID) -> bool:
    return await tx.fetchval(queries.TAKE_LEASE, adapter_id, owner, LEASE_S) is not None


async def _leave(tx: Tx, adapter_id: str, owner: UUID) -> None:
    await tx.execute(queries.LEAVE_LEASE, adapter_id, owner)


class _Lead:
    """One telephone system, run by this process for as long as it keeps the lease."""

    def __init__(self, database: Database, adapter: Adapter, port: TelephonyPort, owner: UUID) -> None:
        self._database, self._adapter, self._port, self._owner = database, adapter, port, owner
        self._who = system(database.settings.SERVICE)
        # The row as it was before this process took it: whoever ran it may have missed what happened since.
        self._taken_over = adapter.lease_owner is not None

    async def run(self) -> None:
        """Until the lease is lost or something breaks: it is begun again within a second then, here or elsewhere."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep())
                group.create_task(self._port.run(self._tell))
                group.create_task(Commander(self._database, self._adapter.id, self._port).run())
                group.create_task(self._compare())
        except* LeaseLost:
            log.warning("another process runs this telephone system", adapter=self._adapter.id)
        except* Exception:
            log.exception("telephone system stopped", adapter=self._adapter.id)
        finally:
            await asyncio.shield(self._database.run(self._who, _leave, self._adapter.id, self._owner))

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(RENEWED_EVERY_S)
            if not await self._database.run(self._who, _lease, self._adapter.id, self._owner):
                raise LeaseLost

    async def _compare(self) -> None:
        while True:
            await asyncio.sleep(COMPARED_EVERY_S)
            # While it does not answer nothing can be compared: what it holds is asked when it is back.
            with contextlib.suppress(AdapterAway):
                await outages.compare(self._database, self._adapter.id, self._port)

    async def _tell(self, fact: Fact) -> None:
        """Takes a fact in, however long the base is away: it would not be told again. A fact that breaks us is logged
        and left; the comparison of calls heals what it meant."""
        while True:
            try:
                await self._take_in(fact)
            except ServiceUnavailable:
                await asyncio.sleep(TOLD_AGAIN_S)
                continue
            except Refusal as refusal:
                log.warning("fact not taken in", kind=fact.kind, code=refusal.code)
            except Exception:
                log.exception("fact broke", kind=fact.kind, adapter=self._adapter.id)
            return

    async def _take_in(self, fact: Fact) -> None:
        if fact.kind == "adapter_up":
            await outages.up(self._database, self._adapter, self._port, taken_over=self._taken_over)
        elif fact.kind == "adapter_down":
            await self._database.run(self._who, outages.down, self._adapter.id)
        await self._database.run(self._who, apply, self._adapter.id, fact)
