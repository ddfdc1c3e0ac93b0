"""Use cases that close time at once: absences of a practitioner, closures of a site; and that open it again."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import asyncpg

from appointments.availability import service as availability
from appointments.campaigns import following as campaigns
from appointments.schedules import queries, schemas
from appointments.schedules.errors import RestIsLaw
from appointments.schedules.service import may_write
from appointments.waiting import offering as waiting
from contracts.appointments import AbsenceChanged
from maillage import cursor as cursors
from maillage import ids
from maillage.database import Tx
from maillage.refusals import NotFound, TimeInvalid
from maillage.wire import Page

LONGEST = timedelta(days=3 * 366)


async def declare_absence(tx: Tx, given: schemas.AbsenceIn) -> schemas.AbsenceOut:
    """Closes a practitioner's time at once on every site, ends the holds there, flags the visits; says how many.

    Refused: `TIME_INVALID` (end not after start, over three years), 404, 403 for somebody else's absence with reach
    `s`.
    """
    _judged(given.start, given.end)
    who = await tx.fetchrow(queries.PRACTITIONER, given.practitioner_id)
    if who is None:
        raise NotFound
    may_write(tx, who["organisation_id"], who["person_id"])
    absence_id, conflicts = await close_time(tx, who, asyncpg.Range(given.start, given.end), given.kind, "manual")
    return schemas.AbsenceOut(**dict(given), id=absence_id, source="manual", version=1, conflicts=conflicts)


async def lift_absence(tx: Tx, absence_id: UUID) -> None:
    """Gives the time back and takes the flags off. Refused: 404, `REST_IS_LAW` for a rest that a duty brought."""
    row = await tx.fetchrow(queries.ABSENCE, absence_id)
    if row is None:
        raise NotFound
    may_write(tx, row["organisation_id"], row["person_id"])
    if row["source"] == "permanence":
        raise RestIsLaw
    await give_back(tx, row)


async def close_time(
    tx: Tx, who: asyncpg.Record, during: availability.Span, kind: str, source: str, source_ref: str | None = None
) -> tuple[UUID, int]:
    """Writes an absence of a practitioner (a row of PRACTITIONER) and closes his time; its id, and how many live visits
    are in conflict.
    """
    absence_id, organisation_id = ids.new_id(), who["organisation_id"]
    values = (absence_id, organisation_id, who["practitioner_id"], during, kind, source, source_ref)
    await tx.execute(queries.INSERT_ABSENCE, *values)
    conflicts = await _absence_follows(tx, who["practitioner_id"], during)
    _announce_absence(tx, absence_id, who, *_bounds(during), active=True)
    tx.audit("absence.declare", "absence", absence_id, organisation_id, conflicts=conflicts, source=source)
    return absence_id, conflicts


async def give_back(tx: Tx, absence: asyncpg.Record) -> None:
    """Ends an absence (a row of ABSENCE): the time opens again, the flags go."""
    await tx.execute(queries.DELETE_ABSENCE, absence["id"])
    await _absence_follows(tx, absence["practitioner_id"], absence["during"])
    _announce_absence(tx, absence["id"], absence, *_bounds(absence["during"]), active=False)
    tx.audit("absence.lift", "absence", absence["id"], absence["organisation_id"], source=absence["source"])


async def absences(
    tx: Tx, practitioner_id: UUID | None, start: datetime | None, end: datetime | None, limit: int, cursor: str | None
) -> Page[schemas.AbsenceOut]:
    """Absences that meet `[start, end)`, by default from now on; with reach `s` one's own only."""
    own = tx.principal.person_id if tx.principal.reach("schedule.write") == "s" else None
    after = cursors.decode(cursor, UUID)
    found = await tx.fetch(
        queries.ABSENCES, practitioner_id, start or tx.now, end, own, after[0] if after else None, limit + 1
    )
    items = [schemas.AbsenceOut.model_validate(dict(row)) for row in found[:limit]]
    return Page[schemas.AbsenceOut](
        items=items, next_cursor=cursors.encode(items[-1].id) if len(found) > limit else None
    )


