"""HTTP of series: several visits asked for at once."""

from uuid import UUID

from fastapi import APIRouter, Response

from appointments.appointments.schemas import ActIn
from appointments.series import service
from appointments.series.schemas import SeriesIn, SeriesMade, SeriesOut
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["series"])
WRITE = operation("appointment.write", klass="critical", timeout_s=30)


@router.post("/series", status_code=201, response_model=SeriesMade, openapi_extra=WRITE)
async def book_series(body: SeriesIn, act: ActDep) -> Response:
    """Books visits of one patient, all in one act. With `dry_run`: 200, what would be, nothing booked.

    Each visit obeys the rules of a booking; what is refused is listed with its code and other times. Professionals and
    partners only. Refused: `SERIES_CONFLICT` 409 with `refused` when no visit can be had, or one cannot with `fail`;
    `RRULE_UNSUPPORTED`, `TIME_INVALID` 422; `NOT_FOUND` 404; `NOT_ALLOWED` 403.
    """
    if not body.dry_run:
        return await act.answer(service.book, body, act.language, status=201)
    try:
        await act.run(service.rehearse, body, act.language)
    except service.Rehearsed as rehearsed:
        return Response(rehearsed.made.model_dump_json(), 200, media_type="application/json")
    raise AssertionError("a rehearsal always ends by Rehearsed")


@router.get("/series/{series_id}", response_model=SeriesOut, openapi_extra=operation("appointment.read"))
async def read_series(series_id: UUID, act: ActDep) -> Response:
    """A series and its visits as they now are, cancelled ones too. Refused: `NOT_FOUND` 404."""
    return await act.show(service.read, series_id)


@router.post("/series/{series_id}/cancel", response_model=SeriesOut, openapi_extra=WRITE)
async def cancel_series(series_id: UUID, act: ActDep, body: ActIn | None = None) -> Response:
    """Cancels every visit of a series that is still to come; those past or cancelled stay. Again: nothing more."""
    return await act.answer(service.cancel, series_id, body or ActIn())
