"""How many agents are needed, and what a number gives. Over HTTP."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import Act, ActDep, operation
from maillage.wire import Wire
from telesecretariat.reports.service import refuse_persons
from telesecretariat.staffing import service
from telesecretariat.staffing.schemas import (
    ForecastOut,
    LoadIn,
    PlannedDay,
    RequiredIn,
    RequiredOut,
    StaffingSimulationIn,
    StaffingSimulationOut,
)

router = APIRouter(prefix="/v1/staffing", tags=["staffing"])
REPORT = operation("report.read", klass="bulk", timeout_s=30)
Factor = Annotated[float | None, Query(gt=0, le=10, allow_inf_nan=False)]


@router.post("/required", response_model=RequiredOut, openapi_extra=REPORT)
async def required_agents(body: RequiredIn, act: ActDep) -> Response:
    """Agents of each interval by Erlang C, or what given agents give; by Erlang A too when callers have a patience.

    Refused: `UNSTABLE` (as many calls as agents can take, or more), `INTERVALS_DIFFER`, `LOAD_AMBIGUOUS`, `DAY_CLOSED`
    422, `HISTORY_MISSING` 409, `NOT_FOUND` 404.
    """
    load = await _load(act, body)
    return _answer(await asyncio.to_thread(service.required, load, body))


@router.get("/forecast", response_model=ForecastOut, openapi_extra=REPORT)
async def forecast_of_calls(act: ActDep, line_id: UUID, date: PlannedDay, factor: Factor = None) -> Response:
    """Calls of a line's date by half hour: mean of the last eight like weekdays, special days apart, x the day's factor
    x today's level so far; p10 and p90 of what these days brought. `factor` in place of the reckoned one, such as 1.4
    in an influenza wave. No rows on a day on which the line is closed.

    Refused: `HISTORY_MISSING` 409, `NOT_FOUND` 404; 403 to who reads aggregates of the territory only.
    """
    refuse_persons(act.principal)
    return await act.show(service.forecast, line_id, date, factor)


@router.post("/simulations", response_model=StaffingSimulationOut, openapi_extra=REPORT)
async def simulate_staffing(body: StaffingSimulationIn, act: ActDep) -> Response:
    """Plays the planned day many times, event by event: service level, wait and abandoned calls of each interval, and
    the agents that Erlang C would want beside. The same seed gives the same answer.

    Refused: `INTERVALS_DIFFER`, `LOAD_AMBIGUOUS`, `DAY_CLOSED`, `UNSTABLE` (more calls than two thousand agents could
    take), `SIMULATION_TOO_LONG` 422, `HISTORY_MISSING` 409, `NOT_FOUND` 404, `SERVICE_UNAVAILABLE` 503.
    """
    plan = await asyncio.to_thread(service.planned, await _load(act, body), body)
    found = await act.request.app.state.simulations.run(plan.day, body.seed, body.replications)
    return _answer(service.simulated(plan, body, found))


async def _load(act: Act, body: LoadIn) -> service.Expected:
    if body.line_id is not None:
        refuse_persons(act.principal)
    return await act.read(service.expected, body)


def _answer(found: Wire) -> Response:
    return Response(found.model_dump_json(), 200, None, "application/json")
