"""Cycle records over HTTP: JSON samples, or the machine's own file. What is refused is kept all the same."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import JsonValue

from cooperation.records import service
from cooperation.records.errors import RecordRefused
from cooperation.records.schemas import CurveOut, FileIn, RecordIn, RecordOut
from cooperation.records.sending import Sent
from maillage.http import Act, ActDep, operation
from maillage.refusals import WrongMediaType

router = APIRouter(prefix="/v1", tags=["records"])
LARGEST = 5 * 1024 * 1024
WRITE = operation("record.write", klass="critical", max_body=LARGEST, timeout_s=30)
CSV: dict[str, JsonValue] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}
FILE = operation("record.write", klass="critical", max_body=LARGEST, timeout_s=30) | CSV


@router.get("/loads/{load_id}/record", response_model=CurveOut, openapi_extra=operation("set.read"))
async def load_record(load_id: UUID, act: ActDep) -> Response:
    """The record that counts for a load: figures, verdict, and the curve. Refused: `NOT_FOUND` without one."""
    return await act.show(service.curve_of_load, load_id)


@router.post("/loads/{load_id}/record", status_code=201, response_model=RecordOut, openapi_extra=WRITE)
async def record_load(load_id: UUID, body: RecordIn, act: ActDep) -> Response:
    """The load's cycle, from its machine's connector, or by hand with a `witness`; the answer is the server's verdict.
    Refused, and kept: 422 `RECORD_INVALID`; 409 `RECORD_IN_FUTURE`, `RECORD_MISMATCH`, `RECORD_EXISTS`. Refused: 422
    `WITNESS_REQUIRED`, 409 `SAME_PERSON`, 413 over 5 MiB, 404 for another connector's machine."""
    return await _taken(act, Sent(await act.request.body(), told=body), load_id=load_id)


@router.post("/machines/{machine_id}/records", status_code=201, response_model=RecordOut, openapi_extra=WRITE)
async def record_machine(machine_id: UUID, body: RecordIn, act: ActDep) -> Response:
    """As for a load, from a connector that knows only its machine and the cycle's number. Refused as there; kept also
    when no load waits for it (`RECORD_MISMATCH`)."""
    return await _taken(act, Sent(await act.request.body(), told=body), machine_id=machine_id)


@router.post("/loads/{load_id}/record_file", status_code=201, response_model=RecordOut, openapi_extra=FILE)
async def record_load_file(load_id: UUID, layout: Annotated[FileIn, Query()], act: ActDep) -> Response:
    """The load's cycle as a CSV file (`text/csv`), laid out as the parameters say. Refused as the JSON record is."""
    return await _taken(act, Sent(await _csv(act), file=layout), load_id=load_id)


@router.post("/machines/{machine_id}/record_files", status_code=201, response_model=RecordOut, openapi_extra=FILE)
async def record_machine_file(machine_id: UUID, layout: Annotated[FileIn, Query()], act: ActDep) -> Response:
    """A cycle as a CSV file, from a connector that knows only its machine and the cycle's number."""
    return await _taken(act, Sent(await _csv(act), file=layout), machine_id=machine_id)


async def _csv(act: Act) -> bytes:
    if act.request.headers.get("content-type", "").split(";")[0].strip() != "text/csv":
        raise WrongMediaType
    return await act.request.body()


async def _taken(act: Act, sent: Sent, *, load_id: UUID | None = None, machine_id: UUID | None = None) -> Response:
    """A refusal undoes its transaction: what was refused is kept in a second one."""
    try:
        if load_id is not None:
            return await act.answer(service.record_load, load_id, sent, status=201)
        assert machine_id is not None
        return await act.answer(service.record_of_machine, machine_id, sent, status=201)
    except RecordRefused as refused:
        await act.run(service.keep_refused, load_id, machine_id, sent, refused.code)
        raise
