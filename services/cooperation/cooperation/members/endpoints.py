"""Members, sites, places, stations, devices, signatories and the group's parameters over HTTP."""

from fastapi import APIRouter, Response

from cooperation.members import service
from cooperation.members.schemas import GroupIn, GroupOut, GroupPatch, Releasers
from cooperation.members.serving import READ, SETUP, serve
from maillage.http import ActDep

router = APIRouter(prefix="/v1", tags=["members"])


@router.get("/group", response_model=GroupOut, openapi_extra=READ)
async def show_group(act: ActDep) -> Response:
    """The cooperation group that the caller works for or is a member of, with its parameters. Refused: `NOT_FOUND`."""
    return await act.show(service.show_group)


@router.post("/group", status_code=201, response_model=GroupOut, openapi_extra=SETUP)
async def add_group(body: GroupIn, act: ActDep) -> Response:
    """The caller's organisation becomes a cooperation group: the first step of setting up. Refused: `KNOWN_ALREADY`
    409, `ZONE_UNKNOWN` 422."""
    return await act.answer(service.add_group, body, status=201)


@router.patch("/group", response_model=GroupOut, openapi_extra=SETUP)
async def change_group(body: GroupPatch, act: ActDep) -> Response:
    """Name, zone, parameters; they count from the next act on. Refused: `VERSION_STALE` 412 with `If-Match`."""
    return await act.answer(service.change_group, body, act.if_match())


@router.get("/releasers", response_model=Releasers, openapi_extra=SETUP)
async def show_releasers(act: ActDep) -> Response:
    """Who holds the role of releasing in the group today: those whom a signatory may name."""
    return await act.show(service.releasers)


serve(router, service.MEMBERS)
serve(router, service.SITES)
serve(router, service.PLACES)
serve(router, service.STATIONS)
serve(router, service.DEVICES)
serve(router, service.SIGNATORIES)
