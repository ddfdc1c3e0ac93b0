"""The desk of an agent over HTTP."""

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.desk import service
from telesecretariat.desk.schemas import Desk

router = APIRouter(prefix="/v1", tags=["desk"])


@router.get("/desk", response_model=Desk, openapi_extra=operation("call.handle"))
async def read_desk(act: ActDep) -> Response:
    """One's own desk: state, offer, call, the queue of one's clients in its order, callbacks, tasks, messages past
    their deadline, instructions not yet read. `as_of` goes into `/api/stream?after=`.
    """
    return await act.show(service.desk)
