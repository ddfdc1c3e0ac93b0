"""Whether a promise was kept: the set reached the site, its run was lost, or the time passed."""

from dataclasses import replace
from uuid import UUID

from contracts.cooperation import CustodyChanged, RunStageChanged
from cooperation.urgent import queries
from cooperation.urgent.rows import UrgentRequest
from cooperation.urgent.service import settle
from maillage.consumers import Envelope, on
from maillage.database import Database, Tx
from maillage.jobs import one_by_one
from maillage.principal import system


async def arrived(tx: Tx, event: CustodyChanged, envelope: Envelope) -> None:
    """A set, or the crate with it, is at the site: kept if in time. A scan that was made in time and came late makes a
    missed one kept."""
    if event.subject_kind not in ("set", "crate"):
        return
    for row in await tx.fetch(queries.ARRIVED, event.subject_id, event.to_place_id, event.at):
        request = UrgentRequest.of(row)
        assert request.promised_at is not None
        kept = event.at <= request.promised_at
        if kept or request.state == "promised":
            state = replace(request, state="kept" if kept else "missed", settled_at=event.at)
            await settle(tx, request, state, at=event.at)


async def lost(tx: Tx, event: RunStageChanged, envelope: Envelope) -> None:
    """The run that was promised ended without a use."""
    if event.stage == "aborted":
        for row in await tx.fetch(queries.PROMISED_RUN, event.run_id):
            request = UrgentRequest.of(row)
            await settle(tx, request, replace(request, state="missed", settled_at=event.at), at=event.at)


async def end_overdue(database: Database) -> None:
    """Timed: what was promised or needed by now and is not there is missed; each in its own transaction."""
    await one_by_one(database, _miss, await database.run(system("cooperation"), _overdue))


async def _overdue(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.OVERDUE, tx.now)]


async def _miss(tx: Tx, request_id: UUID) -> None:
    row = await tx.fetchrow(queries.LOCK_OVERDUE, request_id, tx.now)
    if row is not None:
        request = UrgentRequest.of(row)
        await settle(tx, request, replace(request, state="missed", settled_at=tx.now))


CONSUMERS = [on(CustodyChanged, arrived), on(RunStageChanged, lost)]
