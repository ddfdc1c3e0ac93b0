"""The board over HTTP."""

from fastapi import APIRouter, Response

from cooperation.board import service
from cooperation.board.schemas import BoardOut
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["board"])


@router.get("/board", response_model=BoardOut, openapi_extra=operation("set.read"))
async def show_board(act: ActDep) -> Response:
    """The board of the day: needs by state, what is late, urgent requests, open issues, machines not ready, scans to
    settle."""
    return await act.show(service.board)
