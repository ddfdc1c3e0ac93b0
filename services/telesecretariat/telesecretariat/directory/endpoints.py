"""The directory over HTTP."""

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.directory import service
from telesecretariat.directory.schemas import Directory

router = APIRouter(prefix="/v1", tags=["directory"])


@router.get("/directory", response_model=Directory, openapi_extra=operation("instruction.read"))
async def directory(act: ActDep) -> Response:
    """Sites and practitioners that a call may be about, as last told by the appointments service (its events may be a
    second behind).
    """
    return await act.show(service.directory)
