"""Loads over HTTP. A load's ETag is the hash of its evidence; a decision carries it in `If-Match`."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from cooperation.loads import controls, deciding, filing, service
from cooperation.loads.rows import LoadState
from cooperation.loads.schemas import (
    ControlIn,
    ControlOut,
    DecisionIn,
    LoadFile,
    LoadIn,
    LoadItem,
    LoadOut,
    ProgrammeChange,
    RunIn,
    SeenIn,
    StartIn,
)
from maillage.http import ActDep, operation
from maillage.refusals import NotFound, Refusal
from maillage.wire import Instant, Page

router = APIRouter(prefix="/v1", tags=["loads"])
READ = operation("set.read")
WRITE = operation("load.write", klass="critical")
DECIDE = operation("load.release", klass="critical", step_up_s=120)


@router.get("/loads", response_model=Page[LoadItem], openapi_extra=READ)
async def list_loads(
    act: ActDep,
    state: LoadState | None = None,
    machine_id: UUID | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> Response:
    """Loads, the newest first; a member's are those that its packs went through."""
    return await act.show(service.loads, state, machine_id, since, until, cursor, limit)


@router.post("/loads", status_code=201, response_model=LoadOut, openapi_extra=WRITE)
async def open_load(body: LoadIn, act: ActDep) -> Response:
    """A new load on a machine. Refused: `LOAD_OPEN`, `PROGRAMME_NOT_ALLOWED`, `PROGRAMME_NOT_VALID`."""
    return _tagged(await act.answer(service.open_load, body, status=201))


@router.get("/loads/{load_id}", response_model=LoadOut, openapi_extra=READ)
async def load(load_id: UUID, act: ActDep) -> Response:
    """One load, its runs and each item of its evidence; `ETag` is the hash of that evidence."""
    return _tagged(await act.show(service.show, load_id))


@router.get("/loads/{load_id}/file", response_model=LoadFile, openapi_extra=READ)
async def load_file(load_id: UUID, act: ActDep) -> Response:
    """Everything about a load on one page: runs, tests, record, controls, decision. A member's shows its own packs."""
    return await act.show(filing.load_file, load_id)


@router.post("/loads/{load_id}/programme", response_model=LoadOut, openapi_extra=WRITE)
async def change_load_programme(load_id: UUID, body: ProgrammeChange, act: ActDep) -> Response:
    """Another programme before the start. Refused: `LOAD_STARTED`, `DECISION_FINAL`, `PROGRAMME_NOT_ALLOWED`,
    `PROGRAMME_NOT_VALID`."""
    return _tagged(await act.answer(service.change_programme, load_id, body))


@router.post("/loads/{load_id}/runs", response_model=LoadOut, openapi_extra=WRITE)
async def put_into_load(load_id: UUID, body: RunIn, act: ActDep) -> Response:
    """A run goes in. Refused: `ALREADY_LOADED`, `LOAD_STARTED`, `DECISION_FINAL`, `WRONG_STAGE`, `ON_HOLD`,
    `PROGRAMME_NOT_ALLOWED`, `OVER_CAPACITY`."""
    return _tagged(await act.answer(service.put_in, load_id, body))


@router.delete("/loads/{load_id}/runs/{run_id}", response_model=LoadOut, openapi_extra=WRITE)
async def take_out_of_load(load_id: UUID, run_id: UUID, act: ActDep) -> Response:
    """A run goes out before the start. Refused: `NOT_IN_LOAD`, `LOAD_STARTED`, `DECISION_FINAL`."""
    return _tagged(await act.answer(service.take_out, load_id, run_id))


@router.post("/loads/{load_id}/runs/{run_id}/seen", response_model=LoadOut, openapi_extra=WRITE)
async def see_pack(load_id: UUID, run_id: UUID, body: SeenIn, act: ActDep) -> Response:
    """What was seen of a pack when it came out. Refused: `NOT_IN_LOAD`, `LOAD_NOT_STARTED`, `DECISION_FINAL`."""
    return _tagged(await act.answer(service.look, load_id, run_id, body))


@router.post("/loads/{load_id}/start", response_model=LoadOut, openapi_extra=WRITE)
async def start_load(load_id: UUID, body: StartIn, act: ActDep) -> Response:
    """The machine starts, and what is in the load is frozen for ever. Refused: `LOAD_EMPTY`, `MACHINE_NOT_READY`,
    `TEST_MISSING`, `TEST_FAILED`, `LOAD_STARTED`, `DECISION_FINAL`, `CYCLE_TAKEN`, `PROGRAMME_NOT_VALID`, and what a
    pack refuses (`WRONG_STAGE`, `ON_HOLD`, `PROGRAMME_NOT_ALLOWED`)."""
    return _tagged(await act.answer(service.start, load_id, body))


@router.post("/loads/{load_id}/controls", status_code=201, response_model=ControlOut, openapi_extra=WRITE)
async def read_control(load_id: UUID, body: ControlIn, act: ActDep) -> Response:
    """A control was read; the last reading of a kind counts. A failed one after the release is kept and answers
    `recall_needed`. Refused: `LOAD_NOT_STARTED`, `TIME_INVALID`."""
    return await act.answer(controls.read_control, load_id, body, status=201)


@router.post("/loads/{load_id}/decision", response_model=LoadOut, openapi_extra=DECIDE)
async def decide_load(
    load_id: UUID, body: DecisionIn, act: ActDep, if_match: Annotated[str | None, Header(max_length=200)] = None
) -> Response:
    """Releases or rejects, once and for ever, on the evidence named by `If-Match`. Refused, and each refusal is in the
    load's trace: 422 `IF_MATCH_REQUIRED`, `REASON_REQUIRED`; 412 `EVIDENCE_CHANGED`; 403 `NOT_SIGNATORY`,
    `STEP_UP_REQUIRED`; 409 `EVIDENCE_INCOMPLETE` (`errors[]`), `VERDICT_NOT_CONFORM`, `SELF_RELEASE`,
    `DECISION_FINAL`, `LOAD_NOT_STARTED`, `WRONG_STATE`."""
    try:
        return _tagged(await act.answer(deciding.decide, load_id, body, _hash(if_match)))
    except NotFound:
        raise
    except Refusal as refused:
        await act.run(deciding.note_refused, load_id, body.outcome, refused.code)
        raise


def _hash(if_match: str | None) -> str | None:
    """The hash in an entity tag; None without one, and for `*`: a decision names what was seen."""
    given = (if_match or "").strip().removeprefix("W/").strip('"')
    return given if given not in ("", "*") else None


def _tagged(response: Response) -> Response:
    """The same answer with the hash of the evidence as its entity tag, where the caller sees the evidence."""
    if response.status_code < 300 and response.body:
        found = json.loads(bytes(response.body)).get("evidence_hash")
        if found:
            response.headers["ETag"] = f'"{found}"'
    return response
