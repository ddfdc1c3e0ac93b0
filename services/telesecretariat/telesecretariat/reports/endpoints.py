"""Reports over HTTP: JSON, or CSV by `Accept: text/csv`.

`from` and `until` are instants or local dates; `interval` 15min, 30min, hour, day or month; `week_days` 1 Monday to 7
Sunday; a call counts where it arrived. Refused: `PERIOD_INVALID`, `PERIOD_TOO_LONG`, `ZONE_UNKNOWN`, `HOURS_INVALID`
422; 404 for a line that is not reached. Who reads the territory (an agency) gets no row about fewer than five calls.
"""

from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from maillage.http import Act, ActDep, operation
from maillage.wire import Wire
from telesecretariat.reports import agents, csv_text, service
from telesecretariat.reports.schemas import (
    AccessReport,
    AccessRow,
    AgentRow,
    AgentsReport,
    Asked,
    CallsReport,
    CallsRow,
    WaitsReport,
    WaitsRow,
)

router = APIRouter(prefix="/v1/reports", tags=["reports"])
READ = operation("report.read", klass="bulk", timeout_s=30)
Wish = Annotated[Asked, Query()]


@router.get("/calls", response_model=CallsReport, openapi_extra=READ)
async def report_of_calls(act: ActDep, asked: Wish) -> Response:
    """Calls by bucket of arrival: received, answered, how the others left, and the three service levels by name."""
    found = await act.read(service.calls, asked, published=_published(act))
    return _answer(act, asked, found, CallsRow, found.rows)


@router.get("/waits", response_model=WaitsReport, openapi_extra=READ)
async def report_of_waits(act: ActDep, asked: Wish) -> Response:
    """How many were answered or hung up after waiting 0-10, 10-20, 20-30, 30-60 s, 1-2, 2-5, 5-10 min and longer."""
    found = await act.read(service.waits, asked, published=_published(act))
    return _answer(act, asked, found, WaitsRow, found.rows)


@router.get("/agents", response_model=AgentsReport, openapi_extra=READ)
async def report_of_agents(act: ActDep, asked: Wish) -> Response:
    """Time of each agent by state and reason, talk, hold, wrap-up, answered calls, missed offers, occupancy.

    Refused beside: 403 to who reads aggregates of the territory only.
    """
    service.refuse_persons(act.principal)
    found = await act.read(agents.agents, asked)
    return _answer(act, asked, found, AgentRow, found.rows)


@router.get("/access", response_model=AccessReport, openapi_extra=READ)
async def report_of_access(act: ActDep, asked: Wish) -> Response:
    """NHS England's nine metrics by weekday and hour; to who reads the territory, cells under five are null."""
    found = await act.read(service.access, asked, published=_published(act))
    return _answer(act, asked, found, AccessRow, found.rows)


def _published(act: Act) -> bool:
    """Who reads the territory reads what may be published: no figure about fewer than five calls."""
    return act.principal.reach("report.read") == "t"


def _answer(act: Act, asked: Asked, found: Wire, kind: type[Wire], rows: Sequence[Wire]) -> Response:
    if csv_text.wanted(act.request.headers.get("accept")):
        return Response(csv_text.written(kind, rows, ZoneInfo(asked.timezone)), 200, None, csv_text.TYPE)
    return Response(found.model_dump_json(), 200, None, "application/json")
