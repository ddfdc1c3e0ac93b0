"""Use cases of reports: one statement each; access also asks the search for what is free."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg

from appointments.reports import queries
from appointments.reports.domain import MOST_DAYS, THIRD, ActivityGroup, MissedGroup, hidden, share
from appointments.reports.errors import PeriodInvalid, ReportTooWide
from appointments.reports.schemas import (
    AccessReport,
    AccessRow,
    ActivityReport,
    ActivityRow,
    Asked,
    Freed,
    MissedReport,
    MissedRow,
    WindowRow,
)
from appointments.slots.schemas import SlotsAsked
from appointments.slots.service import WIDEST, slots
from maillage.database import Tx
from maillage.refusals import NotFound

NOBODY = UUID(int=0)


async def activity(tx: Tx, asked: Asked, group: ActivityGroup) -> ActivityReport:
    """Visits by group. Refused: `PERIOD_INVALID`, `RANGE_TOO_WIDE` 422, 404 for a practitioner or site out of reach."""
    values = await _understood(tx, asked)
    labels = await _labels(tx, group)
    return ActivityReport(
        rows=[_activity_row(row, labels, group) for row in await tx.fetch(queries.ACTIVITY[group], *values)]
    )


def _activity_row(row: asyncpg.Record, labels: Mapping[str, str], group: str) -> ActivityRow:
    label = labels.get(row["key"], row["key"])
    if _few(row, group):
        return ActivityRow(key=row["key"], label=label, few=True)
    counts = {name: row[name] for name in ActivityRow.model_fields if name in row}
    kept = row["visits"] - row["cancelled"]
    return ActivityRow(**{**counts, "label": label, "unscheduled_share": share(row["unscheduled"], kept)})


async def missed(tx: Tx, asked: Asked, group: MissedGroup) -> MissedReport:
    """Visits that nobody came to, by group; and freed times that were taken again. Refused as `activity`."""
    values = await _understood(tx, asked)
    labels = await _labels(tx, group)
    rows = [_missed_row(row, labels, group) for row in await tx.fetch(queries.MISSED[group], *values)]
    found = await tx.fetchrow(queries.FREED, *values)
    assert found is not None
    freed = Freed(freed=found["freed"], retaken=found["retaken"], share=share(found["retaken"], found["freed"]))
    return MissedReport(rows=rows, freed=freed)


def _missed_row(row: asyncpg.Record, labels: Mapping[str, str], group: str) -> MissedRow:
    label = labels.get(row["key"], row["key"])
    if _few(row, group):
        return MissedRow(key=row["key"], label=label, few=True)
    return MissedRow(
        key=row["key"],
        label=label,
        due=row["due"],
        missed=row["missed"],
        excused=row["excused"],
        missed_share=share(row["missed"], row["due"]),
        late=row["late"],
        late_share=share(row["late"], row["due"] + row["late"]),
    )


def _few(row: asyncpg.Record, group: str) -> bool:
    return group == "reason" and hidden(sensitive=row["sensitive"], patients=row["patients"])


async def access(tx: Tx, asked: Asked) -> AccessReport:
    """How soon somebody is seen, by reason and site; how opened time is used. Refused as `activity`."""
    values = await _understood(tx, asked)
    own = _own(tx)
    seen = {(row["reason_id"], row["site_id"]): row for row in await tx.fetch(queries.SEEN, *values)}
    entries = await tx.fetch(queries.WAITING, asked.practitioner, asked.site, tx.now, own)
    waiting = {(row["reason_id"], row["site_id"]): row for row in entries}
    only = await _only(tx, asked, own)
    reasons, sites = await tx.fetch(queries.REASONS), await tx.fetch(queries.SITES, asked.site)
    rows = []
    for reason in reasons:
        for site in sites:
            pair = (reason["id"], site["id"])
            days = await _third_next(tx, *pair, only)
            rows.append(_access_row(reason, site, days, seen.get(pair), waiting.get(pair)))
    windows = [_window_row(row) for row in await tx.fetch(queries.WINDOWS, *values)]
    return AccessReport(rows=[row for row in rows if _says_something(row)], windows=windows)


def _access_row(
    reason: asyncpg.Record,
    site: asyncpg.Record,
    days: float | None,
    seen: asyncpg.Record | None,
    waiting: asyncpg.Record | None,
) -> AccessRow:
    place = {"key": str(reason["id"]), "label": reason["label"], "site_id": site["id"], "site": site["name"]}
    people = (seen["patients"] if seen else 0) + (waiting["waiting"] if waiting else 0)
    if people and hidden(sensitive=reason["sensitive"], patients=people):
        return AccessRow(**place, third_next_days=days, few=True)
    return AccessRow(
        **place,
        third_next_days=days,
        seen=seen["seen"] if seen else 0,
        within_48h_share=share(seen["within_48h"], seen["seen"]) if seen else None,
        waiting=waiting["waiting"] if waiting else 0,
        oldest_wait_days=waiting["oldest_days"] if waiting else None,
    )


def _says_something(row: AccessRow) -> bool:
    return row.few or row.third_next_days is not None or bool(row.seen or row.waiting)


def _window_row(row: asyncpg.Record) -> WindowRow:
    return WindowRow(
        key=row["key"],
        label=row["key"],
        site_id=row["site_id"],
        site=row["site"],
        opened_minutes=row["opened"],
        used_minutes=row["used"],
        fill_share=share(row["used"], row["opened"]),
    )


async def _third_next(tx: Tx, reason_id: UUID, site_id: UUID, only: Sequence[UUID] | None) -> float | None:
    """Days from now to the third next time that the secretariat could give."""
    if only is not None and not only:
        return None
    wish = SlotsAsked(
        reason=str(reason_id),
        site=(str(site_id),),
        practitioner=tuple(only or ()),
        end=tx.now + WIDEST,
        limit=THIRD * 4,
    )
    starts = sorted({item.start for item in (await slots(tx, wish)).items})
    return round((starts[THIRD - 1] - tx.now) / timedelta(days=1), 2) if len(starts) >= THIRD else None


async def _only(tx: Tx, asked: Asked, own: UUID | None) -> list[UUID] | None:
    """The practitioners whose free times are looked at; None: all."""
    if own is not None:
        mine = [row["id"] for row in await tx.fetch(queries.OWN_PRACTITIONERS, own)]
        return [each for each in mine if asked.practitioner in (None, each)]
    return None if asked.practitioner is None else [asked.practitioner]


async def _understood(tx: Tx, asked: Asked) -> tuple[object, ...]:
    """What the statements take. Who reads only his own rows is told by his person."""
    if asked.to < asked.from_:
        raise PeriodInvalid(pointer="?to")
    if (asked.to - asked.from_).days >= MOST_DAYS:
        raise ReportTooWide(pointer="?to")
    if not await tx.fetchval(queries.KNOWN, asked.practitioner, asked.site):
        raise NotFound
    return asked.from_, asked.to, asked.practitioner, asked.site, _own(tx)


def _own(tx: Tx) -> UUID | None:
    return (tx.principal.person_id or NOBODY) if tx.principal.reach("report.read") == "s" else None


async def _labels(tx: Tx, group: str) -> dict[str, str]:
    sql = queries.LABELS.get(group)
    return {row["key"]: row["label"] for row in await tx.fetch(sql)} if sql else {}
