"""HTTP of account administration: administrators, own organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gateway.accounts import service
from gateway.accounts.schemas import (
    Because,
    MembershipIn,
    MembershipOut,
    MembershipPatch,
    Memberships,
    PersonIn,
    PersonOut,
    PersonPatch,
    Persons,
)
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["accounts"])
WRITE = operation("account.write")
Cursor = Annotated[str | None, Query(max_length=1024)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/persons", response_model=Persons, openapi_extra=WRITE)
async def persons(act: ActDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Accounts with a role in the own organisation, by id."""
    return await act.show(service.list_persons, cursor, limit)


@router.post("/persons", status_code=201, response_model=PersonOut, openapi_extra=WRITE)
async def add_person(body: PersonIn, act: ActDep) -> Response:
    """A new account with its first role, invited. Refused: `LOGIN_TAKEN` 409, `ROLE_NOT_FOR_KIND` 422."""
    return await act.answer(service.add_person, body, status=201)


@router.patch("/persons/{id}", response_model=PersonOut, openapi_extra=WRITE)
async def change_person(id: UUID, body: PersonPatch, act: ActDep) -> Response:
    """Changes names and addresses. Refused: `NOT_FOUND` for another
    organisation's person, `VERSION_STALE` 412, `PERSON_CLOSED` 409."""
    return await act.answer(service.change_person, id, body, act.if_match())


@router.post("/persons/{id}/invite", response_model=PersonOut, openapi_extra=WRITE)
async def invite(id: UUID, act: ActDep) -> Response:
    """A new invitation for 24 h, told once in the answer. Refused: `WRONG_STATE` 409 while suspended."""
    return await act.answer(service.invite, id)


@router.post("/persons/{id}/suspend", response_model=PersonOut, openapi_extra=WRITE)
async def suspend(id: UUID, body: Because, act: ActDep) -> Response:
    """Suspends: sessions end within a second. Refused: `OWN_ACCOUNT` 409, `WRONG_STATE` 409."""
    return await act.answer(service.set_status, id, "suspend", body)


@router.post("/persons/{id}/reinstate", response_model=PersonOut, openapi_extra=WRITE)
async def reinstate(id: UUID, body: Because, act: ActDep) -> Response:
    """Lets a suspended person in again. Refused: `WRONG_STATE` 409."""
    return await act.answer(service.set_status, id, "reinstate", body)


@router.post("/persons/{id}/close", response_model=PersonOut, openapi_extra=WRITE)
async def close(id: UUID, body: Because, act: ActDep) -> Response:
    """Closes for good; the account is kept for the audit. Refused: `OWN_ACCOUNT` 409, `PERSON_CLOSED` 409."""
    return await act.answer(service.set_status, id, "close", body)


@router.get("/memberships", response_model=Memberships, openapi_extra=WRITE)
async def memberships(act: ActDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Roles in the own organisation, by id."""
    return await act.show(service.list_memberships, cursor, limit)


@router.post("/memberships", status_code=201, response_model=MembershipOut, openapi_extra=WRITE)
async def add_membership(body: MembershipIn, act: ActDep) -> Response:
    """Gives a role in the own organisation. Refused: `ROLE_NOT_FOR_KIND` 422, `MEMBERSHIP_EXISTS` 409,
    `TIME_INVALID` 422."""
    return await act.answer(service.add_membership, body, status=201)


@router.patch("/memberships/{id}", response_model=MembershipOut, openapi_extra=WRITE)
async def end_membership(id: UUID, body: MembershipPatch, act: ActDep) -> Response:
    """Ends a role. Refused: `OWN_ACCOUNT` 409, `TIME_INVALID` 422, `VERSION_STALE` 412."""
    return await act.answer(service.end_membership, id, body, act.if_match())
