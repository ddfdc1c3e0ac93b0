"""Messages and contact points over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.telesecretariat import MessageState
from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.messages import acknowledging, contact_points, service
from telesecretariat.messages.schemas import (
    Acknowledgement,
    Closing,
    ContactPoints,
    MessageIn,
    MessageItem,
    MessageOut,
    SupervisorPoints,
)

router = APIRouter(prefix="/v1", tags=["messages"])
_BOTH = "call.handle|message.act"


@router.get("/messages", response_model=Page[MessageItem], openapi_extra=operation(_BOTH))
async def messages(
    act: ActDep,
    state: MessageState | None = None,
    practitioner_id: UUID | None = None,
    client_id: UUID | None = None,
    patient_id: UUID | None = None,
    call_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Messages that are not closed (or of one `state`), due first. A practitioner or nurse sees those addressed to
    oneself, which are delivered by this; a desk those of its clients. Texts are read one by one."""
    return await act.show(service.messages, state, practitioner_id, client_id, patient_id, call_id, limit, cursor)


@router.post("/messages", response_model=MessageOut, status_code=201, openapi_extra=operation(_BOTH, max_body=65_536))
async def write_message(body: MessageIn, act: ActDep) -> Response:
    """A message to a practitioner: a draft, or sent at once with `send`. Refused: `USE_RED_FLAG` for danger of life,
    `UNKNOWN_MOTIVE`, `PRACTITIONER_UNKNOWN`, `NOT_FOUND` for a call out of reach."""
    return await act.answer(service.write, body, status=201)


@router.get("/messages/{message_id}", response_model=MessageOut, openapi_extra=operation(_BOTH))
async def message(message_id: UUID, act: ActDep) -> Response:
    """One message with its text and history; audited. Whom it is for has read it by this."""
    return await act.show(service.message, message_id)


@router.post("/messages/{message_id}/send", response_model=MessageOut, openapi_extra=operation(_BOTH))
async def send_message(message_id: UUID, act: ActDep) -> Response:
    """Sends a draft; its deadline runs from now. Refused: `WRONG_STATE` once sent."""
    return await act.answer(service.send, message_id)


@router.post("/messages/{message_id}/read", response_model=MessageOut, openapi_extra=operation(_BOTH))
async def read_message(message_id: UUID, act: ActDep) -> Response:
    """Whom it is for says that it has been read. Refused: `NOT_ALLOWED` for anybody else, `WRONG_STATE` for a draft."""
    return await act.answer(service.read, message_id)


@router.post(
    "/messages/{message_id}/acknowledge",
    response_model=MessageOut,
    openapi_extra=operation(_BOTH, max_body=65_536),
)
async def acknowledge_message(message_id: UUID, body: Acknowledgement, act: ActDep) -> Response:
    """Says what is done; the desk may for a practitioner whom it has on the phone. What the patient must hear becomes a
    task. Refused: `WRONG_STATE` unless it waits for an answer."""
    return await act.answer(acknowledging.acknowledge, message_id, body)


@router.post("/messages/{message_id}/close", response_model=MessageOut, openapi_extra=operation(_BOTH))
async def close_message(message_id: UUID, body: Closing, act: ActDep) -> Response:
    """Nothing is owed any more. Refused: `NOT_ACKNOWLEDGED`, `CALLBACK_OWED`, `WRONG_STATE` for a draft or again."""
    return await act.answer(acknowledging.close, message_id, body)


@router.get(
    "/practitioners/{practitioner_id}/contact-points",
    response_model=ContactPoints,
    openapi_extra=operation("message.act|setup.write"),
)
async def contact_points_of_practitioner(practitioner_id: UUID, act: ActDep) -> Response:
    """How a practitioner and his backups are told that a message waits; audited. Refused: `NOT_ALLOWED` unless it is
    oneself, or one manages the centre."""
    return await act.show(contact_points.of_practitioner, practitioner_id)


@router.put(
    "/practitioners/{practitioner_id}/contact-points",
    response_model=ContactPoints,
    openapi_extra=operation("message.act|setup.write"),
)
async def put_contact_points_of_practitioner(practitioner_id: UUID, body: ContactPoints, act: ActDep) -> Response:
    """All contact points of a practitioner at once. Refused: `ADDRESS_INVALID`, `PHONE_INVALID`, `NOT_FOUND` for an
    unknown backup, `NOT_ALLOWED` as for reading."""
    return await act.answer(contact_points.put_of_practitioner, practitioner_id, body)


@router.get(
    "/clients/{client_id}/contact-points",
    response_model=SupervisorPoints,
    openapi_extra=operation("floor.supervise|setup.write"),
)
async def contact_points_of_supervisors(client_id: UUID, act: ActDep) -> Response:
    """How the supervisors of a client are told of a message that nobody has acknowledged; audited."""
    return await act.show(contact_points.of_supervisors, client_id)


@router.put(
    "/clients/{client_id}/contact-points",
    response_model=SupervisorPoints,
    openapi_extra=operation("floor.supervise|setup.write"),
)
async def put_contact_points_of_supervisors(client_id: UUID, body: SupervisorPoints, act: ActDep) -> Response:
    """All of them at once. Refused: `ADDRESS_INVALID`, `PHONE_INVALID`."""
    return await act.answer(contact_points.put_of_supervisors, client_id, body)
