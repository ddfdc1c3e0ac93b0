"""Runs over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.cooperation import RunStage
from cooperation.runs import filing, service
from cooperation.runs.file_schemas import RunFile, SetFile
from cooperation.runs.schemas import AbortIn, AssembleIn, RunOut
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["runs"])


@router.get("/runs", response_model=Page[RunOut], openapi_extra=operation("set.read"))
async def runs(
    act: ActDep,
    stage: RunStage | None = None,
    place_id: UUID | None = None,
    set_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """Runs within reach, the newest first; at a stage, of a set, or live ones in a place, its crates included."""
    return await act.show(service.runs, stage, place_id, set_id, limit, cursor)


@router.get("/runs/{run_id}", response_model=RunFile, openapi_extra=operation("set.read"))
async def run_file(run_id: UUID, act: ActDep) -> Response:
    """The whole file of a run: set, composition with counts and gaps, loads with figures, verdict, controls and
    decision, custody, use, blocks, recalls, issues, the trace. Refused: `NOT_FOUND`, also out of reach."""
    return await act.show(filing.run_file, run_id)


@router.get("/sets/{set_id}/file", response_model=SetFile, openapi_extra=operation("set.read"))
async def set_file(set_id: UUID, act: ActDep) -> Response:
    """A set's file: where it is, what blocks it, its instruments and its runs. Refused: `NOT_FOUND`, also out of
    reach."""
    return await act.show(filing.set_file, set_id)


@router.post("/runs/{run_id}/assemble", response_model=RunOut, openapi_extra=operation("scan.write"))
async def assemble_run(run_id: UUID, body: AssembleIn, act: ActDep) -> Response:
    """Closes the recomposition of a washed set: each line counted, what is missing named; or sends it back to washing
    (`soil`). By the plant's staff. Refused: `ROLE_REQUIRED` 403, `WRONG_STAGE`, `ON_HOLD`, `LINE_OPEN` (`lines`),
    `CRITICAL_MISSING` (`lines` with `substitutes`), `SINGLE_USE`, `FOREIGN_INSTRUMENT` (`why`)."""
    return await act.answer(service.close_assembly, run_id, body)


@router.post("/runs/{run_id}/abort", response_model=RunOut, openapi_extra=operation("scan.write"))
async def abort_run(run_id: UUID, body: AbortIn, act: ActDep) -> Response:
    """Ends a run without a use (torn, wet, expired, recalled, opened unused, lost…), and opens the set's next one.
    Refused: `REASON_REQUIRED`, `ON_HOLD`, `WRONG_STAGE` for a run that has ended, and for one at the plant when a
    member asks; `RECALLED` for a lost one that a recall looks for."""
    return await act.answer(service.abort, run_id, body)
