"""The report as CSV."""

from collections.abc import Mapping, Sequence
from typing import Final

from appointments.reports import tables
from appointments.worktime.schemas import BreachOut, HoursRow
from maillage.wire import Wire
from maillage.words import Language, Words

TITLES: Final[Mapping[str, Words]] = {
    "practitioner": Words("professionnel", "practitioner"),
    "first_day": Words("du", "from"),
    "last_day": Words("au", "to"),
    "contract_minutes": Words("contrat (min)", "contract (min)"),
    "clinic_minutes": Words("consultations", "clinic"),
    "unscheduled_minutes": Words("soins non programmés", "unscheduled care"),
    "home_round_minutes": Words("visites", "home rounds"),
    "walk_in_minutes": Words("sans rendez-vous", "walk-ins"),
    "admin_minutes": Words("réunions", "meetings"),
    "planned_minutes": Words("prévu", "planned"),
    "absent_minutes": Words("dont absences", "of which absences"),
    "closed_minutes": Words("dont fermetures", "of which closures"),
    "rest_minutes": Words("dont repos de garde", "of which rest after duty"),
    "worked_minutes": Words("travaillé", "worked"),
    "difference_minutes": Words("écart au contrat", "against contract"),
    "duty_minutes": Words("gardes", "duties"),
    "breaches": Words("règles enfreintes", "rules broken"),
}


class Line(Wire):
    """A row as a table program shows it: breaches as one text."""

    practitioner: str
    first_day: str
    last_day: str
    contract_minutes: int | None
    clinic_minutes: int
    unscheduled_minutes: int
    home_round_minutes: int
    walk_in_minutes: int
    admin_minutes: int
    planned_minutes: int
    absent_minutes: int
    closed_minutes: int
    rest_minutes: int
    worked_minutes: int
    difference_minutes: int | None
    duty_minutes: int | None
    breaches: str


def written(rows: Sequence[HoursRow], language: Language) -> bytes:
    """One line for each row."""
    return tables.written(Line, [_line(row) for row in rows], language, TITLES)


def _line(row: HoursRow) -> Line:
    plain = {
        name: getattr(row, name) for name in Line.model_fields if name not in ("first_day", "last_day", "breaches")
    }
    told = ", ".join(_told(breach) for breach in row.breaches)
    return Line(first_day=row.first_day.isoformat(), last_day=row.last_day.isoformat(), breaches=told, **plain)


def _told(breach: BreachOut) -> str:
    mark = "*" if breach.overridden else ""
    return f"{breach.rule} {breach.local_date} {breach.value}/{breach.limit}{mark}"
