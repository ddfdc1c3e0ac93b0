"""HTTP of campaigns: what becomes of the appointments that an absence or a closure has hit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.appointments.schemas import ChangedOut
from appointments.campaigns import answering, service
from appointments.campaigns.schemas import (
    CampaignIn,
    CampaignItem,
    CampaignOut,
    CampaignState,
    ItemOut,
    ItemState,
    ProposedOut,
    ResolveIn,
    SendIn,
)
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["campaigns"])
READ = operation("appointment.write")
WRITE = operation("schedule.write")
OWN = operation("appointment.read")
RESOLVE = operation("appointment.write", klass="critical")
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.post("/campaigns", status_code=201, response_model=CampaignOut, openapi_extra=WRITE)
async def create_campaign(body: CampaignIn, act: ActDep) -> Response:
    """Another time held for each visit in conflict: the cheapest free one, same doctor first. With `send` the patients
    are told at once, and the telesecretaries get a task for those whom a message reaches too late or not at all.

    Refused: `NOT_FOUND` 404 for the cause, `NOT_ALLOWED` 403 for visits of others with reach `s`, `NOTHING_TO_MOVE` 409
    with the `campaign_id` that has them, `TIME_INVALID` 422 for a deadline past or more than 14 days ahead.
    """
    return await act.answer(service.create, body, status=201)


@router.get("/campaigns", response_model=Page[CampaignItem], openapi_extra=READ)
async def list_campaigns(
    act: ActDep,
    state: CampaignState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> Response:
    """Campaigns, newest first, each with its items counted by state."""
    return await act.show(service.listed, state, limit, cursor)


@router.get("/campaigns/{campaign_id}", response_model=CampaignOut, openapi_extra=READ)
async def read_campaign(
    campaign_id: UUID,
    act: ActDep,
    state: ItemState | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Cursor = None,
) -> Response:
    """One campaign, its ETag, and a page of its items in order of their visits. Refused: `NOT_FOUND` 404."""
    return await act.show(service.read, campaign_id, state, limit, cursor)


@router.post("/campaigns/{campaign_id}/prepare", response_model=CampaignOut, openapi_extra=WRITE)
async def prepare_campaign(campaign_id: UUID, act: ActDep) -> Response:
    """Holds a time for each visit of a draft that has none, for two hours: for drafts that a duty's rest has made, and
    for those that lay too long.

    Refused: `NOT_FOUND` 404, `WRONG_STATE` 409 when sent, `VERSION_STALE` 412 with `If-Match`.
    """
    return await act.answer(service.prepare, campaign_id, act.if_match())


@router.post("/campaigns/{campaign_id}/send", response_model=CampaignOut, openapi_extra=WRITE)
async def send_campaign(campaign_id: UUID, act: ActDep, body: SendIn | None = None) -> Response:
    """Tells the patients their proposed times, and asks for calls to the others, in order of start.

    Refused: `NOT_FOUND` 404, `WRONG_STATE` 409 when sent already, `VERSION_STALE` 412 with `If-Match`, `TIME_INVALID`
    422.
    """
    return await act.answer(service.send, campaign_id, body or SendIn(), act.if_match())


@router.post("/campaigns/items/{item_id}/resolve", response_model=ItemOut, openapi_extra=RESOLVE)
async def resolve_item(item_id: UUID, body: ResolveIn, act: ActDep) -> Response:
    """What was settled with the patient: moved to the proposed time or elsewhere, cancelled, kept. Again: the same.

    Refused: `NOT_FOUND` 404; `WRONG_STATE` 409 when it was settled otherwise; `PROPOSAL_EXPIRED` 410; `VERSION_STALE`
    412 with `If-Match`; and as the move or the cancellation of the appointment.
    """
    return await act.answer(answering.resolve, item_id, body, act.if_match())


@router.get("/appointments/{appointment_id}/proposal", response_model=ProposedOut, openapi_extra=OWN)
async def read_proposal(appointment_id: UUID, act: ActDep) -> Response:
    """The other time that the patient is proposed, when the visit cannot take place as planned.

    Refused: `NOT_FOUND` 404 when there never was one, or the appointment is somebody else's.
    """
    return await act.show(answering.read_proposal, appointment_id)


@router.post("/appointments/{appointment_id}/proposal/accept", response_model=ChangedOut, openapi_extra=RESOLVE)
async def accept_proposal(appointment_id: UUID, act: ActDep) -> Response:
    """The patient takes the proposed time: the appointment moves onto it, nobody can come between. Again: the same.

    Refused: `NOT_FOUND` 404; `PROPOSAL_EXPIRED` 410 after the deadline, or when it was settled otherwise;
    `PATIENT_BUSY` 409.
    """
    return await act.answer(answering.accept, appointment_id)


@router.post("/appointments/{appointment_id}/proposal/refuse", status_code=204, openapi_extra=RESOLVE)
async def refuse_proposal(appointment_id: UUID, act: ActDep) -> Response:
    """The proposed time does not suit: somebody calls. Again: 204. Refused: `NOT_FOUND` 404, `PROPOSAL_EXPIRED` 410."""
    return await act.answer(answering.refuse, appointment_id, status=204)
