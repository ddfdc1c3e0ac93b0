"""HTTP of account administration: administrators, own organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gateway.accounts import service
from gateway.accounts.queries import works_elsewhere
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
    TemporaryAccessIn,
    TemporaryAccessOut,
)
from gateway.platform import everywhere
from gateway.sessions.domain import FRESH_S
from gateway.sessions.endpoints import house_of
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["accounts"])
READ = operation("account.write")
WRITE = operation("account.write", step_up_s=FRESH_S)
Cursor = Annotated[str | None, Query(max_length=1024)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/persons", response_model=Persons, openapi_extra=READ)
async def persons(act: ActDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Accounts with a role in the own organisation, by id."""
    return await act.show(service.list_persons, cursor, limit)


@router.post("/persons", status_code=201, response_model=PersonOut, openapi_extra=WRITE)
async def add_person(body: PersonIn, act: ActDep) -> Response:
    """A new account with its first role, invited. Refused: `LOGIN_TAKEN` 409, `ROLE_NOT_FOR_KIND` 422."""
    return await act.answer(service.add_person, house_of(act.request).sealer, body, status=201)


@router.patch("/persons/{id}", response_model=PersonOut, openapi_extra=WRITE)
async def change_person(id: UUID, body: PersonPatch, act: ActDep) -> Response:
    """Changes names and addresses. Refused: `NOT_FOUND` for another organisation's person, `VERSION_STALE` 412,
    `PERSON_CLOSED` 409, `SHARED_ACCOUNT` 409 for the addresses of somebody who also works elsewhere."""
    shared = await _shared(act, id)
    return await act.answer(service.change_person, id, body, act.if_match(), shared=shared)


@router.post("/persons/{id}/invite", response_model=PersonOut, openapi_extra=WRITE)
async def invite(id: UUID, act: ActDep) -> Response:
    """A new invitation for 24 h: mailed, or told once to whoever asks when the person has no address; the one before
    ends. Refused: `WRONG_STATE` 409 while suspended, `SHARED_ACCOUNT` 409 without address when the person also works
    elsewhere."""
    shared = await _shared(act, id)
    return _once(await act.run(service.invite, house_of(act.request).sealer, id, shared=shared))


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


@router.post("/persons/{id}/reset-second-factor", response_model=PersonOut, openapi_extra=WRITE)
async def reset_second_factor(id: UUID, body: Because, act: ActDep) -> Response:
    """Removes authenticator and recovery codes, ends the sessions, writes to the person. Call back the number on file
    first: this is the weakest door. Refused: `OWN_ACCOUNT` 409, `PERSON_CLOSED` 409."""
    return await act.answer(service.reset_second_factor, id, body)


@router.post("/persons/{id}/temporary-access", response_model=TemporaryAccessOut, openapi_extra=WRITE)
async def temporary_access(id: UUID, body: TemporaryAccessIn, act: ActDep) -> Response:
    """Lets a person in for at most 8 hours without password and second factor: the code is shown once and typed as the
    password; one given before ends. It is good for work in this organisation, not for acts that ask for a second
    factor. Refused: `OWN_ACCOUNT` 409, `WRONG_STATE` 409 unless active."""
    return _once(await act.run(service.give_access, house_of(act.request).signer, id, body))


async def _shared(act: ActDep, person_id: UUID) -> bool:
    """Whether the person also works where the caller does not reach."""
    own = act.principal.org
    return own is not None and await act.database.read(everywhere(act.principal), works_elsewhere, person_id, own)


def _once(body: PersonOut | TemporaryAccessOut) -> Response:
    """An answer with a secret in it: not kept for a repeated key, which would keep the secret."""
    return Response(body.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/memberships", response_model=Memberships, openapi_extra=READ)
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
