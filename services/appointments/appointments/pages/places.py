"""HTTP of the pages that everybody may read: hours and places, declaration, privacy, and the files of the pages."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from appointments.pages.screen import PageRoute, ScreenDep
from appointments.pages.views import Declaration, Places
from maillage.http import operation
from maillage.pages import static_file

router = APIRouter(prefix="/rdv", tags=["pages"], route_class=PageRoute, default_response_class=HTMLResponse)
OPEN = operation("public", timeout_s=5)


@router.get("/infos", openapi_extra=OPEN)
async def places_page(screen: ScreenDep) -> Response:
    """Hours of the line and addresses of the sites."""
    return screen.show("infos.html", Places(screen.catalogue.site_choices(screen.visit.language)))


@router.get("/accessibilite", openapi_extra=OPEN)
async def declaration_page(screen: ScreenDep) -> Response:
    """The accessibility declaration: « non conforme » until an audit is entered (law 2005-102, article 47)."""
    return screen.show("accessibility.html", Declaration())


@router.get("/confidentialite", openapi_extra=OPEN)
async def privacy_page(screen: ScreenDep) -> Response:
    """What is kept of patients, why, for how long."""
    return screen.show("privacy.html", Places(()))


@router.get("/static/{name}", openapi_extra=operation("public", timeout_s=5, public_s=60))
async def static(name: str) -> Response:
    """The stylesheet and the icon by their hashed names, kept for a year. Any other name: 404."""
    return static_file(name)
