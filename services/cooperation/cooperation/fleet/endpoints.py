"""Vehicles, compartments, crates, road links, flows and items over HTTP."""

from fastapi import APIRouter

from cooperation.fleet import service
from cooperation.members.serving import serve

router = APIRouter(prefix="/v1", tags=["fleet"])

serve(router, service.VEHICLES)
serve(router, service.COMPARTMENTS)
serve(router, service.CRATES, one=False)  # shown with what it holds, by transport
serve(router, service.ROAD_LINKS)
serve(router, service.FLOWS)
serve(router, service.ITEMS)
