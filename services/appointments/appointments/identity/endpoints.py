"""HTTP of: how an identity is checked: documents, INS, doubt."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.identity import insi, service
from appointments.identity.errors import InsNotFound, InsOnOtherFile, InsTraitsDiffer
from appointments.identity.schemas import CheckIn, IdentitySheet
from appointments.settings import AppointmentsSettings
from maillage.http import Act, ActDep, operation

router = APIRouter(prefix="/v1", tags=["identity"])


@router.get("/patients/{patient_id}/identity", response_model=IdentitySheet, openapi_extra=operation("identity.write"))
async def identity_sheet(
    patient_id: UUID,
    act: ActDep,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Where the identity of a patient stands, and the checks that were made, newest first. Each reading is audited."""
    return await act.show(service.sheet, patient_id, cursor, limit)


@router.post("/patients/{patient_id}/identity", response_model=IdentitySheet, openapi_extra=operation("identity.write"))
async def check_identity(patient_id: UUID, body: CheckIn, act: ActDep) -> Response:
    """A check of the identity (RNIV): `document` seen at the desk, `ins` asked of the INSi teleservice, or a `doubt`.

    `If-Match` is honoured. Refused: `WRONG_STATE` 409 with the allowed checks, `DOCUMENT_NOT_ACCEPTED` 422,
    `INS_TRAITS_DIFFER` 409 with the names of the traits, `INS_NOT_FOUND` 409, `INS_ON_OTHER_FILE` 409 with the file,
    `INSI_UNAVAILABLE` 503.
    """
    if body.act == "document":
        return await act.answer(service.document_seen, patient_id, body, act.if_match())
    if body.act == "doubt":
        return await act.answer(service.doubted, patient_id, body, act.if_match())
    return await _ask(act, patient_id, body)


async def _ask(act: Act, patient_id: UUID, body: CheckIn) -> Response:
    asked = await act.read(service.to_ask, patient_id)
    register = insi.adapter(cast(AppointmentsSettings, act.settings).insi)
    found = await register.ask(asked.traits) if asked.traits else None
    try:
        return await act.answer(service.retrieved, patient_id, body, act.if_match() or asked.version, found)
    except (InsTraitsDiffer, InsNotFound, InsOnOtherFile) as refused:
        await act.run(service.note_refused, patient_id, body, refused)
        raise
