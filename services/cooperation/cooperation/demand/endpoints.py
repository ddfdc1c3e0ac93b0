"""Operations, needs, allocations and promises over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import JsonValue

from contracts.cooperation import NeedState
from cooperation.demand import reading, service, storing
from cooperation.demand.importing import MAX_BYTES
from cooperation.demand.naming import opaque
from cooperation.demand.schemas import (
    AllocationIn,
    AllocationOut,
    NeedFile,
    NeedOut,
    OperationIn,
    OperationOut,
    ProgrammeImportOut,
    PromiseOut,
)
from maillage.http import ActDep, operation
from maillage.refusals import WrongMediaType
from maillage.wire import Instant, Page

router = APIRouter(prefix="/v1", tags=["demand"])
WRITE = operation("programme.write")
READ = operation("set.read")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]
Since = Annotated[Instant | None, Query(alias="from")]
Until = Annotated[Instant | None, Query(alias="to")]
Named = Annotated[str, Path(max_length=400)]
CSV: dict[str, JsonValue] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/operations", response_model=Page[OperationOut], openapi_extra=READ)
async def list_operations(
    act: ActDep, since: Since = None, until: Until = None, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """The operating programme with its needs, the earliest first: eight days from now unless said."""
    return await act.show(reading.operations, since, until, cursor, limit)


@router.post(
    "/operations/import",
    response_model=ProgrammeImportOut,
    openapi_extra=operation("programme.write", klass="bulk", max_body=MAX_BYTES, timeout_s=60) | CSV,
)
async def import_programme(act: ActDep, dry_run: Annotated[bool, Query()] = False) -> Response:
    """A programme as CSV (UTF-8 or Windows-1252; `;`, `,` or tabs), all of it or nothing; sent again it changes
    nothing. Columns: `intervention` (operation_ref), `site` (GLN or id; may be missing where the hospital has one),
    `salle` (theatre), `date` (`JJ/MM/AAAA` or `AAAA-MM-JJ`), `heure` (time, local clock, `8h30` or `08:30`),
    `composition` (code or id), `quantite` (1 when empty). With `dry_run` nothing is stored and every faulty line is
    listed. Refused: `IMPORT_REFUSED` 422 with `lines`, `MEDIA_TYPE` 415, 413 over 1 MiB."""
    if act.request.headers.get("content-type", "").split(";")[0].strip().lower() not in ("text/csv", "application/csv"):
        raise WrongMediaType
    data = await act.request.body()
    if not dry_run:
        return await act.answer(storing.import_programme, data, act.language)
    try:
        await act.run(storing.rehearse_programme, data, act.language)
    except storing.Rehearsed as rehearsed:
        return Response(rehearsed.out.model_dump_json(), media_type="application/json")
    raise AssertionError("a rehearsal always ends by Rehearsed")


@router.get("/operations/{operation_ref}", response_model=OperationOut, openapi_extra=READ)
async def show_operation(operation_ref: Named, act: ActDep) -> Response:
    """One operation and how its needs stand. Refused: `NOT_FOUND`."""
    return await act.show(reading.operation, opaque(operation_ref))


@router.put("/operations/{operation_ref}", response_model=OperationOut, openapi_extra=WRITE)
async def put_operation(operation_ref: Named, body: OperationIn, act: ActDep) -> Response:
    """An operation as the hospital's programme has it now, under the hospital's own opaque reference; the same content
    again changes nothing. Packs are kept for it at once where there are. Refused: `OPERATION_DONE`,
    `REFERENCE_UNKNOWN` 422 (site, composition), `ITEM_TWICE` 422, `PATIENT_DATA_SUSPECTED` 422."""
    return await act.answer(service.put_operation, opaque(operation_ref), body)


@router.delete("/operations/{operation_ref}", status_code=204, openapi_extra=WRITE)
async def cancel_operation(operation_ref: Named, act: ActDep) -> Response:
    """Takes an operation off the programme; its packs are free again. Refused: `NOT_FOUND`, `OPERATION_DONE`."""
    return await act.answer(service.cancel_operation, opaque(operation_ref))


@router.get("/needs", response_model=Page[NeedOut], openapi_extra=READ)
async def list_needs(
    act: ActDep,
    since: Since = None,
    until: Until = None,
    state: NeedState | None = None,
    composition_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Needs against packs, the earliest operation first: eight days from now unless said."""
    return await act.show(reading.needs, since, until, state, composition_id, cursor, limit)


@router.get("/needs/{need_id}", response_model=NeedFile, openapi_extra=READ)
async def show_need(need_id: UUID, act: ActDep) -> Response:
    """One need and every run that could serve it, with when it would be there. Refused: `NOT_FOUND`."""
    return await act.show(reading.need, need_id)


@router.post("/allocations", status_code=201, response_model=AllocationOut, openapi_extra=WRITE)
async def allocate_run(body: AllocationIn, act: ActDep) -> Response:
    """Keeps a released pack for a need. Refused: `RUN_ALLOCATED`, `NEED_COVERED`, `OPERATION_DONE`, `WRONG_STAGE`,
    `ON_HOLD`, `RECALLED`, `EXPIRED` (on the day of the operation), 422 `REFERENCE_UNKNOWN`, `COMPOSITION_DIFFERS`."""
    return await act.answer(service.allocate_run, body, status=201)


@router.delete("/allocations/{allocation_id}", status_code=204, openapi_extra=WRITE)
async def take_back_allocation(allocation_id: UUID, act: ActDep) -> Response:
    """Frees a pack; it is not kept for the same need again by itself. Refused: `NOT_FOUND`."""
    return await act.answer(service.take_back_allocation, allocation_id)


@router.get("/promises", response_model=Page[PromiseOut], openapi_extra=READ)
async def list_promises(
    act: ActDep, site_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """When each set on its way will be at its home site, or those whose home is that site."""
    return await act.show(reading.promises, site_id, cursor, limit)


@router.get("/runs/{run_id}/promise", response_model=PromiseOut, openapi_extra=READ)
async def show_promise(run_id: UUID, act: ActDep) -> Response:
    """When the set of a run will be at its home site, explained stage by stage. Refused: `NOT_FOUND`, `WRONG_STAGE` for
    a run that has ended."""
    return await act.show(reading.promise, run_id)
