"""HTTP of practitioners and contracts."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from appointments.directory.endpoints import READ, WRITE, Cursor, Inactive, Limit
from appointments.directory.practitioners import service
from appointments.directory.practitioners.schemas import ContractIn, ContractOut, PractitionerIn, PractitionerOut
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["directory"])


@router.get("/practitioners", response_model=Page[PractitionerOut], openapi_extra=READ)
async def list_practitioners(
    act: ActDep,
    profession: Literal["physician", "nurse"] | None = None,
    site: UUID | None = None,
    inactive: Inactive = False,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Doctors and nurses by displayed name, of one profession or site. `person` is null for patients and visitors."""
    return await act.show(service.practitioners, profession, site, inactive, cursor, limit)


@router.get("/practitioners/{practitioner_id}", response_model=PractitionerOut, openapi_extra=READ)
async def read_practitioner(practitioner_id: UUID, act: ActDep) -> Response:
    """One practitioner, with its ETag."""
    return await act.show(service.practitioner, practitioner_id)


@router.post("/practitioners", status_code=201, response_model=PractitionerOut, openapi_extra=WRITE)
async def add_practitioner(body: PractitionerIn, act: ActDep) -> Response:
    """A new practitioner. Refused: `RPPS_INVALID` 422, `CODE_TAKEN` 409 for a known RPPS number."""
    return await act.answer(service.add_practitioner, body, status=201)


@router.put("/practitioners/{practitioner_id}", response_model=PractitionerOut, openapi_extra=WRITE)
async def replace_practitioner(practitioner_id: UUID, body: PractitionerIn, act: ActDep) -> Response:
    """The whole practitioner anew; somebody leaves by `active_to`.

    Refused: `VERSION_STALE` 412, `CODE_TAKEN` 409, `IN_USE` 409 while appointments lie after the last day.
    """
    return await act.answer(service.replace_practitioner, practitioner_id, body, act.if_match())


@router.get("/contracts", response_model=Page[ContractOut], openapi_extra=operation("directory.write|report.read"))
async def list_contracts(
    act: ActDep, practitioner: UUID | None = None, cursor: Cursor = None, limit: Limit = 100
) -> Response:
    """Contracts, oldest first. A practitioner reads the own ones, a manager those of the organisation."""
    own = act.principal.reach(act.permission) == "s"
    return await act.show(service.contracts, practitioner, own, cursor, limit)


@router.post("/contracts", status_code=201, response_model=ContractOut, openapi_extra=WRITE)
async def add_contract(body: ContractIn, act: ActDep) -> Response:
    """A new contract: minutes a week from a first to a last day. Refused: `CONTRACT_CLASH` 409."""
    return await act.answer(service.add_contract, body, status=201)


@router.put("/contracts/{contract_id}", response_model=ContractOut, openapi_extra=WRITE)
async def replace_contract(contract_id: UUID, body: ContractIn, act: ActDep) -> Response:
    """Hours or dates of a contract anew. Refused: `VERSION_STALE` 412, `CONTRACT_CLASH` 409."""
    return await act.answer(service.replace_contract, contract_id, body, act.if_match())
