"""Telephone systems: their state and their gaps, over HTTP; registering one is in `setup`."""

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.telephony import service
from telesecretariat.telephony.schemas import AdaptersOut

router = APIRouter(prefix="/v1", tags=["telephony"])


@router.get("/telephony/adapters", response_model=AdaptersOut, openapi_extra=operation("floor.supervise|floor.watch"))
async def telephony_adapters(act: ActDep) -> Response:
    """The telephone systems in reach: whether they answer, what they can do, when they did not."""
    return await act.show(service.adapters)
