"""HTTP of working time: hours against contract."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.reports.tables import TYPE, wanted
from appointments.schedules.schemas import LocalDate
from appointments.worktime import reporting, tables
from appointments.worktime.hours import Group
from appointments.worktime.reporting import Asked
from appointments.worktime.schemas import HoursReport
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1/reports", tags=["reports"])


@router.get(
    "/contract-hours", response_model=HoursReport, openapi_extra=operation("report.read", klass="bulk", timeout_s=30)
)
async def report_of_contract_hours(
    act: ActDep,
    first: Annotated[LocalDate, Query(alias="from")],
    to: LocalDate,
    group: Group = "week",
    practitioner: UUID | None = None,
) -> Response:
    """Planned and worked minutes by practitioner and week, month or whole period, against the contract, with the rules
    of working time that they break. JSON, or CSV by `Accept: text/csv` (there `*`: a manager allowed it).

    `from`, `to`: local days, both included. A practitioner reads his own rows, without the reasons of overrides.
    Refused: `PERIOD_INVALID`, `RANGE_TOO_WIDE` (400 days), `TIME_INVALID` 422; 404 for a practitioner out of reach.
    """
    found = await act.read(reporting.contract_hours, Asked(first, to, group, practitioner))
    if wanted(act.request.headers.get("accept")):
        return Response(tables.written(found.rows, act.language), 200, None, TYPE)
    return Response(found.model_dump_json(), 200, None, "application/json")
