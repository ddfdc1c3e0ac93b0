"""The floor as one snapshot. Over HTTP."""

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.board import service
from telesecretariat.board.schemas import Board

router = APIRouter(prefix="/v1", tags=["board"])


@router.get("/board", response_model=Board, openapi_extra=operation("floor.supervise|floor.watch"))
async def read_board(act: ActDep) -> Response:
    """The floor: agents with their timers, queue and service levels of each line, what is late, emergencies, telephone
    systems that do not answer. A screen fetches it once a second at most; `as_of` goes into `/api/stream?after=`.
    """
    return await act.show(service.board)
