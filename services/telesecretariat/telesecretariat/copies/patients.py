"""Absences of practitioners, and patients whose files become one or two again: calls, messages, tasks, callbacks
follow, and exactly those that followed go back."""

import asyncpg

from contracts.appointments import AbsenceChanged, PatientMerged, PatientUnmerged
from maillage.consumers import Envelope, on
from maillage.database import Tx
from telesecretariat.calls.changing import happen, locked
from telesecretariat.copies import queries


async def copy_absence(tx: Tx, event: AbsenceChanged, envelope: Envelope) -> None:
    """Keeps the newest state of an absence, never why."""
    await tx.execute(
        queries.PUT_ABSENCE,
        event.absence_id,
        envelope.organisation_id,
        event.practitioner_id,
        asyncpg.Range(event.start, event.end),
        "active" if event.active else "over",
        envelope.sequence,
    )


async def follow_merge(tx: Tx, event: PatientMerged, _: Envelope) -> None:
    """Whatever spoke of `from_id` speaks of `into_id`; what moved is kept."""
    for row in await tx.fetch(queries.CALLS_OF, event.from_id):
        call = await locked(tx, row["id"])
        await happen(tx, call, "patient_merged", patient_id=event.into_id)
        await tx.execute(queries.MOVED_CALL, call.id, event.from_id, event.into_id, call.organisation_id, tx.now)
    await tx.execute(queries.MOVE, event.from_id, event.into_id, tx.now)


async def follow_unmerge(tx: Tx, event: PatientUnmerged, _: Envelope) -> None:
    """What had followed goes back; what was said of `into_id` since, or before, stays."""
    for row in await tx.fetch(queries.CALLS_MOVED, event.from_id, event.into_id):
        await happen(tx, await locked(tx, row["id"]), "patient_unmerged", patient_id=event.from_id)
    await tx.execute(queries.MOVE_BACK, event.from_id, event.into_id)


CONSUMERS = [on(AbsenceChanged, copy_absence), on(PatientMerged, follow_merge), on(PatientUnmerged, follow_unmerge)]
