"""HTTP of rounds: visits at home and in care homes."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import PlainTextResponse

from appointments.rounds import ordering, service, sheet
from appointments.rounds.schemas import CareHomeIn, CareHomeOut, ReorderIn, RoundOut
from appointments.schedules.schemas import LocalDate
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["rounds"])
READ = operation("appointment.read")
WRITE = operation("appointment.write", klass="critical")


@router.get("/rounds", response_model=RoundOut, openapi_extra=READ)
async def read_round(act: ActDep, practitioner: UUID, day: LocalDate) -> Response:
    """A practitioner's visits outside the centre on a local day, by start: where, who, whom to call ahead, until when.

    For who goes there and who plans it. Refused: `NOT_ALLOWED` 403 for the others, `NOT_FOUND` 404.
    """
    return await act.show(service.show, practitioner, day)


@router.get("/rounds/sheet", response_class=PlainTextResponse, openapi_extra=READ)
async def print_round(act: ActDep, practitioner: UUID, day: LocalDate) -> Response:
    """The same to print, as plain text in the language of the caller."""
    found = await act.read(service.show, practitioner, day)
    return PlainTextResponse(sheet.text(found, act.language), headers={"Cache-Control": "no-store"})


@router.post("/rounds/reorder", response_model=RoundOut, openapi_extra=WRITE)
async def reorder_round(body: ReorderIn, act: ActDep) -> Response:
    """Another order of the coming visits of one window: lengths and gaps stay, times follow, all or nothing.

    Refused: `VERSION_STALE` 412 when the round has changed since it was read; `ROUND_CHANGED` 409 unless exactly the
    coming visits of one window are named; `ROUND_TOO_LONG`, `SLOT_TAKEN`, `PATIENT_BUSY` 409.
    """
    return await act.answer(ordering.reorder, body)


@router.post("/rounds/care-home", status_code=201, response_model=CareHomeOut, openapi_extra=WRITE)
async def book_care_home(body: CareHomeIn, act: ActDep) -> Response:
    """Visits of several residents of one care home, one after the other, all or nothing. Send an `Idempotency-Key`.

    Refused: `ROUND_TOO_LONG` 409 with how many `fits`; `PLACE_REQUIRED` 422; and what a booking refuses, with the
    pointer of the patient.
    """
    return await act.answer(ordering.book_care_home, body, act.language, status=201)
