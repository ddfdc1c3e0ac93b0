"""Catalogues over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.catalogues import service
from telesecretariat.catalogues.schemas import EntryIn, EntryOut, EntryPatch, Kind

router = APIRouter(prefix="/v1", tags=["lines"])
SETUP = operation("setup.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


@router.get("/catalogues", response_model=Page[EntryOut], openapi_extra=operation("setup.write|call.handle"))
async def list_catalogues(act: ActDep, kind: Kind | None = None, cursor: Cursor = None, limit: Limit = 500) -> Response:
    """The words of pauses, motives, outcomes and destinations; the desk shows them. Those switched off too."""
    return await act.show(service.entries, kind, cursor, limit)


@router.post("/catalogues", status_code=201, response_model=EntryOut, openapi_extra=SETUP)
async def add_catalogue_entry(body: EntryIn, act: ActDep) -> Response:
    """A new word. Refused: `CODE_TAKEN` 409, `REFERENCE_UNKNOWN` 422."""
    return await act.answer(service.add_entry, body, status=201)


@router.patch("/catalogues/{entry_id}", response_model=EntryOut, openapi_extra=SETUP)
async def change_catalogue_entry(entry_id: UUID, body: EntryPatch, act: ActDep) -> Response:
    """Labels, facts, or whether it may still be chosen. Refused: `VERSION_STALE` 412 with `If-Match`."""
    return await act.answer(service.change_entry, entry_id, body, act.if_match())
