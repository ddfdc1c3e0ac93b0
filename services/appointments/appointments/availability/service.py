"""Stored availability: written from windows, recomputed when something closes or opens, announced to whoever shows
it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.availability import queries
from appointments.schedules.domain import Opening, Window, instant
from contracts.appointments import AvailabilityChanged, ClinicHoursChanged, ClinicInterval
from maillage.database import Tx

Profession = Literal["physician", "nurse"]
Span: TypeAlias = "asyncpg.Range[datetime]"
AUDIENCES = ("public", "secretariat", "partner", "regulator", "cpts")
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
"""How the driver writes and reads `-infinity`."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """Whose time it is: one practitioner at one site."""

    schedule_id: UUID
    organisation_id: UUID
    practitioner_id: UUID
    site_id: UUID
    profession: str


async def store(
    tx: Tx, agenda: Agenda, windows: Sequence[Window], start: date, end: date, *, whole: bool = True
) -> list[date]:
    """Makes the stored rows of the local days `[start, end)` equal to `windows`; returns the days that changed.

    `whole`: the days reach to the horizon, which is then noted on the schedule.
    Rows that stay as they are keep their id and version. Free time is made from bookings, absences and closures as
    they are.
    """
    await tx.fetch(queries.LOCK_OF_SCHEDULE, agenda.schedule_id, start, end)
    numbers: dict[Opening, int] = {}
    for window in windows:
        numbers.setdefault(window.opening, len(numbers))
    rows = await tx.fetch(
        queries.STORE,
        agenda.schedule_id,
        agenda.organisation_id,
        agenda.practitioner_id,
        agenda.site_id,
        agenda.profession,
        start,
        end,
        json.dumps([_opening(opening, number) for opening, number in numbers.items()]),
        [w.source_id for w in windows],
        [w.local_date for w in windows],
        [w.start for w in windows],
        [w.end for w in windows],
        [numbers[w.opening] for w in windows],
        *([_since(w, audience) for w in windows] for audience in AUDIENCES),
    )
    if whole:
        await tx.execute(queries.EXPANDED_TO, agenda.schedule_id, end)
    days = [cast(date, row["local_date"]) for row in rows]
    await announce(tx, agenda.organisation_id, [(agenda.practitioner_id, agenda.site_id, day) for day in days])
    await announce_hours(tx, agenda.organisation_id, agenda.practitioner_id, days)
    return days


def _opening(opening: Opening, number: int) -> dict[str, object]:
    return {
        "number": number,
        "kind": opening.kind,
        "reason_ids": [str(reason) for reason in opening.reason_ids],
        "modes": list(opening.modes),
        "step_minutes": opening.step_minutes,
        "room_id": str(opening.room_id) if opening.room_id else None,
    }


def _since(window: Window, audience: str) -> datetime | None:
    """When it opens to an audience; meetings (`admin`) open to nobody."""
    if window.opening.kind == "admin":
        return None
    return next((since or ALWAYS for who, since in window.open_from if who == audience), None)


async def recompute(tx: Tx, practitioner_ids: Sequence[UUID], during: Span) -> None:
    """Makes closed and free time of these practitioners' windows that meet `during` anew, and announces what
    changed.
    """
    locked = await tx.fetch(queries.LOCK_OF_PRACTITIONERS, practitioner_ids, during)
    await _recompute(tx, locked)


async def recompute_site(tx: Tx, site_id: UUID, during: Span) -> None:
    """The same for all windows of a site."""
    first_day = cast(datetime, during.lower).date() - timedelta(days=2)
    await _recompute(tx, await tx.fetch(queries.LOCK_OF_SITE, site_id, during, first_day))


async def _recompute(tx: Tx, locked: Sequence[asyncpg.Record]) -> None:
    rows = await tx.fetch(queries.RECOMPUTE, [row["id"] for row in locked])
    by_organisation: dict[UUID, set[tuple[UUID, UUID, date]]] = {}
    for row in rows:
        days = by_organisation.setdefault(row["organisation_id"], set())
        days.add((row["practitioner_id"], row["site_id"], row["local_date"]))
    for organisation_id, changed in by_organisation.items():
        await announce(tx, organisation_id, changed)
        for practitioner_id in sorted({practitioner for practitioner, _, _ in changed}):
            await announce_hours(
                tx, organisation_id, practitioner_id, sorted({d for p, _, d in changed if p == practitioner_id})
            )


async def announce(tx: Tx, organisation_id: UUID, days: Iterable[tuple[UUID, UUID, date]]) -> None:
    """Says that free times of (practitioner, site, local day) changed. Call it once their rows are locked: versions
    are drawn now.
    """
    changed = sorted(set(days))
    versions = await tx.fetch(queries.VERSIONS, len(changed)) if changed else []
    for (practitioner_id, site_id, day), row in zip(changed, versions, strict=True):
        event = AvailabilityChanged(
            practitioner_id=practitioner_id, site_id=site_id, local_date=day, version=row["version"]
        )
        tx.emit(event, organisation_id)


async def announce_hours(tx: Tx, organisation_id: UUID, practitioner_id: UUID, days: Sequence[date]) -> None:
    """Says the whole set of a practitioner's hours of work on each of these local days, what is closed left out."""
    if not days:
        return
    rpps = cast(str | None, await tx.fetchval(queries.RPPS, practitioner_id))
    since = datetime.combine(min(days), datetime.min.time(), tzinfo=UTC) - timedelta(days=1)
    intervals: dict[date, list[ClinicInterval]] = {day: [] for day in days}
    for row in await tx.fetch(queries.CLINIC_HOURS, practitioner_id, list(days), since):
        interval = ClinicInterval(start=row["starts_at"], end=row["ends_at"], kind=row["kind"])
        intervals[row["local_date"]].append(interval)
    versions = await tx.fetch(queries.VERSIONS, len(intervals))
    for (day, hours), version in zip(intervals.items(), versions, strict=True):
        event = ClinicHoursChanged(
            practitioner_id=practitioner_id, rpps=rpps, date=day, intervals=hours, version=version["version"]
        )
        tx.emit(event, organisation_id)


