"""HTTP of schedules, absences and closures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.schedules import closing, schemas, service
from maillage.http import ActDep, operation
from maillage.wire import Instant, Page

router = APIRouter(prefix="/v1", tags=["schedules"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=1024)]
WriteSchedules = operation("schedule.write", max_body=131_072, timeout_s=15)


@router.get(
    "/schedules", response_model=Page[schemas.ScheduleItem], openapi_extra=operation("schedule.write|appointment.read")
)
async def list_schedules(
    act: ActDep, practitioner: UUID | None = None, site: UUID | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Agendas by id: one per practitioner and site."""
    return await act.show(service.listed, practitioner, site, limit, cursor)


@router.post("/schedules", status_code=201, response_model=schemas.ScheduleOut, openapi_extra=WriteSchedules)
async def create_schedule(body: schemas.ScheduleIn, act: ActDep) -> Response:
    """A new agenda, without rules. Refused: 404, 409 `SCHEDULE_EXISTS`."""
    return await act.answer(service.create, body, status=201)


@router.get(
    "/schedules/{schedule_id}",
    response_model=schemas.ScheduleOut,
    openapi_extra=operation("schedule.write|appointment.read"),
)
async def show_schedule(schedule_id: UUID, act: ActDep) -> Response:
    """One agenda with its rules and exceptions; `ETag` for the next change."""
    return await act.show(service.show, schedule_id)


@router.put("/schedules/{schedule_id}/rules", response_model=schemas.RulesOut, openapi_extra=WriteSchedules)
async def put_rules(schedule_id: UUID, body: schemas.RulesIn, act: ActDep, *, dry_run: bool = False) -> Response:
    """Replaces the whole set of rules; `dry_run=true` only tells what would follow. Takes `If-Match`.

    Answers minutes by week, live visits outside every window (flagged, never deleted) and warnings.
    Refused: 412, 422 `RRULE_UNSUPPORTED` and `TIME_INVALID`, 409 `WINDOW_CLASH`, `ROOM_CLASH`, `WORKING_TIME_RULE`
    (naming the rule; a manager may repeat with `override_reason`, another who does gets 403).
    """
    return await act.answer(service.put_rules, schedule_id, body, dry_run=dry_run, version=act.if_match())


@router.post(
    "/schedules/{schedule_id}/exceptions",
    status_code=201,
    response_model=schemas.ExceptionAdded,
    openapi_extra=WriteSchedules,
)
async def add_exception(
    schedule_id: UUID, body: schemas.ExceptionIn, act: ActDep, *, dry_run: bool = False
) -> Response:
    """One local day added, removed or changed; `dry_run=true` only tells what would follow. Takes `If-Match`. Refused:
    412, 422, 409 `WINDOW_CLASH`, `ROOM_CLASH`, `WORKING_TIME_RULE` (a manager may repeat with `override_reason`).
    """
    act_on = service.add_exception
    return await act.answer(act_on, schedule_id, body, status=201, version=act.if_match(), dry_run=dry_run)


@router.delete("/schedules/{schedule_id}/exceptions/{exception_id}", status_code=204, openapi_extra=WriteSchedules)
async def remove_exception(schedule_id: UUID, exception_id: UUID, act: ActDep) -> Response:
    """The day follows the rules again. Refused: 404, 409 `WORKING_TIME_RULE`."""
    return await act.answer(service.remove_exception, schedule_id, exception_id)


@router.get("/absences", response_model=Page[schemas.AbsenceOut], openapi_extra=operation("schedule.write"))
async def list_absences(
    act: ActDep,
    practitioner: UUID | None = None,
    from_: Annotated[Instant | None, Query(alias="from")] = None,
    to: Instant | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Absences that meet `[from, to)`, by default from now on. Their kind is shown to who may write them only."""
    return await act.show(closing.absences, practitioner, from_, to, limit, cursor)


@router.post("/absences", status_code=201, response_model=schemas.AbsenceOut, openapi_extra=WriteSchedules)
async def declare_absence(body: schemas.AbsenceIn, act: ActDep) -> Response:
    """Closes the time at once and flags the visits that it meets. Refused: 404, 422 `TIME_INVALID`, 422 for `rest`."""
    return await act.answer(closing.declare_absence, body, status=201)


@router.delete("/absences/{absence_id}", status_code=204, openapi_extra=WriteSchedules)
async def lift_absence(absence_id: UUID, act: ActDep) -> Response:
    """Gives the time back. Refused: 404, 409 `REST_IS_LAW`."""
    return await act.answer(closing.lift_absence, absence_id)


@router.get(
    "/closures", response_model=Page[schemas.ClosureOut], openapi_extra=operation("schedule.write|appointment.read")
)
async def list_closures(
    act: ActDep,
    site: UUID | None = None,
    from_: Annotated[Instant | None, Query(alias="from")] = None,
    to: Instant | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Closures of sites that meet `[from, to)`, by default from now on."""
    return await act.show(closing.closures, site, from_, to, limit, cursor)


@router.post("/closures", status_code=201, response_model=schemas.ClosureOut, openapi_extra=WriteSchedules)
async def close_site(body: schemas.ClosureIn, act: ActDep) -> Response:
    """Closes a site for everybody at once and flags the visits that it meets. Refused: 404, 422 `TIME_INVALID`."""
    return await act.answer(closing.close_site, body, status=201)


@router.delete("/closures/{closure_id}", status_code=204, openapi_extra=WriteSchedules)
async def reopen_site(closure_id: UUID, act: ActDep) -> Response:
    """Gives the time back."""
    return await act.answer(closing.reopen_site, closure_id)
