"""Use case of the agenda: days as a desk, a practitioner or a manager reads them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.agenda import queries
from appointments.agenda.schemas import AgendaOut, HeldOut, OpeningOut, Span, VisitOut
from appointments.appointments.rows import Appointment
from appointments.callers import audience_of
from appointments.patients.errors import CriterionRequired
from appointments.patients.shown import called
from maillage.database import Tx
from maillage.refusals import NotAllowed


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days, of whom, where."""

    day: date
    days: int
    site: UUID | None
    practitioner: UUID | None

    @property
    def filters(self) -> tuple[date, date, UUID | None, UUID | None]:
        """As the queries take them."""
        return self.day, self.day + timedelta(days=self.days - 1), self.site, self.practitioner


async def show(tx: Tx, asked: Asked) -> AgendaOut:
    """Openings, appointments and holds of local days, for professionals of the centre. Refused: 403 for others,
    `CRITERION_REQUIRED` for several days of everybody.
    """
    if audience_of(tx.principal) != "secretariat":
        raise NotAllowed
    if asked.days > 1 and asked.practitioner is None:
        raise CriterionRequired(pointer="?practitioner")
    openings = await tx.fetch(queries.OPENINGS, *asked.filters)
    visits = [Appointment.of(row) for row in await tx.fetch(queries.VISITS, *asked.filters)]
    holds = await tx.fetch(queries.HOLDS, *asked.filters, tx.now)
    people = {row["id"]: row for row in await tx.fetch(queries.PEOPLE, list({each.patient_id for each in visits}))}
    if visits:
        where = ("practitioner", asked.practitioner) if asked.practitioner else ("site", visits[0].site_id)
        tx.audit("agenda.read", *where, visits[0].organisation_id, day=asked.day.isoformat(), days=asked.days)
    return AgendaOut(
        day=asked.day,
        days=asked.days,
        openings=[_opening(row) for row in openings],
        visits=[_visit(each, people[each.patient_id]) for each in visits],
        holds=[_held(row) for row in holds],
    )


def _visit(appointment: Appointment, person: asyncpg.Record) -> VisitOut:
    known = dict(appointment.out("secretariat"))
    return VisitOut.model_validate({**known, "patient_name": called(person), "birth_date": person["birth_date"]})


def _opening(row: asyncpg.Record) -> OpeningOut:
    zone = ZoneInfo(row["timezone"])
    given = {name: row[name] for name in OpeningOut.model_fields if name not in ("start", "end", "free", "closed")}
    return OpeningOut(
        **given,
        start=row["start"].astimezone(zone),
        end=row["end"].astimezone(zone),
        free=_spans(row["free"], zone),
        closed=_spans(row["closed"], zone),
    )


def _spans(ranges: "list[asyncpg.Range[datetime]]", zone: ZoneInfo) -> list[Span]:
    return [Span(start=_in(each.lower, zone), end=_in(each.upper, zone)) for each in ranges]


def _in(instant: datetime | None, zone: ZoneInfo) -> datetime:
    assert instant is not None  # windows are bounded
    return instant.astimezone(zone)


def _held(row: asyncpg.Record) -> HeldOut:
    zone = ZoneInfo(row["timezone"])
    times = {name: row[name].astimezone(zone) for name in ("start", "end", "expires_at")}
    return HeldOut(**{name: row[name] for name in HeldOut.model_fields if name not in times}, **times)
