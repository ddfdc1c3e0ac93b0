"""The one way in which a subject changes place. Guards (clean, dirty, blocked, sealed) are those of the acts."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.cooperation import CustodyChanged, SubjectKind
from cooperation.custody import queries
from cooperation.custody.rows import Stay, Where
from cooperation.trace.recording import add, change
from maillage.database import Tx
from maillage.ids import new_id


@dataclass(frozen=True, slots=True)
class Subject:
    """What moves, and whose it is."""

    kind: SubjectKind
    id: UUID
    owner_id: UUID
    group_id: UUID


async def stay_of(tx: Tx, subject_id: UUID) -> Stay | None:
    """Where it is now, locked; None for what was never anywhere."""
    row = await tx.fetchrow(queries.LOCK_NOW, subject_id)
    return None if row is None else Stay.of(row)


async def where(tx: Tx, subject_id: UUID) -> list[Where]:
    """The place that holds it, then the crate's, then the compartment's; empty for what was never anywhere."""
    return [Where(**row) for row in await tx.fetch(queries.WHERE, subject_id)]


async def move(tx: Tx, subject: Subject, place_id: UUID, at: datetime, *, handover_id: UUID | None = None) -> Stay:
    """To a place, from `at` on: never before the last stay began, so that there is neither hole nor overlap.
    Already there: nothing is written."""
    here = await stay_of(tx, subject.id)
    if here is not None and here.place_id == place_id:
        return here
    if here is not None:
        at = max(at, here.since)
        await change(tx, here, replace(here, until=at), "stay.ended", at=at)
    stay = Stay(
        id=new_id(),
        organisation_id=subject.owner_id,
        created_at=tx.now,
        group_id=subject.group_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        place_id=place_id,
        since=at,
        handover_id=handover_id,
    )
    await add(tx, stay, "stay.began", at=at)
    _tell(tx, subject, here, stay)
    return stay


def _tell(tx: Tx, subject: Subject, before: Stay | None, stay: Stay) -> None:
    owner, who = subject.owner_id, tx.principal
    if who.orgs is not None and owner not in who.orgs and who.org is not None:
        owner = who.org  # a crate of the group, moved by a member
    tx.emit(
        CustodyChanged(
            subject_id=subject.id,
            subject_kind=subject.kind,
            from_place_id=before.place_id if before else None,
            to_place_id=stay.place_id,
            handover_id=stay.handover_id,
            at=stay.since,
        ),
        owner,
    )
