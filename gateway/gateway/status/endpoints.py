"""HTTP of what every professional may know of the platform: who may do what, and which service answers."""

from typing import Literal

from fastapi import APIRouter, Response

from gateway import permissions
from gateway.sessions.endpoints import house_of
from gateway.status.schemas import PermissionRow, Permissions, ServiceState, Status
from maillage.http import Act, ActDep, operation
from maillage.refusals import NotAllowed

router = APIRouter(prefix="/v1", tags=["status"])
SELF = operation("self")
_WITHOUT: tuple[Literal["patient", "visitor"], ...] = ("patient", "visitor")


def _professional(act: Act) -> None:
    if act.principal.kind != "professional":
        raise NotAllowed


@router.get("/permissions", response_model=Permissions, openapi_extra=SELF)
async def table(act: ActDep) -> Response:
    """The table of permissions. Refused: `NOT_ALLOWED` 403 to patients."""
    _professional(act)
    rows = [PermissionRow(permission=name, reach=row) for name, row in permissions.rows().items()]
    kinds = {kind: sorted(roles) for kind, roles in permissions.ROLES_OF_KIND.items()}
    return _wire(Permissions(items=rows, roles_of_kind=kinds, visitors=_WITHOUT))


@router.get("/status", response_model=Status, openapi_extra=SELF)
async def status(act: ActDep) -> Response:
    """Which service answers, so that a screen names what is down. Refused: `NOT_ALLOWED` 403 to patients."""
    _professional(act)
    house = house_of(act.request)
    seen = await house.watch.look()
    states = [ServiceState(service=s.service, state=s.state, since=s.since) for s in seen]
    return _wire(Status(items=states, mailbox_url=house.settings.mailbox_url))


def _wire(body: Permissions | Status) -> Response:
    return Response(body.model_dump_json(), media_type="application/json")