async def release_holds(tx: Tx, practitioner_id: UUID, during: Span) -> list[UUID]:
    """Ends the live holds of a practitioner that a closed range meets; what they kept is to be recomputed with him."""
    held = await tx.fetch(queries.HOLDS_OF_PRACTITIONER, practitioner_id, during, tx.now)
    freed = await tx.fetch(queries.RELEASE_HOLDS, [row["id"] for row in held], tx.now) if held else []
    return sorted({row["resource_id"] for row in freed})


async def release_holds_at(tx: Tx, site_id: UUID, during: Span) -> None:
    """Ends the live holds of a site that a closed range meets; the site is then to be recomputed."""
    held = await tx.fetch(queries.HOLDS_AT_SITE, site_id, during, tx.now)
    if held:
        await tx.fetch(queries.RELEASE_HOLDS, [row["id"] for row in held], tx.now)


async def release_holds_outside(tx: Tx, practitioner_id: UUID, start: datetime, end: datetime) -> bool:
    """Ends the live holds of a practitioner that no open window holds any more; whether there were any."""
    held = await tx.fetch(queries.HOLDS_OUTSIDE, practitioner_id, max(start, tx.now), end, tx.now)
    if held:
        freed = await tx.fetch(queries.RELEASE_HOLDS, [row["id"] for row in held], tx.now)
        await recompute(tx, sorted({row["resource_id"] for row in freed}), asyncpg.Range(start, end))
    return bool(held)


async def freeze(
    tx: Tx,
    start: datetime,
    end: datetime,
    *,
    practitioner_id: UUID | None = None,
    site_id: UUID | None = None,
    rooms: Sequence[UUID] = (),
) -> None:
    """Waits for all that is being booked, cancelled or held in the time of a practitioner or site, and keeps the next
    out.

    Called before open time is changed; without it, a row written anew would miss a booking that was under way.
    """
    since = max(start, tx.now)
    await tx.fetch(queries.LOCK_VISITS, practitioner_id, site_id, since, end)
    who = [row["practitioner_id"] for row in await tx.fetch(queries.PRACTITIONERS_AT, site_id)] if site_id else []
    resources = sorted({*who, *rooms, *([practitioner_id] if practitioner_id else [])})
    await tx.fetch(queries.LOCK_RESOURCES, resources)
    await tx.fetch(queries.LOCK_HOLDS, resources, since)


async def flag_conflicts(
    tx: Tx, start: datetime, end: datetime, *, practitioner_id: UUID | None = None, site_id: UUID | None = None
) -> int:
    """Marks the live visits of `[start, end)` that lie in no open time any more, and unmarks the others; how many are
    marked.
    """
    values = (practitioner_id, site_id, max(start, tx.now), end)
    return cast(int, await tx.fetchval(queries.FLAG_CONFLICTS, *values))


def span(start: date, end: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants of the local days `[start, end)`, and the night after them, into which a window may run."""
    return instant(start, time.min, zone), instant(end + timedelta(days=1), time.min, zone)
