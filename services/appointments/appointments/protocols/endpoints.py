"""HTTP of protocols of delegation to nurses."""

from uuid import UUID

from fastapi import APIRouter, Response

from appointments.directory.endpoints import READ, WRITE, Cursor, Inactive, Limit
from appointments.protocols import service
from appointments.protocols.schemas import ProtocolIn, ProtocolOut
from maillage.http import ActDep
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["protocols"])


@router.get("/protocols", response_model=Page[ProtocolOut], openapi_extra=READ)
async def list_protocols(
    act: ActDep, inactive: Inactive = False, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """Protocols by title. `members` is null for patients and visitors."""
    return await act.show(service.protocols, inactive, cursor, limit)


@router.get("/protocols/{protocol_id}", response_model=ProtocolOut, openapi_extra=READ)
async def read_protocol(protocol_id: UUID, act: ActDep) -> Response:
    """One protocol, with its ETag. `conflicts`: visits to come that it no longer covers."""
    return await act.show(service.protocol, protocol_id)


@router.post("/protocols", status_code=201, response_model=ProtocolOut, openapi_extra=WRITE)
async def add_protocol(body: ProtocolIn, act: ActDep) -> Response:
    """A new protocol with its physicians and nurses. Refused: `REFERENCE_UNKNOWN` 422 for a member who is not one of
    the organisation's, or not of that profession.
    """
    return await act.answer(service.add_protocol, body, status=201)


@router.put("/protocols/{protocol_id}", response_model=ProtocolOut, openapi_extra=WRITE)
async def replace_protocol(protocol_id: UUID, body: ProtocolIn, act: ActDep) -> Response:
    """The whole protocol anew, members included. Visits to come that it no longer covers are flagged with conflict
    `protocol` and come into a draft campaign; none is deleted.

    Refused: `VERSION_STALE` 412 with `If-Match`, `IN_USE` 409 when switched off with a visit reason under it,
    `REFERENCE_UNKNOWN` 422.
    """
    return await act.answer(service.replace_protocol, protocol_id, body, act.if_match())