async def close_site(tx: Tx, given: schemas.ClosureIn) -> schemas.ClosureOut:
    """Closes a site's time at once for everybody, ends the holds there, flags the visits; says how many."""
    _judged(given.start, given.end)
    site = await tx.fetchrow(queries.SITE_LOCKED, given.site_id)
    if site is None:
        raise NotFound
    may_write(tx, site["organisation_id"], None)
    closure_id, during = ids.new_id(), asyncpg.Range(given.start, given.end)
    await tx.execute(queries.INSERT_CLOSURE, closure_id, site["organisation_id"], given.site_id, during)
    conflicts = await _closure_follows(tx, given.site_id, during)
    tx.audit("closure.declare", "closure", closure_id, site["organisation_id"], conflicts=conflicts)
    return schemas.ClosureOut(**dict(given), id=closure_id, version=1, conflicts=conflicts)


async def reopen_site(tx: Tx, closure_id: UUID) -> None:
    """Gives the time back and takes the flags off."""
    row = await tx.fetchrow(queries.CLOSURE, closure_id)
    if row is None:
        raise NotFound
    may_write(tx, row["organisation_id"], None)
    await tx.execute(queries.DELETE_CLOSURE, closure_id)
    await _closure_follows(tx, row["site_id"], row["during"])
    tx.audit("closure.lift", "closure", closure_id, row["organisation_id"])


async def closures(
    tx: Tx, site_id: UUID | None, start: datetime | None, end: datetime | None, limit: int, cursor: str | None
) -> Page[schemas.ClosureOut]:
    """Closures that meet `[start, end)`, by default from now on."""
    after = cursors.decode(cursor, UUID)
    found = await tx.fetch(queries.CLOSURES, site_id, start or tx.now, end, after[0] if after else None, limit + 1)
    items = [schemas.ClosureOut.model_validate(dict(row)) for row in found[:limit]]
    return Page[schemas.ClosureOut](
        items=items, next_cursor=cursors.encode(items[-1].id) if len(found) > limit else None
    )


def _judged(start: datetime, end: datetime) -> None:
    if not start < end <= start + LONGEST:
        raise TimeInvalid(pointer="/end")


async def _absence_follows(tx: Tx, practitioner_id: UUID, during: availability.Span) -> int:
    start, end = _bounds(during)
    await availability.freeze(tx, start, end, practitioner_id=practitioner_id)
    freed = await availability.release_holds(tx, practitioner_id, during)
    await availability.recompute(tx, sorted({practitioner_id, *freed}), during)
    await waiting.lost(tx)
    conflicts = await availability.flag_conflicts(tx, start, end, practitioner_id=practitioner_id)
    await campaigns.reopened(tx, start, end, practitioner_id=practitioner_id)
    return conflicts


async def _closure_follows(tx: Tx, site_id: UUID, during: availability.Span) -> int:
    start, end = _bounds(during)
    await tx.fetchrow(queries.SITE_LOCKED, site_id)
    await availability.freeze(tx, start, end, site_id=site_id)
    await availability.release_holds_at(tx, site_id, during)
    await availability.recompute_site(tx, site_id, during)
    await waiting.lost(tx)
    conflicts = await availability.flag_conflicts(tx, start, end, site_id=site_id)
    await campaigns.reopened(tx, start, end, site_id=site_id)
    return conflicts


def _bounds(during: availability.Span) -> tuple[datetime, datetime]:
    return cast(datetime, during.lower), cast(datetime, during.upper)


def _announce_absence(
    tx: Tx, absence_id: UUID, who: asyncpg.Record, start: datetime, end: datetime, *, active: bool
) -> None:
    event = AbsenceChanged(
        absence_id=absence_id,
        practitioner_id=who["practitioner_id"],
        rpps=who["rpps"],
        start=start,
        end=end,
        active=active,
    )
    tx.emit(event, who["organisation_id"])
