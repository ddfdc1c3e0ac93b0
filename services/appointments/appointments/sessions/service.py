"""Use cases of visiting sessions. The window of a session is an exception of its practitioner's schedule, so search,
booking and clashes are those of every agenda; working-time rules are not his, for he has no contract here.
"""

from datetime import date, datetime, time, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.callers import audience_of
from appointments.campaigns.following import draft, reopened
from appointments.schedules import service as schedules
from appointments.schedules.domain import instant
from appointments.schedules.schemas import ExceptionIn, Opening, ScheduleIn
from appointments.sessions import queries
from appointments.sessions.errors import NotExternal, SessionOver
from appointments.sessions.schemas import SessionIn, SessionOut, SessionsIn, SessionsOut
from maillage import cursor as cursors
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import FieldError, NotFound, Refusal, VersionStale
from maillage.wire import Page

DAY = timedelta(days=1)


async def plan(tx: Tx, body: SessionsIn) -> SessionsOut:
    """One session on each of the days, all or nothing; the schedule is made when there is none.

    Refused: 404, `NOT_EXTERNAL`, `WINDOW_CLASH`, `ROOM_CLASH`, 422 for a day past, each with the place of the day.
    """
    pair = await tx.fetchrow(queries.PAIR, body.practitioner_id, body.site_id)
    if pair is None:
        raise NotFound
    if not pair["external"]:
        raise NotExternal
    schedule_id = pair["schedule_id"]
    if schedule_id is None:
        made = await schedules.create(tx, ScheduleIn(practitioner_id=body.practitioner_id, site_id=body.site_id))
        schedule_id = made.id
    owner = cast(UUID, pair["organisation_id"]), cast(UUID, schedule_id)
    items = [await _one(tx, body, place, *owner) for place in range(len(body.dates))]
    return SessionsOut(items=items)


async def _one(tx: Tx, body: SessionsIn, place: int, organisation_id: UUID, schedule_id: UUID) -> SessionOut:
    wanted = SessionIn(local_date=body.dates[place], **body.model_dump(exclude={"dates", "practitioner_id", "site_id"}))
    try:
        exception_id = await _open(tx, schedule_id, wanted)
    except Refusal as refusal:
        pointers = [error.pointer for error in refusal.errors] or [""]
        if pointers[0] in ("", "/local_date"):
            refusal.errors = (FieldError(f"/dates/{place}", refusal.code, refusal.detail),)
        raise
    session_id = new_id()
    await tx.execute(
        queries.INSERT,
        session_id,
        organisation_id,
        body.practitioner_id,
        body.site_id,
        schedule_id,
        exception_id,
        *_values(wanted),
    )
    await reopened(tx, *await _instants(tx, session_id), practitioner_id=body.practitioner_id)
    tx.audit("session.plan", "visiting_session", session_id, organisation_id, day=str(wanted.local_date))
    return await _shown(tx, session_id)


def _values(wanted: SessionIn) -> tuple[object, ...]:
    """The columns of a session, in the order of INSERT and CHANGE."""
    hours = (wanted.local_date, wanted.local_start, wanted.local_end)
    return (*hours, list(wanted.reason_ids), wanted.room_id, wanted.note)


async def _open(tx: Tx, schedule_id: UUID, wanted: SessionIn) -> UUID:
    opening = Opening(
        local_start=wanted.local_start,
        local_end=wanted.local_end,
        reason_ids=wanted.reason_ids,
        room_id=wanted.room_id,
    )
    given = ExceptionIn(local_date=wanted.local_date, action="add", opening=opening)
    added = await schedules.add_exception(tx, schedule_id, given)
    assert added.id is not None  # only a trial has none
    return added.id


