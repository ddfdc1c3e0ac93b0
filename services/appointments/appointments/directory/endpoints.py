"""HTTP of organisations, sites, places and rooms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.directory import service
from appointments.directory.schemas import (
    OrganisationIn,
    OrganisationOut,
    PlaceIn,
    PlaceOut,
    RoomIn,
    RoomOut,
    SiteIn,
    SiteOut,
)
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["directory"])
READ = operation("slot.read", public_s=10)
WRITE = operation("directory.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]
Inactive = Annotated[bool, Query(description="Also those switched off; professionals only.")]


@router.get("/organisations/{organisation_id}", response_model=OrganisationOut, openapi_extra=READ)
async def read_organisation(organisation_id: UUID, act: ActDep) -> Response:
    """An organisation: phone, time zone, hours of the public line and every parameter, defaults filled in."""
    return await act.show(service.organisation, organisation_id)


@router.put("/organisations/{organisation_id}", response_model=OrganisationOut, openapi_extra=WRITE)
async def set_organisation(organisation_id: UUID, body: OrganisationIn, act: ActDep) -> Response:
    """Sets the own organisation anew; a parameter left out gets its default. The name follows the gateway's.

    Refused: `VERSION_STALE` 412 with `If-Match`, `NOT_FOUND` for another organisation.
    """
    return await act.answer(service.set_organisation, organisation_id, body, act.if_match())


@router.get("/sites", response_model=Page[SiteOut], openapi_extra=READ)
async def list_sites(act: ActDep, inactive: Inactive = False, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Sites by name: address, access, phone, numbers (FINESS, SIRET)."""
    return await act.show(service.sites, inactive, cursor, limit)


@router.get("/sites/{site_id}", response_model=SiteOut, openapi_extra=READ)
async def read_site(site_id: UUID, act: ActDep) -> Response:
    """One site, with its ETag."""
    return await act.show(service.site, site_id)


@router.post("/sites", status_code=201, response_model=SiteOut, openapi_extra=WRITE)
async def add_site(body: SiteIn, act: ActDep) -> Response:
    """A new site. Refused: `CODE_TAKEN` 409, `FINESS_INVALID`, `SIRET_INVALID`, `ZONE_UNKNOWN` 422."""
    return await act.answer(service.add_site, body, status=201)


@router.put("/sites/{site_id}", response_model=SiteOut, openapi_extra=WRITE)
async def replace_site(site_id: UUID, body: SiteIn, act: ActDep) -> Response:
    """The whole site anew. Refused: `VERSION_STALE` 412, `CODE_FIXED` 422, `IN_USE` 409 with what still needs it."""
    return await act.answer(service.replace_site, site_id, body, act.if_match())


@router.get("/places", response_model=Page[PlaceOut], openapi_extra=READ)
async def list_places(act: ActDep, inactive: Inactive = False, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Care homes and other addresses of visits, by name."""
    return await act.show(service.places, inactive, cursor, limit)


@router.post("/places", status_code=201, response_model=PlaceOut, openapi_extra=WRITE)
async def add_place(body: PlaceIn, act: ActDep) -> Response:
    """A new place of visits. Refused: `FINESS_INVALID` 422."""
    return await act.answer(service.add_place, body, status=201)


@router.put("/places/{place_id}", response_model=PlaceOut, openapi_extra=WRITE)
async def replace_place(place_id: UUID, body: PlaceIn, act: ActDep) -> Response:
    """The whole place anew. Refused: `VERSION_STALE` 412, `IN_USE` 409 while visits are to come there."""
    return await act.answer(service.replace_place, place_id, body, act.if_match())


@router.get("/rooms", response_model=Page[RoomOut], openapi_extra=READ)
async def list_rooms(
    act: ActDep, site: UUID | None = None, inactive: Inactive = False, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """Rooms and equipment that visits may need, by name; of one site or all."""
    return await act.show(service.rooms, site, inactive, cursor, limit)


@router.post("/rooms", status_code=201, response_model=RoomOut, openapi_extra=WRITE)
async def add_room(body: RoomIn, act: ActDep) -> Response:
    """A new room or piece of equipment. Refused: `REFERENCE_UNKNOWN` 422 for a site of somebody else."""
    return await act.answer(service.add_room, body, status=201)


@router.put("/rooms/{room_id}", response_model=RoomOut, openapi_extra=WRITE)
async def replace_room(room_id: UUID, body: RoomIn, act: ActDep) -> Response:
    """The whole room anew. Refused: `VERSION_STALE` 412, `IN_USE` 409 when switched off or moved while it is needed."""
    return await act.answer(service.replace_room, room_id, body, act.if_match())
