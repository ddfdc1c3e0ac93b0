"""HTTP of reports: activity, missed visits, access to care. JSON, or CSV by `Accept: text/csv`.

`from`, `to`: local days, both included. A practitioner reads his own rows. Refused: `PERIOD_INVALID`,
`RANGE_TOO_WIDE` (400 days) 422; 404 for a practitioner or site out of reach. Groups of a sensitive reason with
fewer than five patients have no figures.
"""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from appointments.reports import service, tables
from appointments.reports.domain import AccessGroup, ActivityGroup, MissedGroup
from appointments.reports.schemas import (
    AccessReport,
    AccessRow,
    ActivityReport,
    ActivityRow,
    Asked,
    MissedReport,
    MissedRow,
    Row,
    WindowRow,
)
from appointments.schedules.schemas import LocalDate
from maillage.http import Act, ActDep, operation
from maillage.wire import Wire

router = APIRouter(prefix="/v1/reports", tags=["reports"])
READ = operation("report.read", klass="bulk", timeout_s=30)


def _asked(
    first: Annotated[LocalDate, Query(alias="from")],
    to: LocalDate,
    practitioner: UUID | None = None,
    site: UUID | None = None,
) -> Asked:
    return Asked(from_=first, to=to, practitioner=practitioner, site=site)


Wish = Annotated[Asked, Depends(_asked)]


@router.get("/activity", response_model=ActivityReport, openapi_extra=READ)
async def report_of_activity(act: ActDep, asked: Wish, group: ActivityGroup = "practitioner") -> Response:
    """Visits by practitioner, site, week, month, weekday, mode, channel or reason: kept, cancelled, late, missed,
    unscheduled, by channel, overbooked, walk-ins, first visits.
    """
    found = await act.read(service.activity, asked, group)
    return _answer(act, found, ActivityRow, found.rows)


@router.get("/missed", response_model=MissedReport, openapi_extra=READ)
async def report_of_missed_visits(act: ActDep, asked: Wish, group: MissedGroup = "practitioner") -> Response:
    """Missed and late-cancelled visits of those that were due, also by lead time and by whether a reminder left; and
    the share of freed times that somebody of the waiting list took (JSON only).
    """
    found = await act.read(service.missed, asked, group)
    return _answer(act, found, MissedRow, found.rows)


@router.get("/access", response_model=AccessReport, openapi_extra=READ)
async def report_of_access_to_care(act: ActDep, asked: Wish, group: AccessGroup = "reason") -> Response:
    """Days to the third next free time by reason and site, share seen within 48 hours, waiting list; opened minutes and
    how many were used by site and kind of window. As CSV: those of `group`.
    """
    found = await act.read(service.access, asked)
    return (
        _answer(act, found, AccessRow, found.rows)
        if group == "reason"
        else _answer(act, found, WindowRow, found.windows)
    )


def _answer(act: Act, found: Wire, kind: type[Row], rows: Sequence[Row]) -> Response:
    if tables.wanted(act.request.headers.get("accept")):
        return Response(tables.written(kind, rows, act.language), 200, None, tables.TYPE)
    return Response(found.model_dump_json(), 200, None, "application/json")
