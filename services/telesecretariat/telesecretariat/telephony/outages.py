"""A telephone system goes and comes back: the gap is kept, and calls that ended meanwhile are found out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from contracts.telesecretariat import AdapterDown, AdapterUp
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import system
from maillage.refusals import NotFound
from telesecretariat.calls import ending
from telesecretariat.calls.changing import happen, locked
from telesecretariat.red_flags import service as red_flags
from telesecretariat.telephony import callers, queries
from telesecretariat.telephony.port import TelephonyPort
from telesecretariat.telephony.rows import Adapter

MISSING: Final = timedelta(seconds=60)
"""A live call that the telephone system does not know for so long has failed."""


async def up(database: Database, adapter: Adapter, port: TelephonyPort, *, taken_over: bool) -> None:
    """It answers. After an outage, and after another process ran it, calls that it does not hold any more have hung
    up; the others go on where they were, in the same order."""
    who = system(database.settings.SERVICE)
    reconciled = 0
    if taken_over or await database.read(who, _is_down, adapter.id):
        reconciled = await _reconcile(database, adapter.id, await port.calls())
    await database.run(who, _up, adapter.id, sorted(port.capabilities), reconciled)


async def _is_down(tx: Tx, adapter_id: str) -> bool:
    row = await tx.fetchrow(queries.ADAPTER, adapter_id)
    return row is not None and row["state"] == "down"


async def _reconcile(database: Database, adapter_id: str, held: frozenset[str]) -> int:
    who, reconciled = system(database.settings.SERVICE), 0
    for live in await database.read(who, _live, adapter_id):
        if live.provider_call_id not in held:
            reconciled += await database.run(who, _gone, live.id, live.provider_call_id)
    return reconciled


@dataclass(frozen=True, slots=True)
class _Live:
    """A call that a leg of its own stands for at the telephone system; whether it was missing, and for too long."""

    id: UUID
    provider_call_id: str
    missing: bool
    long_missing: bool


async def _live(tx: Tx, adapter_id: str) -> list[_Live]:
    rows = await tx.fetch(queries.LIVE_CALLS, adapter_id, clock.now() - MISSING)
    return [_Live(**row) for row in rows]


async def _gone(tx: Tx, call_id: UUID, provider_call_id: str) -> int:
    call = await locked(tx, call_id)
    if call.provider_call_id != provider_call_id or not call.live:
        return 0
    await callers.hung_up(tx, call, "reconciled")
    return 1


async def _up(tx: Tx, adapter_id: str, capabilities: list[str], reconciled: int) -> None:
    adapter = await _locked(tx, adapter_id)
    await tx.execute(queries.CAPABILITIES, adapter_id, capabilities)
    if adapter.state == "up":
        return
    await tx.execute(queries.STANDS, adapter_id, "up", tx.now)
    await tx.execute(queries.END_OUTAGE, adapter_id, tx.now, reconciled)
    tx.emit(
        AdapterUp(event_id=new_id(), adapter_id=adapter_id, since=tx.now, calls_reconciled=reconciled),
        adapter.organisation_id,
    )


async def down(tx: Tx, adapter_id: str) -> None:
    """It does not answer. Callers stay where they are at it; booking goes on. Again: nothing."""
    adapter = await _locked(tx, adapter_id)
    if adapter.state == "down":
        return
    await tx.execute(queries.STANDS, adapter_id, "down", tx.now)
    await tx.execute(queries.BEGIN_OUTAGE, new_id(), adapter.organisation_id, adapter_id, tx.now)
    tx.emit(
        AdapterDown(event_id=new_id(), adapter_id=adapter_id, since=tx.now, calls_reconciled=0),
        adapter.organisation_id,
    )


async def _locked(tx: Tx, adapter_id: str) -> Adapter:
    row = await tx.fetchrow(queries.LOCK_ADAPTER, adapter_id)
    if row is None:
        raise NotFound
    return Adapter.of(row)


async def compare(database: Database, adapter_id: str, port: TelephonyPort) -> None:
    """Looks whether every live call is still held: one that was missing a minute ago and is missing now has failed."""
    who, held = system(database.settings.SERVICE), await port.calls()
    for live in await database.read(who, _live, adapter_id):
        there = live.provider_call_id in held
        if live.missing or not there:
            await database.run(who, _seen, live, there)


async def _seen(tx: Tx, live: _Live, there: bool) -> None:
    call = await locked(tx, live.id)
    if call.provider_call_id != live.provider_call_id or not call.live or call.state == "wrapping":
        return
    if there and call.missing_since is not None:
        await happen(tx, call, "found", missing_since=None)
    elif not there and call.missing_since is None:
        await happen(tx, call, "missing", missing_since=tx.now)
    elif not there and live.long_missing and await red_flags.is_open(tx, call):
        await callers.hung_up(tx, call, "not_found")
    elif not there and live.long_missing:
        await ending.end(tx, call, "failed", "not_found", "system")
