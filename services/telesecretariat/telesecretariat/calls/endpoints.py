"""What an agent or a supervisor does with a call, over HTTP; reading and noting one is in `reading`."""

from uuid import UUID

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.calls import acts, monitoring, wrapping
from telesecretariat.calls.schemas import (
    CallStandsOut,
    Colleagues,
    MonitoringIn,
    MonitoringOut,
    OutboundIn,
    RecordingOut,
    TransferIn,
    WrapUpIn,
)

router = APIRouter(prefix="/v1", tags=["calls"])
HANDLE = operation("call.handle")
SUPERVISE = operation("floor.supervise")


@router.post("/calls", status_code=201, response_model=CallStandsOut, openapi_extra=HANDLE)
async def place_call(body: OutboundIn, act: ActDep) -> Response:
    """Calls somebody from a line: one's own telephone rings first, then the number.

    Refused: `NUMBER_NOT_ALLOWED` 422, `NO_LINE`, `AGENT_OFFLINE`, `AGENT_NOT_READY`, `DEVICE_UNREGISTERED`,
    `LINE_OBSERVED_ONLY`, `ADAPTER_CANNOT` 409, `NOT_FOUND` 404.
    """
    return await act.answer(acts.place, body, status=201)


@router.post("/calls/{call_id}/hold", response_model=CallStandsOut, openapi_extra=HANDLE)
async def hold_call(call_id: UUID, act: ActDep) -> Response:
    """The caller hears music. Refused: `CALL_NOT_TALKING`, `RED_FLAG_OPEN`, `ADAPTER_CANNOT` 409, `NOT_YOUR_CALL`
    403."""
    return await act.answer(acts.hold, call_id)


@router.post("/calls/{call_id}/resume", response_model=CallStandsOut, openapi_extra=HANDLE)
async def resume_call(call_id: UUID, act: ActDep) -> Response:
    """Takes the caller back from hold, or from a transfer in progress. Refused: `CALL_NOT_TALKING`, `ADAPTER_CANNOT`
    409, `NOT_YOUR_CALL` 403."""
    return await act.answer(acts.resume, call_id)


@router.post("/calls/{call_id}/hang-up", response_model=CallStandsOut, openapi_extra=HANDLE)
async def hang_up_call(call_id: UUID, act: ActDep) -> Response:
    """Ends the conversation; in a warm transfer, leaves the caller to the other person, in a cold one before anybody
    has answered. Then comes wrap-up; a colleague who takes a call over writes it up. Who is consulted leaves by it.

    Refused: `CALL_NOT_TALKING`, `RED_FLAG_OPEN`, `ADAPTER_CANNOT` 409, `NOT_YOUR_CALL` 403.
    """
    return await act.answer(acts.hang_up, call_id)


@router.get("/calls/{call_id}/colleagues", response_model=Colleagues, openapi_extra=HANDLE)
async def read_colleagues(call_id: UUID, act: ActDep) -> Response:
    """The posts that are ready to take this call over, longest idle first. Refused: `NOT_FOUND` 404, `NOT_YOUR_CALL`
    403."""
    return await act.show(acts.colleagues, call_id)


@router.post("/calls/{call_id}/transfer", response_model=CallStandsOut, openapi_extra=HANDLE)
async def transfer_call(call_id: UUID, body: TransferIn, act: ActDep) -> Response:
    """Brings the caller to a number or to an agent who is ready. Cold: the agent leaves. Warm: she speaks with the
    other first, with a colleague alone; then hangs up, or takes the caller back by resuming.

    Refused: `NUMBER_NOT_ALLOWED` 422, `CALL_NOT_TALKING`, `RED_FLAG_OPEN`, `ADAPTER_CANNOT`, `AGENT_NOT_CAPABLE` 409,
    `NOT_YOUR_CALL` 403.
    """
    return await act.answer(acts.transfer, call_id, body)


@router.post("/calls/{call_id}/wrap-up", response_model=CallStandsOut, openapi_extra=HANDLE)
async def wrap_up_call(call_id: UUID, body: WrapUpIn, act: ActDep) -> Response:
    """30 seconds more, or what came of the call.

    Refused: `OUTCOME_REQUIRED`, `UNKNOWN_OUTCOME` 422, `WRAP_UP_LIMIT`, `CALL_NOT_WRAPPING`, `RED_FLAG_OPEN`,
    `REPEAT_CALLER_UNRESOLVED`, `INSTRUCTION_NOT_ACKNOWLEDGED` 409, `NOT_YOUR_CALL` 403.
    """
    return await act.answer(wrapping.wrap_up, call_id, body)


@router.post("/calls/{call_id}/monitoring", status_code=201, response_model=MonitoringOut, openapi_extra=SUPERVISE)
async def monitor_call(call_id: UUID, body: MonitoringIn, act: ActDep) -> Response:
    """Listens, whispers to the agent or joins, for a quarter of an hour at most; the agent sees it; audited.

    Refused: `MONITORING_NOT_DECLARED`, `CALL_NOT_TALKING`, `ADAPTER_CANNOT` 409.
    """
    return await act.answer(monitoring.begin, call_id, body, status=201)


@router.delete("/calls/{call_id}/monitoring", status_code=204, openapi_extra=SUPERVISE)
async def stop_monitoring(call_id: UUID, act: ActDep) -> Response:
    """Leaves the call. Again: 204."""
    return await act.answer(monitoring.stop, call_id, status=204)


@router.post("/calls/{call_id}/recording", status_code=201, response_model=RecordingOut, openapi_extra=SUPERVISE)
async def record_call(call_id: UUID, act: ActDep) -> Response:
    """Records the rest of a call; audited. Refused: `RECORDING_REFUSED` 422 unless it was declared for this client,
    `CALL_NOT_TALKING`, `ADAPTER_CANNOT` 409."""
    return await act.answer(monitoring.record, call_id, status=201)


@router.delete("/calls/{call_id}/recording", status_code=204, openapi_extra=operation("call.handle|floor.supervise"))
async def object_to_recording(call_id: UUID, act: ActDep) -> Response:
    """Somebody on the line objects: recording stops, what there is of it is deleted. Refused: `NOT_FOUND` 404."""
    return await act.answer(monitoring.object_to_recording, call_id, status=204)
