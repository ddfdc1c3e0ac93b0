"""Timed: what was left at an unattended dock and nobody took in time."""

from dataclasses import replace
from uuid import UUID

from cooperation.issues.opening import Subject, open_issue
from cooperation.trace.recording import change
from cooperation.transport import queries
from cooperation.transport.rows import Handover
from maillage.database import Database, Tx
from maillage.jobs import one_by_one
from maillage.principal import system


async def tell_overdue(database: Database) -> None:
    """An issue for each, once; it can still be taken."""
    await one_by_one(database, _tell, await database.run(system("cooperation"), _due))


async def _due(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.OVERDUE, tx.now)]


async def _tell(tx: Tx, handover_id: UUID) -> None:
    row = await tx.fetchrow(queries.LOCK_HANDOVER, handover_id)
    assert row is not None
    given = Handover.of(row)
    if given.state != "given" or given.take_by is None:
        return
    await change(tx, given, replace(given, take_by=None), "handover.overdue")
    about = Subject("handover", given.id, given.organisation_id, given.group_id)
    await open_issue(tx, about, "handover_overdue", "major")
