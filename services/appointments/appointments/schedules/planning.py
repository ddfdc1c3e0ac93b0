"""What an agenda opens from its rules and exceptions, judged against its owner's other windows and the rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.availability import service as availability
from appointments.availability.service import Agenda
from appointments.schedules import queries, schemas
from appointments.schedules.domain import (
    HORIZON_DAYS,
    Clash,
    Opening,
    OpeningException,
    OpeningRule,
    Window,
    clashes,
    expand,
    room_clashes,
)
from appointments.schedules.errors import RoomClash, WindowClash
from appointments.schedules.expansion import public_holidays
from maillage.database import Tx

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule with what expansion needs to know of its site, organisation and practitioner."""

    id: UUID
    version: int
    agenda: Agenda
    zone: ZoneInfo
    holiday_zone: str
    person_id: UUID | None
    active: bool
    active_from: date | None
    active_to: date | None
    item: schemas.ScheduleItem

    def today(self, tx: Tx) -> date:
        """The present local day at the site."""
        return tx.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a schedule opens on the local days `[start, end)`, and the windows of others that it was judged against."""

    start: date
    end: date
    windows: Sequence[Window]
    others: Sequence[Window]


def schedule_of(row: asyncpg.Record) -> Schedule:
    """As its row says."""
    item = schemas.ScheduleItem.model_validate({name: row[name] for name in schemas.ScheduleItem.model_fields})
    agenda = Agenda(row["id"], row["organisation_id"], row["practitioner_id"], row["site_id"], row["profession"])
    return Schedule(
        id=row["id"],
        version=row["version"],
        agenda=agenda,
        zone=ZoneInfo(row["timezone"]),
        holiday_zone=row["holiday_zone"],
        person_id=row["person_id"],
        active=row["active"],
        active_from=row["active_from"],
        active_to=row["active_to"],
        item=item,
    )


async def planned(
    tx: Tx,
    schedule: Schedule,
    rules: Sequence[OpeningRule],
    exceptions: Sequence[OpeningException],
    only: date | None = None,
    *,
    dry_run: bool = False,
) -> Plan:
    """Expands from today to the horizon, or `only` one day; refuses clashes with itself, other schedules and rooms."""
    start = only or schedule.today(tx)
    end = (only or start + (HORIZON_DAYS - 1) * DAY) + DAY
    around = (start - DAY, end + DAY)  # a window may run into the next day
    nearby = expand(rules, exceptions, public_holidays(schedule.holiday_zone, *around), schedule.zone, *around)
    nearby = [w for w in nearby if schedule.active and _employed(schedule, w.local_date)]
    rooms = sorted({w.opening.room_id for w in nearby if w.opening.room_id})
    if not dry_run:
        when, who = availability.span(start, end, schedule.zone), schedule.agenda.practitioner_id
        await availability.freeze(tx, *when, practitioner_id=who, rooms=rooms)
    others = await _others(tx, schedule, rooms, start, end)
    mine = [w for w, practitioner_id in others if practitioner_id == schedule.agenda.practitioner_id]
    if found := clashes([*nearby, *mine]):
        raise WindowClash(clashes=_shown(found))
    if found := room_clashes([*nearby, *(w for w, _ in others)]):
        raise RoomClash(clashes=_shown(found))
    return Plan(start, end, [w for w in nearby if start <= w.local_date < end], mine)


async def _others(
    tx: Tx, schedule: Schedule, rooms: Sequence[UUID], start: date, end: date
) -> list[tuple[Window, UUID]]:
    since = tx.now - 2 * DAY
    found = await tx.fetch(
        queries.OTHER_WINDOWS, schedule.id, schedule.agenda.practitioner_id, list(rooms), since, end + DAY
    )
    return [(_stored_window(row), row["practitioner_id"]) for row in found if row["local_date"] >= start - DAY]


def _stored_window(row: asyncpg.Record) -> Window:
    zero = row["starts_at"].time().replace(tzinfo=None)
    opening = Opening(kind=row["kind"], local_start=zero, local_end=zero, room_id=row["room_id"])
    return Window(row["rule_id"], row["local_date"], row["starts_at"], row["ends_at"], opening, ())


def _employed(schedule: Schedule, day: date) -> bool:
    return (schedule.active_from is None or day >= schedule.active_from) and (
        schedule.active_to is None or day < schedule.active_to
    )


def _shown(found: Sequence[Clash]) -> list[Any]:
    """The first ten pairs, as instants: whose windows they are is known to who may write them."""
    return [
        {"start": max(c.first.start, c.second.start).isoformat(), "end": min(c.first.end, c.second.end).isoformat()}
        for c in found[:10]
    ]
