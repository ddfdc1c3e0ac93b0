"""HTTP of imports."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import JsonValue

from appointments.imports import service
from appointments.imports.columns import KINDS, ImportKind, Tell
from appointments.imports.domain import MAX_BYTES, Table
from appointments.imports.schemas import ImportOut
from appointments.imports.work import Options
from maillage.clock import now
from maillage.http import Act, ActDep, operation
from maillage.refusals import Invalid, WrongMediaType

router = APIRouter(prefix="/v1", tags=["imports"])
PERMISSION = "directory.write|schedule.write"
CALENDAR = "text/calendar"
CSV_TYPES = ("text/csv", "application/csv", "application/vnd.ms-excel")
BODY: dict[str, JsonValue] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string", "format": "binary"}},
            CALENDAR: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post(
    "/imports",
    status_code=201,
    response_model=ImportOut,
    openapi_extra=operation(PERMISSION, klass="bulk", max_body=MAX_BYTES, timeout_s=120) | BODY,
)
async def start_import(
    act: ActDep,
    kind: ImportKind,
    dry_run: Annotated[bool, Query()] = False,
    practitioner: UUID | None = None,
    replace: Annotated[bool, Query()] = False,
    tell: Tell = "none",
) -> Response:
    """Imports a file: all of it, or nothing. With `dry_run` nothing is applied and every faulty line is listed.

    CSV; absences also as iCalendar (`text/calendar`) of the one `practitioner`. Rows are told apart by code (sites,
    reasons), RPPS number (practitioners), RPPS number and site (schedules), reference or UID (absences), names and
    birth date (patients), patient, practitioner and start (appointments): the same again changes nothing. `replace`:
    imported absences to come that the file does not name any more end. `tell`: about imported appointments nothing is
    sent (`none`), reminders only, or all. Schedules and absences want `schedule.write`, others `directory.write`.
    Refused: `IMPORT_REFUSED` 422 with `lines`, `IMPORT_TOO_LARGE` 413, `MEDIA_TYPE` 415.
    """
    table = await _read(act, kind, practitioner)
    options = Options(practitioner, replace, tell)
    if not dry_run:
        return await act.answer(service.apply, kind, table, options, act.language, status=201)
    try:
        await act.run(service.rehearse, kind, table, options)
    except service.Rehearsed as rehearsed:
        return await act.answer(service.keep_rehearsal, rehearsed.work, act.language, status=201)
    raise AssertionError("a rehearsal always ends by Rehearsed")


async def _read(act: Act, kind: ImportKind, practitioner: UUID | None) -> Table:
    """The file outside the event loop, as its type says. A calendar without its practitioner is nobody's."""
    sent = act.request.headers.get("content-type", "").split(";")[0].strip().lower()
    if sent == CALENDAR and kind == "absences":
        if practitioner is None:
            raise Invalid(pointer="?practitioner")
        return await asyncio.to_thread(service.parse_calendar, await act.request.body(), now())
    if sent not in CSV_TYPES:
        raise WrongMediaType
    return await asyncio.to_thread(service.parse, kind, await act.request.body())


@router.get("/imports/templates/{kind}.csv", openapi_extra=operation(PERMISSION), response_class=Response)
async def import_template(kind: ImportKind, act: ActDep) -> Response:
    """The first line of such a file, with French or English titles by `Accept-Language`; UTF-8 with BOM, `;`."""
    return _template(act, kind)


def _template(act: Act, kind: ImportKind) -> Response:
    titles = [column.name if act.language == "en" else column.fr for column in KINDS[kind]]
    headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return Response("\ufeff" + ";".join(titles) + "\r\n", 200, headers, "text/csv; charset=utf-8")


@router.get("/imports/{import_id}", response_model=ImportOut, openapi_extra=operation(PERMISSION))
async def read_import(import_id: UUID, act: ActDep) -> Response:
    """What an import or a dry run came to: state, counts, and every faulty line."""
    return await act.show(service.one, import_id, act.language)
