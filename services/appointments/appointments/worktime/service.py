"""Use cases of working time: what a change of hours breaks, who may allow it, hours against contract."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import asyncpg

from appointments.availability.service import Agenda
from appointments.schedules.domain import Window
from appointments.worktime import queries
from appointments.worktime.domain import DAY, MEAN_WEEKS, WEEK, Breach, Rule, Work, breaches, brought, monday, without
from appointments.worktime.errors import WorkingTimeRule
from maillage import ids
from maillage.database import Tx
from maillage.refusals import NotAllowed

WEEKLY: frozenset[Rule] = frozenset({"WEEKLY_HOURS", "MEAN_HOURS", "WEEKLY_REST"})
"""Rules whose day is the Monday of a week."""


async def judged(tx: Tx, agenda: Agenda, windows: Sequence[Window], start: date, end: date) -> list[Breach]:
    """What an agenda breaks anew, or worse than now, when it opens `windows` on the local days `[start, end)`.

    All sites count together, absences and closures do not. Only days under a contract with a pack of rules are judged.
    What is broken already, elsewhere, refuses no change.
    """
    contracts = await tx.fetch(queries.RULED, agenda.practitioner_id)
    if not contracts:
        return []
    zone = ZoneInfo(contracts[0]["timezone"])
    first, last = midnight(monday(start) - (MEAN_WEEKS - 1) * WEEK, zone), midnight(end + MEAN_WEEKS * WEEK, zone)
    stored = await tx.fetch(queries.STORED, agenda.practitioner_id, first, last)
    shut = await tx.fetch(queries.SHUT, agenda.practitioner_id, agenda.site_id, first, last)
    stays = [row for row in stored if row["schedule_id"] != agenda.schedule_id or not start <= row["local_date"] < end]
    planned = _open(windows, [(row["starts_at"], row["ends_at"]) for row in shut])
    now, then = [_work(row) for row in stored], [_work(row) for row in stays] + planned
    found = brought(breaches(now, zone), breaches(then, zone))
    return [breach for breach in found if any(ruled(row["during"], breach) for row in contracts)]


async def allow(tx: Tx, agenda: Agenda, person: object, found: Sequence[Breach], reason: str | None) -> None:
    """Lets hours pass that break a rule, or not. `person`: who the practitioner is.

    Refused: `WORKING_TIME_RULE` without a reason; 403 when it is not another person, a manager, who gives it.
    """
    if not found:
        return
    if reason is None:
        raise WorkingTimeRule(found)
    if tx.principal.role != "manager" or (person is not None and person == tx.principal.person_id):
        raise NotAllowed
    await tx.execute(
        queries.OVERRIDE,
        agenda.organisation_id,
        agenda.practitioner_id,
        [ids.new_id() for _ in found],
        [breach.rule for breach in found],
        [breach.local_date for breach in found],
        reason,
        tx.principal.sub,
        tx.now,
    )
    rules = " ".join(sorted({breach.rule for breach in found}))
    tx.audit(
        "working_time.override",
        "practitioner",
        agenda.practitioner_id,
        agenda.organisation_id,
        rules=rules,
        breaches=len(found),
        first_day=min(breach.local_date for breach in found).isoformat(),
    )


def _open(windows: Sequence[Window], shut: Sequence[tuple[datetime, datetime]]) -> list[Work]:
    return [Work(w.local_date, *span) for w in windows for span in without((w.start, w.end), shut)]


def _work(row: asyncpg.Record) -> Work:
    return Work(row["local_date"], row["starts_at"], row["ends_at"])


def ruled(during: "asyncpg.Range[date]", breach: Breach) -> bool:
    """Whether a contract covers the day of a breach, or some day of its week."""
    last = breach.local_date + (6 * DAY if breach.rule in WEEKLY else 0 * DAY)
    return (during.lower is None or during.lower <= last) and (during.upper is None or during.upper > breach.local_date)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time.min, zone)
