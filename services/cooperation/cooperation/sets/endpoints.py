"""Sets and instruments over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import JsonValue

from cooperation.members.serving import READ, SETUP, Cursor, Limit
from cooperation.sets import importing, instruments, service
from cooperation.sets.domain import read_sets
from cooperation.sets.schemas import (
    InstrumentIn,
    InstrumentOut,
    InstrumentPatch,
    InstrumentStatus,
    InstrumentStatusIn,
    SetImportOut,
    SetIn,
    SetOut,
    SetPatch,
    SetStatus,
    SetStatusIn,
)
from maillage.http import ActDep, operation
from maillage.refusals import WrongMediaType
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["sets"])
CSV: dict[str, JsonValue] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/sets", response_model=Page[SetOut], openapi_extra=READ)
async def list_sets(
    act: ActDep,
    organisation_id: UUID | None = None,
    composition_id: UUID | None = None,
    status: SetStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Sets within reach, each with its live run, its stage and where it is: a member's own, the group's all."""
    return await act.show(service.sets, organisation_id, composition_id, status, cursor, limit)


@router.get("/sets/{set_id}", response_model=SetOut, openapi_extra=READ)
async def show_set(set_id: UUID, act: ActDep) -> Response:
    """One set with its live run, its stage and where it is. Refused: `NOT_FOUND` 404, also another member's."""
    return await act.show(service.show_set, set_id)


@router.post("/sets", status_code=201, response_model=SetOut, openapi_extra=SETUP)
async def add_set(body: SetIn, act: ActDep) -> Response:
    """Enters a set; its run opens when reception receives it. Refused: `TAG_TAKEN`, `COMPOSITION_NOT_ADOPTED` 409;
    `MARK_INVALID`, `CHECK_DIGIT`, `REFERENCE_UNKNOWN` 422."""
    return await act.answer(service.add_set, body, status=201)


@router.post(
    "/sets/import",
    response_model=SetImportOut,
    openapi_extra=operation("setup.write", klass="bulk", max_body=1_048_576, timeout_s=60) | CSV,
)
async def import_sets(
    act: ActDep, owner_id: UUID | None = None, dry_run: Annotated[bool, Query()] = False
) -> Response:  # fmt: skip
    """Sets of one owner from CSV (UTF-8; `tag`, `name`, `composition`, `place`, and `home_place` where known): all of
    the file or nothing. `composition` is a code, places are codes of places. With `dry_run` nothing is written and
    every fault is told by line. Refused: `IMPORT_REFUSED` 422 with `lines`, `MEDIA_TYPE` 415."""
    if act.request.headers.get("content-type", "").split(";")[0].strip().lower() != "text/csv":
        raise WrongMediaType
    file = read_sets(await act.request.body())
    return await act.answer(importing.import_sets, owner_id, file, dry_run, act.language)


@router.patch("/sets/{set_id}", response_model=SetOut, openapi_extra=SETUP)
async def change_set(set_id: UUID, body: SetPatch, act: ActDep) -> Response:
    """Name and home place. Refused: `VERSION_STALE` 412 with `If-Match`, `REFERENCE_UNKNOWN` 422."""
    return await act.answer(service.change_set, set_id, body, act.if_match())


@router.post("/sets/{set_id}/status", response_model=SetOut, openapi_extra=SETUP)
async def set_set_status(set_id: UUID, body: SetStatusIn, act: ActDep) -> Response:
    """Retires a set, or takes it into service again. Refused: `RUN_ALIVE` (end its run first), `ON_HOLD` 409."""
    return await act.answer(service.set_status, set_id, body, act.if_match())


@router.get("/instruments", response_model=Page[InstrumentOut], openapi_extra=READ)
async def list_instruments(
    act: ActDep,
    set_id: UUID | None = None,
    model_id: UUID | None = None,
    status: InstrumentStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Marked instruments within reach."""
    return await act.show(instruments.instruments, set_id, model_id, status, cursor, limit)


@router.get("/instruments/{instrument_id}", response_model=InstrumentOut, openapi_extra=READ)
async def show_instrument(instrument_id: UUID, act: ActDep) -> Response:
    """One marked instrument. Refused: `NOT_FOUND` 404, also another member's."""
    return await act.show(instruments.show_instrument, instrument_id)


@router.post("/instruments", status_code=201, response_model=InstrumentOut, openapi_extra=SETUP)
async def add_instrument(body: InstrumentIn, act: ActDep) -> Response:
    """Enters a marked instrument. Refused: `SINGLE_USE`, `TAG_TAKEN`, `WRONG_STAGE` (its set is packed) 409;
    `MARK_INVALID`, `CHECK_DIGIT`, `REFERENCE_UNKNOWN` 422."""
    return await act.answer(instruments.add_instrument, body, status=201)


@router.patch("/instruments/{instrument_id}", response_model=InstrumentOut, openapi_extra=SETUP)
async def change_instrument(instrument_id: UUID, body: InstrumentPatch, act: ActDep) -> Response:
    """Puts it into a set of its owner, or takes it out. Refused: `IN_OTHER_SET`, `WRONG_STAGE` (assembled or packed),
    `ON_HOLD` 409; `REFERENCE_UNKNOWN` 422; `VERSION_STALE` 412."""
    return await act.answer(instruments.change_instrument, instrument_id, body, act.if_match())


@router.post("/instruments/{instrument_id}/status", response_model=InstrumentOut, openapi_extra=SETUP)
async def set_instrument_status(instrument_id: UUID, body: InstrumentStatusIn, act: ActDep) -> Response:
    """To repair (a place of that kind), missing, retired, in service again. Refused: `ON_HOLD` but towards quarantine,
    `SINGLE_USE` 409; `PLACE_NOT_FIT` 422."""
    return await act.answer(instruments.instrument_status, instrument_id, body, act.if_match())
