"""HTTP of patients."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.patients import finding, service
from appointments.patients.errors import DuplicateSuspected
from appointments.patients.fields import BirthDate
from appointments.patients.schemas import (
    Candidates,
    PatientIn,
    PatientItem,
    PatientOut,
    PatientPatch,
    RelationsIn,
    Search,
)
from maillage.http import ActDep, operation
from maillage.wire import Line, Page, Phone

router = APIRouter(prefix="/v1", tags=["patients"])


@router.get("/patients", response_model=Page[PatientItem], openapi_extra=operation("patient.read"))
async def find(
    act: ActDep,
    q: Annotated[
        Line | None, Query(description="Words of names: any order, accents and hyphens do not matter.")
    ] = None,
    birth_date: Annotated[BirthDate | None, Query()] = None,
    phone: Annotated[Phone | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """People by name, birth date or phone, in alphabetical order; at least one criterion, at most 50 a page.

    A patient sees the people of his proved contact and needs no criterion.
    Refused: `CRITERION_REQUIRED`, `SEARCH_TOO_WIDE` (5,000 people), `PHONE_INVALID`.
    """
    wish = Search(q=q, birth_date=birth_date, phone=phone, limit=limit, cursor=cursor)
    return await act.show(finding.search, wish)


@router.post("/patients", status_code=201, response_model=PatientOut, openapi_extra=operation("patient.write"))
async def create(body: PatientIn, act: ActDep) -> Response:
    """A new person, of identity status PROV (RNIV). Refused: `DUPLICATE_SUSPECTED` 409 with candidates,
    `SITE_REQUIRED`.
    """
    try:
        return await act.answer(service.create, body, status=201)
    except DuplicateSuspected as refused:
        await act.run(service.note_candidates, refused)
        raise


@router.get("/patients/{patient_id}", response_model=PatientOut, openapi_extra=operation("patient.read"))
async def read(patient_id: UUID, act: ActDep) -> Response:
    """One file. Each reading is in the audit."""
    return await act.show(service.read, patient_id)


@router.patch("/patients/{patient_id}", response_model=PatientOut, openapi_extra=operation("patient.write"))
async def change(patient_id: UUID, body: PatientPatch, act: ActDep) -> Response:
    """Changes the fields sent. A changed strict trait takes a checked identity back to PROV. `If-Match` is honoured
    (412).
    """
    return await act.answer(service.change, patient_id, body, act.if_match())


@router.put("/patients/{patient_id}/relations", response_model=PatientOut, openapi_extra=operation("patient.write"))
async def relate(patient_id: UUID, body: RelationsIn, act: ActDep) -> Response:
    """Sets the people who act for this patient: all of them at once. `If-Match` is honoured (412)."""
    return await act.answer(service.relate, patient_id, body, act.if_match())


@router.get("/caller-candidates", response_model=Candidates, openapi_extra=operation("patient.read", klass="critical"))
async def candidates(phone: Annotated[Phone, Query()], act: ActDep) -> Response:
    """Up to eight people who use this number, likeliest first, with what the telesecretary must still ask.

    Refused: `PHONE_INVALID`; patients themselves (403).
    """
    return await act.show(finding.candidates, phone)
