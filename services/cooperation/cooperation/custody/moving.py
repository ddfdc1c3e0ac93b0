"""The one way in which a subject changes place. Guards (clean, dirty, blocked, sealed) are those of the acts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.cooperation import CustodyChanged, SubjectKind
from cooperation.custody import queries
from cooperation.custody.rows import Stay, Where
from cooperation.trace.recording import add, add_many, change_many, succeed
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
    at = at if here is None else max(at, here.since)
    stay = _begun(tx, subject, place_id, at, handover_id)
    if here is None:
        await add(tx, stay, "stay.began", at=at)
    else:
        ended = replace(here, until=at)
        await succeed(tx, here, ended, stay, ended_as="stay.ended", began_as="stay.began", at=at)
    _tell(tx, subject, here, stay)
    return stay


async def stays_of(tx: Tx, subject_ids: Iterable[UUID]) -> dict[UUID, Stay]:
    """As `stay_of` for each, locked in one order; without those that were never anywhere."""
    rows = await tx.fetch(queries.LOCK_ALL_NOW, list(subject_ids))
    return {row["subject_id"]: Stay.of(row) for row in rows}


async def move_all(tx: Tx, moves: Sequence[tuple[Subject, Stay, datetime]], place_id: UUID) -> None:
    """As `move` for each thing, its locked stay and the instant, in two statements; each thing once."""
    leaving = [(thing, here, max(at, here.since)) for thing, here, at in moves if here.place_id != place_id]
    instants = [at for _, _, at in leaving]
    await change_many(tx, [(here, replace(here, until=at)) for _, here, at in leaving], "stay.ended", at=instants)
    stays = [_begun(tx, thing, place_id, at, None) for thing, _, at in leaving]
    await add_many(tx, stays, "stay.began", at=instants)
    for (thing, here, _), stay in zip(leaving, stays, strict=True):
        _tell(tx, thing, here, stay)


def _begun(tx: Tx, subject: Subject, place_id: UUID, at: datetime, handover_id: UUID | None) -> Stay:
    return Stay(
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