def _window(day: date, begins: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants of a session; an end not after its start is of the next day."""
    return instant(day, begins, zone), instant(day if ends > begins else day + DAY, ends, zone)


async def _instants(tx: Tx, session_id: UUID) -> tuple[datetime, datetime]:
    row = await tx.fetchrow(queries.ONE, session_id)
    assert row is not None
    return _window(row["local_date"], row["local_start"], row["local_end"], ZoneInfo(row["timezone"]))


async def change(tx: Tx, session_id: UUID, body: SessionIn, if_match: int | None = None) -> SessionOut:
    """Other hours, day, reasons or room. Visits left outside are flagged, and in a draft campaign.

    Refused: as `plan`, 412, `SESSION_OVER`.
    """
    row = await _locked(tx, session_id, if_match)
    if row["stands"]:
        await schedules.remove_exception(tx, row["schedule_id"], row["exception_id"])
    exception_id = await _open(tx, row["schedule_id"], body)
    await tx.execute(queries.CHANGE, session_id, exception_id, *_values(body))
    await reopened(tx, *await _instants(tx, session_id), practitioner_id=row["practitioner_id"])
    tx.audit("session.change", "visiting_session", session_id, row["organisation_id"], day=str(body.local_date))
    return await _shown(tx, session_id, await _follow(tx, row))


async def cancel(tx: Tx, session_id: UUID, if_match: int | None = None) -> SessionOut:
    """It will not take place: its time closes, booked visits are flagged and in a draft campaign. A second time: the
    same answer. Refused: 404, 403, 412, `SESSION_OVER` for a day past.
    """
    row = await tx.fetchrow(queries.LOCKED, session_id)
    if row is not None and row["state"] == "cancelled":
        schedules.may_write(tx, row["organisation_id"], row["person_id"])
        return await _shown(tx, session_id)
    row = await _locked(tx, session_id, if_match)
    if row["stands"]:
        await schedules.remove_exception(tx, row["schedule_id"], row["exception_id"])
    await tx.execute(queries.CANCEL, session_id)
    tx.audit("session.cancel", "visiting_session", session_id, row["organisation_id"], day=str(row["local_date"]))
    return await _shown(tx, session_id, await _follow(tx, row))


async def _follow(tx: Tx, row: asyncpg.Record) -> int:
    """Whom it concerns, among those who were booked in its window: counted, and given to a campaign."""
    who, zone, day = row["practitioner_id"], ZoneInfo(row["timezone"]), cast(date, row["local_date"])
    start, end = _window(day, row["local_start"], row["local_end"], zone)
    await draft(tx, "schedule", row["id"], row["organisation_id"], practitioner_id=who, start=start, end=end)
    values = (row["site_id"], [day, day + DAY], max(start, tx.now), end)
    return cast(int, await tx.fetchval(queries.CONFLICTS, who, *values))


async def _locked(tx: Tx, session_id: UUID, if_match: int | None) -> asyncpg.Record:
    row = await tx.fetchrow(queries.LOCKED, session_id)
    if row is None:
        raise NotFound
    schedules.may_write(tx, row["organisation_id"], row["person_id"])
    if if_match is not None and if_match != row["version"]:
        raise VersionStale(version=row["version"])
    if row["state"] == "cancelled" or row["local_date"] < _today(tx, row["timezone"]):
        raise SessionOver(state=row["state"])
    return row


def _today(tx: Tx, zone: str) -> date:
    return tx.now.astimezone(ZoneInfo(zone)).date()


async def listed(
    tx: Tx, site_id: UUID | None, practitioner_id: UUID | None, since: date | None, limit: int, cursor: str | None
) -> Page[SessionOut]:
    """Sessions to come, by day: who receives where and when. For everybody; no patient is in it."""
    after = cursors.decode(cursor, datetime, UUID)
    last = (cast(datetime, after[0]).date(), after[1]) if after else (None, None)
    first = since or tx.now.astimezone(ZoneInfo("Europe/Paris")).date()
    rows = await tx.fetch(queries.LIST, site_id, practitioner_id, first, *last, limit + 1)
    items = [_out(tx, row) for row in rows[:limit]]
    following = cursors.encode(_noon(items[-1].local_date), items[-1].id) if len(rows) > limit else None
    return Page[SessionOut](items=items, next_cursor=following)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("UTC"))


async def _shown(tx: Tx, session_id: UUID, conflicts: int | None = None) -> SessionOut:
    row = await tx.fetchrow(queries.ONE, session_id)
    assert row is not None
    return _out(tx, row).model_copy(update={"conflicts": conflicts})


def _out(tx: Tx, row: asyncpg.Record) -> SessionOut:
    fields = {name: row[name] for name in SessionOut.model_fields if name != "conflicts"}
    hidden = {} if audience_of(tx.principal) == "secretariat" else {"note": None}
    return SessionOut.model_validate({**fields, **hidden})
