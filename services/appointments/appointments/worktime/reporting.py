"""Use case of the report: hours against contract, and where they break a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.reports.errors import PeriodInvalid, ReportTooWide
from appointments.worktime import queries
from appointments.worktime.domain import DAY, MEAN_WEEKS, WEEK, Breach, Span, Work, breaches, monday, without
from appointments.worktime.hours import Group, Opened, Period, Tally, owed, part_of, periods, tallies
from appointments.worktime.schemas import BreachOut, HoursReport, HoursRow
from appointments.worktime.service import WEEKLY, midnight, ruled
from maillage.database import Tx
from maillage.refusals import NotFound

MOST_DAYS = 400
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Local days, both included; whose, None: everybody's."""

    first: date
    last: date
    group: Group
    practitioner_id: UUID | None = None


async def contract_hours(tx: Tx, asked: Asked) -> HoursReport:
    """Hours of everybody in reach, one after the other, so that no other request waits for all of them.

    Refused: `PERIOD_INVALID`, `RANGE_TOO_WIDE` (400 days) 422; 404 for a practitioner out of reach.
    """
    if asked.last < asked.first:
        raise PeriodInvalid(pointer="?to")
    if (asked.last - asked.first).days >= MOST_DAYS:
        raise ReportTooWide(pointer="?to")
    person = (tx.principal.person_id or NOBODY) if tx.principal.reach("report.read") == "s" else None
    who = await tx.fetch(queries.PRACTITIONERS, asked.practitioner_id, person, asked.first, asked.last)
    if asked.practitioner_id is not None and not who:
        raise NotFound
    rows: list[HoursRow] = []
    for row in who:
        rows += await _of_one(tx, row, asked, reasons=person is None)
    return HoursReport(rows=rows)


async def _of_one(tx: Tx, who: asyncpg.Record, asked: Asked, *, reasons: bool) -> list[HoursRow]:
    zone = ZoneInfo(who["timezone"])
    contracts = await tx.fetch(queries.CONTRACTS, who["id"])
    opened = await _opened(tx, who["id"], asked, zone)
    parts = periods(asked.first, asked.last, asked.group)
    counted = tallies(opened, parts)
    territorial = [c["during"] for c in contracts if c["rule_pack"] == "territorial" and not who["external"]]
    found = [b for b in breaches(_worked(opened), zone) if any(ruled(during, b) for during in territorial)]
    allowed = await _overrides(tx, who["id"], asked) if found else {}
    days = [(_days(c["during"]), c["weekly_minutes"]) for c in contracts]
    broken = _shown(found, parts, allowed, reasons=reasons)
    return [_row(who, period, counted[period], owed(days, period), broken.get(period, ())) for period in parts]


async def _opened(tx: Tx, practitioner_id: UUID, asked: Asked, zone: ZoneInfo) -> list[Opened]:
    """Windows of the period, of the weeks before it that its means count, and of those after, for their rest."""
    since = midnight(monday(asked.first) - (MEAN_WEEKS - 1) * WEEK, zone)
    until = midnight(monday(asked.last) + 2 * WEEK, zone)
    windows = await tx.fetch(queries.OPENED, practitioner_id, since, until)
    absences = await tx.fetch(queries.ABSENCES, practitioner_id, since, until)
    sites = sorted({row["site_id"] for row in windows})
    closures = await tx.fetch(queries.CLOSURES, sites, since, until)
    rest = [_span(row) for row in absences if row["kind"] == "rest"]
    away = [_span(row) for row in absences if row["kind"] != "rest"]
    closed = {site: [_span(row) for row in closures if row["site_id"] == site] for site in sites}
    return [Opened(row["local_date"], row["kind"], _span(row), rest, away, closed[row["site_id"]]) for row in windows]


def _worked(windows: Sequence[Opened]) -> list[Work]:
    return [
        Work(window.local_date, *span)
        for window in windows
        for span in without(window.span, sorted((*window.rest, *window.away, *window.closed)))
    ]


async def _overrides(tx: Tx, practitioner_id: UUID, asked: Asked) -> dict[tuple[str, date], str]:
    rows = await tx.fetch(queries.OVERRIDES, practitioner_id, monday(asked.first), asked.last)
    return {(row["rule"], row["local_date"]): row["reason"] for row in rows}


def _shown(
    found: Sequence[Breach], parts: Sequence[Period], allowed: Mapping[tuple[str, date], str], *, reasons: bool
) -> dict[Period, list[BreachOut]]:
    """Breaches by period; one of a week whose Monday lies before all of them is of the first."""
    shown: dict[Period, list[BreachOut]] = {}
    for breach in found:
        last = breach.local_date + 6 * DAY if breach.rule in WEEKLY else breach.local_date
        period = part_of(max(breach.local_date, min(last, parts[0][0])), parts)
        if period is None:
            continue
        reason = allowed.get((breach.rule, breach.local_date))
        out = BreachOut(
            rule=breach.rule,
            local_date=breach.local_date,
            value=breach.value,
            limit=breach.limit,
            overridden=reason is not None,
            reason=reason if reasons else None,
        )
        shown.setdefault(period, []).append(out)
    return shown


def _row(
    who: asyncpg.Record, period: Period, tally: Tally, contract: int | None, found: Sequence[BreachOut]
) -> HoursRow:
    return HoursRow(
        practitioner_id=who["id"],
        practitioner=who["display_name"],
        first_day=period[0],
        last_day=period[1],
        contract_minutes=contract,
        clinic_minutes=tally.planned.get("clinic", 0),
        unscheduled_minutes=tally.planned.get("unscheduled", 0),
        home_round_minutes=tally.planned.get("home_round", 0),
        walk_in_minutes=tally.planned.get("walk_in", 0),
        admin_minutes=tally.planned.get("admin", 0),
        planned_minutes=tally.total,
        absent_minutes=tally.away,
        closed_minutes=tally.closed,
        rest_minutes=tally.rest,
        worked_minutes=tally.worked,
        difference_minutes=None if contract is None else tally.credited - contract,
        duty_minutes=None,
        breaches=found,
    )


def _span(row: asyncpg.Record) -> Span:
    start: datetime = row["starts_at"]
    end: datetime = row["ends_at"]
    return start, end


def _days(during: "asyncpg.Range[date]") -> Period:
    """Both days included; a contract without end lasts for ever."""
    return during.lower or date.min, during.upper - DAY if during.upper else date.max
