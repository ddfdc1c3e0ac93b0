"""Use cases of calls that are needed: the telesecretaries have a task of the same id."""

from datetime import datetime
from typing import Literal, cast
from uuid import UUID

import asyncpg

from appointments.needs import queries
from contracts.appointments import CallNeeded, CallSettled
from maillage.database import Tx
from maillage.ids import new_id

Cause = Literal["campaign", "offer", "teleconsultation", "message_failed"]
URGENT, SOON, ORDINARY = 9, 5, 0
"""Priorities of a need: before the others today, today, when there is time."""


async def need(
    tx: Tx, cause: Cause, ref_id: UUID, patient_id: UUID, organisation_id: UUID, due_at: datetime, priority: int
) -> UUID:
    """Somebody must call this patient by `due_at`; `ref_id`: what it is about, with one open need at most. The id of
    the need.
    """
    values = (organisation_id, patient_id, cause, ref_id, due_at, priority, tx.now)
    added = cast(UUID | None, await tx.fetchval(queries.ADD, new_id(), *values))
    row = await tx.fetchrow(queries.OPEN_OF, ref_id)
    if row is None:  # the one that stood was closed while this waited for it
        added = cast(UUID | None, await tx.fetchval(queries.ADD, new_id(), *values))
        row = await tx.fetchrow(queries.OPEN_OF, ref_id)
    assert row is not None
    if added is not None:
        tx.emit(_event(CallNeeded, row), organisation_id)
    return cast(UUID, row["id"])


async def settle(tx: Tx, ref_id: UUID, cause: Cause | None = None) -> None:
    """Nobody needs to call about this any more, or not for this cause; nothing happens when nobody had to."""
    row = await tx.fetchrow(queries.OPEN_OF, ref_id)
    if row is not None and cause in (None, row["cause"]):
        await tx.execute(queries.CLOSE, row["id"], "settled", tx.now)
        tx.emit(_event(CallSettled, row), row["organisation_id"])


def _event(kind: type[CallNeeded], row: asyncpg.Record) -> CallNeeded:
    return kind(
        call_need_id=row["id"],
        patient_id=row["patient_id"],
        cause=row["cause"],
        ref_id=row["ref_id"],
        due_at=row["due_at"],
        priority=row["priority"],
    )
