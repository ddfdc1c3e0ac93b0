"""HTTP of simulations."""

from uuid import UUID

from fastapi import APIRouter, Response

from maillage.http import ActDep, operation
from telesecretariat.simulation import service
from telesecretariat.simulation.schemas import SimulationIn, SimulationOut, SimulationsOut

router = APIRouter(prefix="/v1", tags=["telephony"])
SUPERVISE = operation("floor.supervise")


@router.post("/telephony/simulations", status_code=201, response_model=SimulationOut, openapi_extra=SUPERVISE)
async def start_simulation(body: SimulationIn, act: ActDep) -> Response:
    """Has a simulated line show a day of callers, at a speed, with simulated agents or without; or a few calls now.

    Refused: `LINE_NOT_SIMULATED`, `SIMULATION_RUNNING` 409, `TIME_INVALID` 422, `NOT_FOUND` 404.
    """
    return await act.answer(service.start, body, status=201)


@router.get("/telephony/simulations", response_model=SimulationsOut, openapi_extra=SUPERVISE)
async def list_simulations(line_id: UUID, act: ActDep) -> Response:
    """The latest fifty simulations of a line. Refused: `NOT_FOUND` 404."""
    return await act.show(service.of_line, line_id)


@router.delete("/telephony/simulations/{simulation_id}", status_code=204, openapi_extra=SUPERVISE)
async def stop_simulation(simulation_id: UUID, act: ActDep) -> Response:
    """No caller rings any more; who talks finishes. Again: 204. Refused: `NOT_FOUND` 404."""
    return await act.answer(service.stop, simulation_id, status=204)
