"""Does what is asked of one telephone system: the commands of a call in their order, those of several calls at once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

import asyncpg
import structlog
from pydantic import JsonValue

from maillage import clock
from maillage.database import Database, Tx
from maillage.outbox import CHANNEL
from maillage.principal import system
from maillage.refusals import ServiceUnavailable
from telesecretariat.calls import recordings
from telesecretariat.calls.rows import TERMINAL
from telesecretariat.telephony import queries
from telesecretariat.telephony.asking import opened
from telesecretariat.telephony.failing import failed
from telesecretariat.telephony.port import AdapterAway, Command, CommandFailed, CommandKind, TelephonyPort

log = structlog.get_logger()
LOOK_S: Final = 0.2
"""How often it looks when nobody wakes it."""
AGAIN_S: Final = 0.5
"""A telephone system that does not answer is asked again after so long, until the command is out of date."""
AT_ONCE: Final = 256
_OF_THE_LIVING: Final = frozenset({"hold_in_queue", "ring_agent", "connect", "hold", "resume", "dial_third"})
"""Not done any more for a call that is over: they would ring and bridge for nobody."""


@dataclass(frozen=True, slots=True)
class _Due:
    id: UUID
    call_id: UUID
    kind: CommandKind
    arguments: Mapping[str, JsonValue] = field(repr=False)
    expires_at: datetime
    provider_call_id: str | None
    call_state: str


class Commander:
    """The commands of one adapter, while this process runs it."""

    def __init__(self, database: Database, adapter_id: str, port: TelephonyPort) -> None:
        self._database, self._adapter_id, self._port = database, adapter_id, port
        self._who = system(database.settings.SERVICE)
        self._busy: set[UUID] = set()
        self._woken = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """For ever. What an earlier process gave without hearing of it is given again: same id, harmless."""
        await self._database.run(self._who, _give_again, self._adapter_id)
        async with _woken_by(self._database, self._woken), asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                due = await self._database.run(self._who, _take, self._adapter_id, list(self._busy))
                for call_id, commands in groupby(sorted(due, key=_call), key=_call):
                    self._busy.add(call_id)
                    group.create_task(self._do_all(call_id, list(commands)))
                if not due:
                    await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(max(0.02, LOOK_S / clock.rate())):
                await self._woken.wait()
        except TimeoutError:
            pass

    async def _do_all(self, call_id: UUID, commands: list[_Due]) -> None:
        async with self._room:
            for due in commands:
                await self._safely(due)
        self._busy.discard(call_id)
        self._woken.set()

    async def _safely(self, due: _Due) -> None:
        """One command that breaks us does not stop those of other calls: the look for deadlines settles it."""
        try:
            await self._do(due)
        except ServiceUnavailable:
            raise
        except Exception:
            log.exception("telephone command not settled", kind=due.kind, adapter=self._adapter_id)

    async def _do(self, due: _Due) -> None:
        if due.kind in _OF_THE_LIVING and (due.call_state in TERMINAL or due.call_state == "wrapping"):
            await self._database.run(self._who, _settle, due.id, "expired", "the call is over")
            return
        try:
            await self._given(due)
        except CommandFailed as refused:
            await self._database.run(self._who, failed, due.id, "failed", str(refused))
        except Exception:
            # A mistake of an adapter must not stop the commands of other calls.
            log.exception("telephone command broke", kind=due.kind, adapter=self._adapter_id)
            await self._database.run(self._who, failed, due.id, "failed", "broken")
        else:
            await self._database.run(self._who, _settle, due.id, "done", None)
            if due.kind == "delete_recording":
                await self._database.run(self._who, recordings.deleted, due.id)

    async def _given(self, due: _Due) -> None:
        command = Command(due.id, due.kind, due.call_id, due.provider_call_id, due.arguments)
        while True:
            try:
                return await self._port.do(command)
            except AdapterAway:
                if clock.now() >= due.expires_at:
                    raise
            await clock.sleep(AGAIN_S)


def _call(due: _Due) -> UUID:
    return due.call_id


async def _give_again(tx: Tx, adapter_id: str) -> None:
    await tx.execute(queries.GIVE_AGAIN, adapter_id)


async def _take(tx: Tx, adapter_id: str, busy: list[UUID]) -> list[_Due]:
    rows = await tx.fetch(queries.TAKE, adapter_id, busy)
    return [
        _Due(
            row["id"],
            row["call_id"],
            row["kind"],
            opened(tx, row["arguments_sealed"]),
            row["expires_at"],
            row["provider_call_id"],
            row["call_state"],
        )
        for row in sorted(rows, key=lambda row: int(row["seq"]))
    ]


async def _settle(tx: Tx, command_id: UUID, state: str, error: str | None) -> None:
    await tx.execute(queries.SETTLE, command_id, state, error, tx.now)


@asynccontextmanager
async def _woken_by(database: Database, woken: asyncio.Event) -> AsyncIterator[None]:
    """Sets the event after each commit of the service that left events, in whichever process; without the base's word
    the look of every 200 ms is enough."""
    connection = await asyncpg.connect(database.settings.postgres_url, timeout=5)
    try:
        await connection.add_listener(CHANNEL, lambda *_: woken.set())
        yield
    finally:
        connection.terminate()
