"""Telephone systems: their state and their gaps, over HTTP; registering one is in `setup`."""

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.telephony import service
from telesecretariat.telephony.schemas import AdaptersOut

router = APIRouter(prefix="/v1", tags=["telephony"])
WATCH = operation("floor.supervise|floor.watch|setup.write")


@router.get("/telephony/adapters", response_model=AdaptersOut, openapi_extra=WATCH)
async def telephony_adapters(act: ActDep) -> Response:
    """The telephone systems in reach: whether they answer, what they can do, when they did not.

    How each is set (`setup`) is for who may set it up.
    """
    return await act.show(service.adapters)
