"""HTTP of the way into a teleconsultation, by the link of a message or by a proved contact: a plain link, no script."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response

from appointments.links import service as links
from appointments.pages import service
from appointments.pages.endpoints import OWN
from appointments.pages.errors import NothingHere
from appointments.pages.screen import PageRoute, Screen, ScreenDep
from appointments.teleconsultation import joining
from appointments.teleconsultation.service import is_development_room
from maillage.refusals import NotFound

router = APIRouter(prefix="/rdv", tags=["pages"], route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("/g/{token}/visio", openapi_extra=OWN)
async def link_join(screen: ScreenDep, token: str) -> Response:
    """To the room of the teleconsultation: 303 to the provider. Before the birth date, too early, too late or by
    telephone: 303 to the page of the appointment, which says so.
    """
    seen = await screen.act.run(service.seen, token)
    return screen.go(f"/rdv/g/{token}") if seen is None else await _join(screen, seen.id, f"/rdv/g/{token}")


@router.get("/mes-rendez-vous/{appointment_id}/visio", openapi_extra=OWN)
async def own_join(screen: ScreenDep, appointment_id: UUID) -> Response:
    """The same for the proved contact. Anybody else's: 404."""
    try:
        await screen.act.run(links.seen_by_id, appointment_id)
    except NotFound:
        raise NothingHere from None
    return await _join(screen, appointment_id, f"/rdv/mes-rendez-vous/{appointment_id}")


async def _join(screen: Screen, appointment_id: UUID, base: str) -> Response:
    url = await joining.join(screen.act.database, screen.principal, appointment_id)
    return screen.go(base) if url is None else RedirectResponse(url, 303, {"Cache-Control": "no-store"})


@router.get("/salle/{ref}", openapi_extra=OWN)
async def development_room(screen: ScreenDep, ref: str) -> Response:
    """What stands for a room where no provider is connected: a page that says so. Unknown: 404."""
    if not await screen.act.read(is_development_room, ref):
        raise NothingHere
    return screen.show("room.html", None)
