"""HTTP of the waiting list: who waits for a time, and what he answers to an offer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.appointments.schemas import ChangedOut
from appointments.waiting import answering, service
from appointments.waiting.errors import OfferExpired
from appointments.waiting.schemas import EntryIn, EntryOut, EntryState
from maillage.http import Act, ActDep, operation
from maillage.refusals import NotFound, Refusal
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["waiting list"])
WAIT = operation("appointment.write")
ANSWER = operation("appointment.write", klass="critical")


@router.post("/waiting-entries", status_code=201, response_model=EntryOut, openapi_extra=WAIT)
async def add_waiting_entry(body: EntryIn, act: ActDep) -> Response:
    """Puts somebody on the waiting list; the answer has his `rank`. Patients do it for themselves and their people.

    Refused: `ALREADY_WAITING` 409 (same person and reason, overlapping days); `NOT_FOUND` 404 for a reason closed to
    the caller, a person out of reach, an unknown site or practitioner, a linked appointment that is not a coming one of
    the same person and reason, or that the caller does not reach; `FIELD_NOT_ALLOWED` 422 for a priority sent by a
    patient or a partner; `TIME_INVALID` 422 for days gone by, in the wrong order, over a year, or after the linked
    appointment; `INVALID` 422 for modes that the reason has not.
    """
    return await act.answer(service.wait, body, act.language, status=201)


@router.get("/waiting-entries", response_model=Page[EntryOut], openapi_extra=WAIT)
async def list_waiting_entries(
    act: ActDep,
    site: UUID | None = None,
    practitioner: UUID | None = None,
    patient: UUID | None = None,
    state: Annotated[list[EntryState] | None, Query(max_length=5)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> Response:
    """The waiting list by priority, then age, with live offers; without `state`: who waits. A site or practitioner
    finds also those to whom any is welcome.
    """
    return await act.show(service.listed, service.Filter(state, site, practitioner, patient), cursor, limit)


@router.get("/waiting-entries/{entry_id}", response_model=EntryOut, openapi_extra=WAIT)
async def read_waiting_entry(entry_id: UUID, act: ActDep) -> Response:
    """One entry with its live offer. Refused: `NOT_FOUND` 404."""
    return await act.show(service.read, entry_id)


@router.delete("/waiting-entries/{entry_id}", status_code=204, openapi_extra=WAIT)
async def withdraw_waiting_entry(entry_id: UUID, act: ActDep) -> Response:
    """Takes somebody off the list; a time that is offered to him goes to the next. Again: 204.

    Refused: `NOT_FOUND` 404, `WRONG_STATE` 409 once it has become an appointment or its days are over.
    """
    return await act.answer(service.withdraw, entry_id, status=204)


@router.post("/waiting-offers/{offer_id}/accept", response_model=ChangedOut, openapi_extra=ANSWER)
async def accept_waiting_offer(offer_id: UUID, act: ActDep) -> Response:
    """The held time becomes the person's appointment, or the linked later one moves onto it. Again: the same 200.

    Refused: `OFFER_EXPIRED` 410 when the time to answer is over or it was declined; `PATIENT_BUSY`, `GAP_TOO_SHORT`,
    `MAX_LIVE`, `ONLINE_BLOCKED` 409 and other rules of the reason: then the time goes to the next; `NOT_FOUND` 404.
    """
    try:
        return await act.answer(answering.accept, offer_id)
    except Refusal as refusal:
        await pass_on_refused(act, offer_id, refusal)
        raise


async def pass_on_refused(act: Act, offer_id: UUID, refusal: Refusal, granted: UUID | None = None) -> None:
    """Who cannot have the time does not keep it from the others. Busy bases and lost keys are no reason."""
    if refusal.status in (409, 422) and not isinstance(refusal, NotFound | OfferExpired) and "KEY" not in refusal.code:
        await act.run(answering.give_up_unfit, offer_id, granted=granted)


@router.post("/waiting-offers/{offer_id}/decline", status_code=204, openapi_extra=ANSWER)
async def decline_waiting_offer(offer_id: UUID, act: ActDep) -> Response:
    """No: the person waits on, the time goes to the next. Again: 204. Refused: `OFFER_EXPIRED` 410, `NOT_FOUND` 404."""
    return await act.answer(answering.decline, offer_id, status=204)
