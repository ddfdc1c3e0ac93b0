"""Use cases of schedules: their rules and exceptions, and the stored availability that follows from them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast
from uuid import UUID

import asyncpg

from appointments.availability import service as availability
from appointments.availability.queries import DUE_FOR_EXTENSION
from appointments.campaigns import following as campaigns
from appointments.directory.practitioners import service as practitioners
from appointments.schedules import queries, rows, schemas
from appointments.schedules.domain import HORIZON_DAYS, OpeningRule, Window, minutes_by_week
from appointments.schedules.errors import ScheduleExists
from appointments.schedules.planning import Plan, Schedule, planned, schedule_of
from appointments.waiting import offering as waiting
from appointments.worktime import service as worktime
from appointments.worktime.domain import Breach
from maillage import cursor as cursors
from maillage import ids
from maillage.database import Database, Tx
from maillage.principal import system
from maillage.refusals import FieldError, Invalid, NotAllowed, NotFound, VersionStale
from maillage.wire import Page

PREVIEW_WEEKS = 8
DAY = timedelta(days=1)


def may_write(tx: Tx, organisation_id: UUID, person_id: UUID | None) -> None:
    """Reach of `schedule.write`: own organisation, or only oneself (practitioners, nurses). Else 404 or 403."""
    reach = tx.principal.reach("schedule.write")
    if reach in ("o", "s") and tx.principal.org != organisation_id:
        raise NotFound
    if reach == "s" and (person_id is None or person_id != tx.principal.person_id):
        raise NotAllowed


async def create(tx: Tx, given: schemas.ScheduleIn) -> schemas.ScheduleOut:
    """A new agenda without rules. Refused: 404 when practitioner or site is not there, `SCHEDULE_EXISTS`."""
    pair = await tx.fetchrow(queries.PAIR, given.practitioner_id, given.site_id)
    if pair is None:
        raise NotFound
    may_write(tx, pair["organisation_id"], pair["person_id"])
    schedule_id = ids.new_id()
    values = (schedule_id, pair["organisation_id"], given.practitioner_id, given.site_id)
    if pair["schedule_id"] or await tx.fetchval(queries.INSERT_SCHEDULE, *values) is None:
        raise ScheduleExists(schedule_id=str(pair["schedule_id"]) if pair["schedule_id"] else None)
    tx.audit("schedule.create", "schedule", schedule_id, pair["organisation_id"])
    await practitioners.places_of_work_changed(tx, given.practitioner_id)
    return await show(tx, schedule_id)


async def listed(
    tx: Tx, practitioner_id: UUID | None, site_id: UUID | None, limit: int, cursor: str | None
) -> Page[schemas.ScheduleItem]:
    """Agendas by id."""
    after = cursors.decode(cursor, UUID)
    found = await tx.fetch(queries.SCHEDULES, practitioner_id, site_id, after[0] if after else None, limit + 1)
    items = [schemas.ScheduleItem.model_validate(dict(row)) for row in found[:limit]]
    return Page[schemas.ScheduleItem](
        items=items, next_cursor=cursors.encode(items[-1].id) if len(found) > limit else None
    )


async def show(tx: Tx, schedule_id: UUID) -> schemas.ScheduleOut:
    """One agenda with its rules, and its exceptions from yesterday on. 404 when there is none to see."""
    row = await tx.fetchrow(queries.SCHEDULE, schedule_id)
    if row is None:
        raise NotFound
    item = schedule_of(row).item
    rules, exceptions = await _rules(tx, schedule_id), await _exceptions(tx, schedule_id)
    return schemas.ScheduleOut.model_validate({**dict(item), "rules": rules, "exceptions": exceptions})


async def put_rules(
    tx: Tx, schedule_id: UUID, given: schemas.RulesIn, *, dry_run: bool = False, version: int | None = None
) -> schemas.RulesOut:
    """Replaces the whole set of rules and makes the availability of the next 180 days follow; `dry_run` only tells.

    Refused: 412, `RRULE_UNSUPPORTED`, `WINDOW_CLASH`, `ROOM_CLASH`, `WORKING_TIME_RULE`, 422 for unknown reasons and
    rooms. Visits that lie in no window any more are flagged and listed, never deleted.
    """
    schedule = await _locked(tx, schedule_id, version)
    await _known(tx, schedule, given.rules, [f"/rules/{place}" for place in range(len(given.rules))])
    kept = rows.identified(given.rules, await _rules(tx, schedule_id), ids.new_id)
    rules = rows.rules(kept, schedule.zone)
    exceptions = rows.exceptions(await _exceptions(tx, schedule_id))
    plan = await planned(tx, schedule, rules, exceptions, dry_run=dry_run)
    broken = await worktime.judged(tx, schedule.agenda, plan.windows, plan.start, plan.end)
    result = schemas.RulesOut(
        id=schedule_id,
        version=schedule.version,
        dry_run=dry_run,
        minutes=_minutes(plan),
        outside=await _outside(tx, schedule, plan),
        warnings=await _warnings(tx, schedule, plan, rules, broken),
        breaches=_broken(broken),
    )
    if dry_run:
        return result
    await worktime.allow(tx, schedule.agenda, schedule.person_id, broken, given.override_reason)
    await tx.execute(queries.DROP_RULES, schedule_id, [rule.id for rule in kept])
    await tx.executemany(
        queries.KEEP_RULE, [rows.rule_values(r, schedule.agenda.organisation_id, schedule_id) for r in kept]
    )
    await _follow(tx, schedule, plan, "schedule.rules", rules=len(kept))
    return result.model_copy(update={"version": await _touched(tx, schedule_id)})


async def add_exception(
    tx: Tx, schedule_id: UUID, given: schemas.ExceptionIn, *, version: int | None = None, dry_run: bool = False
) -> schemas.ExceptionAdded:
    """Adds, removes or changes one local day; `dry_run` only tells. Refused: 412, 422 for a day past or an unfit
    action, `WINDOW_CLASH`, `ROOM_CLASH`, `WORKING_TIME_RULE`.
    """
    schedule = await _locked(tx, schedule_id, version)
    _fitting(given, schedule.today(tx))
    if given.opening:
        await _known(tx, schedule, [given.opening], ["/opening"])
    rule_ids = {rule.id for rule in await _rules(tx, schedule_id)}
    if given.rule_id is not None and given.rule_id not in rule_ids:
        raise NotFound(pointer="/rule_id")
    if dry_run:
        return await _day_tried(tx, schedule, given)
    exception_id = ids.new_id()
    fields = given.opening.model_dump_json() if given.opening else "{}"
    values = (schedule.agenda.organisation_id, schedule_id, given.local_date, given.action, given.rule_id, fields)
    await tx.execute(queries.INSERT_EXCEPTION, exception_id, *values)
    conflicts = await _day_again(tx, schedule, given.local_date, "schedule.exception.add", given.override_reason)
    return schemas.ExceptionAdded(id=exception_id, version=await _touched(tx, schedule_id), conflicts=conflicts)


async def remove_exception(tx: Tx, schedule_id: UUID, exception_id: UUID) -> None:
    """Takes an exception back: the day follows the rules again. Refused: 404, `WORKING_TIME_RULE` (to allow it
    nevertheless, a manager adds the hours as another exception, with the reason).
    """
    schedule = await _locked(tx, schedule_id, None)
    day = cast(date | None, await tx.fetchval(queries.DELETE_EXCEPTION, exception_id, schedule_id))
    if day is None:
        raise NotFound
    await _day_again(tx, schedule, day, "schedule.exception.remove", None)
    await _touched(tx, schedule_id)


async def refresh(tx: Tx, schedule_id: UUID) -> list[date]:
    """Expands a schedule to the horizon of 180 days from today; answers the days that changed."""
    schedule = await _locked(tx, schedule_id, None)
    rules = rows.rules(await _rules(tx, schedule_id), schedule.zone)
    plan = await planned(tx, schedule, rules, rows.exceptions(await _exceptions(tx, schedule_id)))
    changed = await availability.store(tx, schedule.agenda, plan.windows, plan.start, plan.end)
    if changed:  # a last day has come nearer, a day has become a holiday: not only the horizon has moved
        await _visits_follow(tx, schedule, plan)
    return changed


async def extend_one(tx: Tx) -> bool:
    """Extends the schedule whose stored days end first, when they end before the horizon; whether there was one."""
    schedule_id = cast(UUID | None, await tx.fetchval(DUE_FOR_EXTENSION, tx.now, HORIZON_DAYS))
    if schedule_id is not None:
        await refresh(tx, schedule_id)
    return schedule_id is not None


async def extend_horizon(database: Database) -> None:
    """Timed job: extends every schedule that is due, each in its own transaction, so that no booking waits for many."""
    while await database.run(system("appointments"), extend_one):
        pass


async def _locked(tx: Tx, schedule_id: UUID, version: int | None) -> Schedule:
    row = await tx.fetchrow(queries.SCHEDULE_LOCKED, schedule_id)
    if row is None:
        raise NotFound
    schedule = schedule_of(row)
    if tx.principal.kind != "system":
        may_write(tx, schedule.agenda.organisation_id, schedule.person_id)
    if version is not None and version != schedule.version:
        raise VersionStale(version=schedule.version)
    return schedule


async def _rules(tx: Tx, schedule_id: UUID) -> list[schemas.Rule]:
    return [rows.rule_of(row) for row in await tx.fetch(queries.RULES, schedule_id)]


async def _exceptions(tx: Tx, schedule_id: UUID) -> list[schemas.ExceptionOut]:
    # allow day-of-a-place: a day more than anybody asks for
    return [rows.exception_of(row) for row in await tx.fetch(queries.EXCEPTIONS, schedule_id, tx.now.date() - DAY)]


async def _touched(tx: Tx, schedule_id: UUID) -> int:
    return cast(int, await tx.fetchval(queries.TOUCH_SCHEDULE, schedule_id))


def _fitting(given: schemas.ExceptionIn, today: date) -> None:
    """`add` and `change` need an opening, `remove` none; `change` names its rule, `add` none; the day is not over."""
    if given.local_date < today or given.local_date >= today + HORIZON_DAYS * DAY:
        raise Invalid(pointer="/local_date")
    if (given.action == "remove") == (given.opening is not None):
        raise Invalid(pointer="/opening")
    if (given.action == "add" and given.rule_id is not None) or (given.action == "change" and given.rule_id is None):
        raise Invalid(pointer="/rule_id")


async def _known(tx: Tx, schedule: Schedule, openings: Sequence[schemas.Opening], pointers: Sequence[str]) -> None:
    """Every reason belongs to the organisation, every room to the site; else 422 with each place."""
    reasons = sorted({reason for opening in openings for reason in opening.reason_ids})
    rooms = sorted({opening.room_id for opening in openings if opening.room_id})
    unknown = {row["id"] for row in await tx.fetch(queries.UNKNOWN_REASONS, reasons, schedule.agenda.organisation_id)}
    unknown |= {row["id"] for row in await tx.fetch(queries.UNKNOWN_ROOMS, rooms, schedule.agenda.site_id)}
    errors = [
        FieldError(f"{pointer}/{name}", NotFound.code, NotFound.detail)
        for opening, pointer in zip(openings, pointers, strict=True)
        for name, named in (("reason_ids", opening.reason_ids), ("room_id", [opening.room_id]))
        if unknown & set(named)
    ]
    if errors:
        raise Invalid(errors=errors)


def _minutes(plan: Plan) -> list[schemas.WeekMinutes]:
    begin = plan.start - plan.start.weekday() * DAY
    weeks = minutes_by_week(w for w in (*plan.windows, *plan.others) if w.local_date >= plan.start)
    mondays = [begin + n * 7 * DAY for n in range(PREVIEW_WEEKS)]
    return [schemas.WeekMinutes(week=monday, minutes=weeks.get(monday, 0)) for monday in mondays]


async def _outside(tx: Tx, schedule: Schedule, plan: Plan) -> list[schemas.Outside]:
    """Live visits that none of the planned windows holds, with its reasons and modes."""
    agenda = schedule.agenda
    visits = await tx.fetch(queries.LIVE_VISITS, agenda.practitioner_id, agenda.site_id, plan.start, tx.now)
    return [
        schemas.Outside(appointment_id=row["id"], start=row["starts_at"], end=row["ends_at"])
        for row in visits
        if not any(_holds(window, row) for window in plan.windows)
    ]


def _holds(window: Window, visit: asyncpg.Record) -> bool:
    opening = window.opening
    return (
        window.start <= visit["starts_at"]
        and visit["occupied_to"] <= window.end
        and opening.kind != "admin"
        and visit["mode"] in opening.modes
        and (not opening.reason_ids or visit["reason_id"] in opening.reason_ids)
    )


async def _warnings(
    tx: Tx, schedule: Schedule, plan: Plan, rules: Sequence[OpeningRule], broken: Sequence[Breach]
) -> list[schemas.Notice]:
    opened = {window.source_id for window in plan.windows}
    silent = [place for place, rule in enumerate(rules) if rule.id not in opened]
    warnings = [schemas.Notice(code="RULE_NEVER_OPENS", pointer=f"/rules/{place}") for place in silent]
    contract = cast(int | None, await tx.fetchval(queries.WEEKLY_MINUTES, schedule.agenda.practitioner_id, plan.start))
    if contract is not None and any(week.minutes > contract for week in _minutes(plan)):
        warnings.append(schemas.Notice(code="OVER_CONTRACT"))
    if broken:
        warnings.append(schemas.Notice(code="WORKING_TIME_RULE"))
    return warnings


def _broken(found: Sequence[Breach]) -> list[schemas.BrokenRule]:
    return [
        schemas.BrokenRule(rule=each.rule, local_date=each.local_date, value=each.value, limit=each.limit)
        for each in found[: schemas.MOST_BREACHES]
    ]


async def _day_tried(tx: Tx, schedule: Schedule, given: schemas.ExceptionIn) -> schemas.ExceptionAdded:
    """What a day would be with one more exception."""
    wanted = schemas.ExceptionOut.model_validate(
        {**given.model_dump(exclude={"override_reason"}), "id": ids.new_id(), "source": "manual"}
    )
    rules = rows.rules(await _rules(tx, schedule.id), schedule.zone)
    exceptions = rows.exceptions([*await _exceptions(tx, schedule.id), wanted])
    plan = await planned(tx, schedule, rules, exceptions, only=given.local_date, dry_run=True)
    broken = await worktime.judged(tx, schedule.agenda, plan.windows, plan.start, plan.end)
    outside = [
        visit
        for visit in await _outside(tx, schedule, plan)
        if visit.start.astimezone(schedule.zone).date() == given.local_date
    ]
    return schemas.ExceptionAdded(
        id=None,
        version=schedule.version,
        conflicts=len(outside),
        dry_run=True,
        outside=outside,
        breaches=_broken(broken),
    )


async def _day_again(tx: Tx, schedule: Schedule, day: date, action: str, override_reason: str | None) -> int:
    rules = rows.rules(await _rules(tx, schedule.id), schedule.zone)
    exceptions = rows.exceptions(await _exceptions(tx, schedule.id))
    plan = await planned(tx, schedule, rules, exceptions, only=day)
    broken = await worktime.judged(tx, schedule.agenda, plan.windows, plan.start, plan.end)
    await worktime.allow(tx, schedule.agenda, schedule.person_id, broken, override_reason)
    return await _follow(tx, schedule, plan, action, only=day, day=day.isoformat())


async def _follow(
    tx: Tx, schedule: Schedule, plan: Plan, action: str, only: date | None = None, **facts: str | int
) -> int:
    """Stores the windows, flags the visits left outside, says who did it. How many visits are flagged."""
    changed = await availability.store(tx, schedule.agenda, plan.windows, plan.start, plan.end, whole=only is None)
    tx.audit(action, "schedule", schedule.id, schedule.agenda.organisation_id, days=len(changed), **facts)
    return await _visits_follow(tx, schedule, plan)


async def _visits_follow(tx: Tx, schedule: Schedule, plan: Plan) -> int:
    """After the windows: what is kept in hours that are no longer open ends, with the offers that stood on it; visits
    there are flagged, how many, and those that lie in open time again are not.
    """
    practitioner_id = schedule.agenda.practitioner_id
    start, end = availability.span(plan.start, plan.end, schedule.zone)
    if await availability.release_holds_outside(tx, practitioner_id, start, end):
        await waiting.lost(tx)
    conflicts = await availability.flag_conflicts(tx, start, end, practitioner_id=practitioner_id)
    await campaigns.reopened(tx, start, end, practitioner_id=practitioner_id)
    return conflicts
