"""Use cases of reading calls: lists without any word of a person; one call, its past and its caller, audited."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from maillage import cursor
from maillage.database import Tx
from maillage.refusals import NotFound, TimeInvalid
from maillage.wire import Page
from telesecretariat.calls.reading import queries
from telesecretariat.calls.reading.schemas import (
    CallContext,
    CallFile,
    CallItem,
    CallsWish,
    Timeline,
    TimelineItem,
)
from telesecretariat.repeats.service import REPEAT_FROM
from telesecretariat.vault import vault

LATEST: Final = timedelta(days=31)
"""How far a list goes back when nobody says."""
RECENT: Final = timedelta(hours=24)
"""How long a red flag of the same caller is shown (parameter)."""


async def calls(tx: Tx, wish: CallsWish) -> Page[CallItem]:
    """Calls in reach, newest first. Refused: `TIME_INVALID`, `CURSOR_INVALID`."""
    until = wish.until or tx.now + timedelta(seconds=1)
    since = wish.since or until - LATEST
    if until <= since:
        raise TimeInvalid(pointer="?until")
    after = cursor.decode(wish.cursor, datetime, UUID) or (None, None)
    rows = await tx.fetch(
        queries.CALLS,
        wish.client_id,
        wish.line_id,
        wish.agent_id,
        since,
        until,
        wish.state,
        wish.unclassified,
        *after,
        wish.limit + 1,
    )
    items = [CallItem(**row) for row in rows[: wish.limit]]
    more = len(rows) > wish.limit
    return Page(items=items, next_cursor=cursor.encode(items[-1].arrived_at, items[-1].id) if more else None)


async def read(tx: Tx, call_id: UUID) -> CallFile:
    """One call with number and note; each reading is in the audit. Refused: `NOT_FOUND`, also out of reach."""
    row = await tx.fetchrow(queries.FILE, call_id)
    if row is None:
        raise NotFound
    tx.audit("call.read", "call", call_id, row["organisation_id"])
    return file_of(tx, row)


def file_of(tx: Tx, row: asyncpg.Record) -> CallFile:
    """The wire type of a row of `FILE`."""
    safe = vault(tx)
    sealed = {"number": safe.open(row["number_sealed"]), "note": safe.open(row["note_sealed"])}
    return CallFile.model_validate({name: row[name] for name in CallFile.model_fields if name not in sealed} | sealed)


async def timeline(tx: Tx, call_id: UUID) -> Timeline:
    """What happened to a call, first to last; audited."""
    await _audited(tx, call_id, "timeline")
    return Timeline(items=[TimelineItem(**row) for row in await tx.fetch(queries.TIMELINE, call_id)])


async def _audited(tx: Tx, call_id: UUID, part: str) -> None:
    organisation_id = await tx.fetchval(queries.WHOSE, call_id)
    if not isinstance(organisation_id, UUID):
        raise NotFound
    tx.audit("call.read", "call", call_id, organisation_id, part=part)


async def context(tx: Tx, call_id: UUID) -> CallContext:
    """What is known of who calls, in one query; audited."""
    row = await tx.fetchrow(queries.CONTEXT, call_id, tx.now - RECENT)
    if row is None:
        raise NotFound
    tx.audit("call.read", "call", call_id, row["organisation_id"], part="context")
    lists = ("previous", "messages", "callbacks", "appointments", "red_flag_recent", "red_flag_id")
    return CallContext.model_validate(
        {name: row[name] for name in lists}
        | {
            "call_id": call_id,
            "repeat": row["repeat_caller"] >= REPEAT_FROM,
            "repeat_count": row["repeat_caller"],
        }
    )
