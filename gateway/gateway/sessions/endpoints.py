"""HTTP of signing in and of sessions."""

from typing import cast

from fastapi import APIRouter, Request, Response

from gateway import permissions
from gateway.parts import House
from gateway.platform import everywhere
from gateway.sessions import domain, passwords, service
from gateway.sessions.domain import PROFESSIONAL
from gateway.sessions.errors import PasswordWeak, SignInRefused
from gateway.sessions.queries import Row
from gateway.sessions.schemas import (
    ContextIn,
    ContextOut,
    InvitationIn,
    Next,
    PasswordChange,
    PasswordIn,
    PersonOut,
    SessionLine,
    SessionOut,
    Sessions,
)
from maillage.http import ActDep, operation
from maillage.ids import new_token

router = APIRouter(tags=["sessions"])


def house_of(request: Request) -> House:
    """The gateway's parts."""
    return cast(House, request.app.state.house)


def set_session(response: Response, house: House, secret: str, seconds: float) -> Response:
    """Gives the caller the cookie of a session; a page in a cache must not."""
    cookie = house.parts.rules.set(house.parts.rules.session, secret, int(seconds))
    response.headers.append("set-cookie", cookie)
    response.headers["cache-control"] = "no-store"
    return response


def _wire(body: PersonOut | SessionOut | Sessions | Next, status: int = 200) -> Response:
    return Response(body.model_dump_json(), status, media_type="application/json")


@router.post("/auth/password", response_model=Next, openapi_extra=operation("public", klass="critical", max_body=8_192))
async def sign_in(body: PasswordIn, act: ActDep) -> Response:
    """Signs a professional in with login and password.

    Refused: `SIGN_IN_REFUSED` 401, the same for an unknown login, a wrong password and a person who is not active;
    `SIGN_IN_SLOWED`
    429 after five failures (5, 15, 60 min); `NO_MEMBERSHIP` 403 without any role.
    """
    house = house_of(act.request)
    key = domain.login_key(body.login)
    who = everywhere(act.principal)
    attempt = await act.database.run(who, service.begin, key, house.signer.mac("login", key))
    right = await passwords.matches(attempt.hash, body.password.get_secret_value())
    if not right or not attempt.active:
        await act.database.run(who, service.refuse, attempt)
        raise SignInRefused
    secret = new_token()
    chosen = await act.database.run(who, service.accept, attempt, secret, act.principal.sid)
    answer = _wire(Next(next="done" if chosen else "context"))
    return set_session(answer, house, secret, PROFESSIONAL.absolute.total_seconds())


@router.get("/auth/session", response_model=SessionOut, openapi_extra=operation("public"))
async def who_am_i(act: ActDep) -> Response:
    """The caller's own session: person, present context, contexts to choose from, permissions, CSRF token. A visitor
    gets his token."""
    who = act.principal
    if who.sid is None:
        return _wire(SessionOut(kind="visitor", csrf_token=who.csrf or ""))
    row, contexts = await act.database.read(everywhere(who), service.describe, who.sid)
    chosen = next((each for each in contexts if each["id"] == row["membership_id"]), None)
    person = (
        PersonOut(id=row["person_id"], display_name=row["display_name"], login=row["login"])
        if row["person_id"]
        else None
    )
    return _wire(
        SessionOut(
            kind=row["kind"],
            person=person,
            context=_context(chosen) if chosen else None,
            contexts=[_context(each) for each in contexts],
            permissions=dict[str, str](permissions.grants_of(who.role or "")),
            csrf_token=who.csrf or "",
            idle_until=row["idle_until"],
            expires_at=row["expires_at"],
        )
    )


@router.delete("/auth/session", status_code=204, openapi_extra=operation("public"))
async def sign_out(act: ActDep) -> Response:
    """Ends the caller's session. Repeating is harmless."""
    house = house_of(act.request)
    await act.database.run(everywhere(act.principal), service.sign_out)
    response = Response(status_code=204)
    response.headers.append("set-cookie", house.parts.rules.clear(house.parts.rules.session))
    house.parts.callers.forget_sid(act.principal.sid)
    return response


@router.put("/auth/session/context", response_model=Next, openapi_extra=operation("self"))
async def choose_context(body: ContextIn, act: ActDep) -> Response:
    """Works on under another membership; the session gets a new secret. Refused: `NO_MEMBERSHIP` 403."""
    house, secret = house_of(act.request), new_token()
    await act.database.run(everywhere(act.principal), service.choose_context, body.membership_id, secret)
    house.parts.callers.forget_sid(act.principal.sid)
    return set_session(_wire(Next(next="done")), house, secret, PROFESSIONAL.absolute.total_seconds())


@router.get("/auth/sessions", response_model=Sessions, openapi_extra=operation("self"))
async def own_sessions(act: ActDep) -> Response:
    """The caller's live sessions, newest first."""
    rows = await act.database.read(everywhere(act.principal), service.own_sessions)
    return _wire(Sessions(items=[SessionLine(current=row["sid"] == act.principal.sid, **dict(row)) for row in rows]))


@router.delete("/auth/sessions", status_code=204, openapi_extra=operation("self"))
async def end_others(act: ActDep) -> Response:
    """Ends all sessions of the caller but this one."""
    await act.database.run(everywhere(act.principal), service.end_others)
    return Response(status_code=204)


@router.delete("/auth/sessions/{sid}", status_code=204, openapi_extra=operation("self"))
async def end_one(sid: str, act: ActDep) -> Response:
    """Ends one of the caller's sessions; somebody else's is `NOT_FOUND`."""
    await act.database.run(everywhere(act.principal), service.end_own, sid)
    return Response(status_code=204)


@router.put("/auth/password", status_code=204, openapi_extra=operation("self", max_body=8_192))
async def change_password(body: PasswordChange, act: ActDep) -> Response:
    """Changes the caller's own password and ends his other sessions. Refused: `SIGN_IN_REFUSED` 401 (the present one
    is wrong),
    `SIGN_IN_SLOWED` 429, `PASSWORD_WEAK` 422."""
    house, who = house_of(act.request), everywhere(act.principal)
    known = await act.database.run(who, service.current_password)
    key = domain.login_key(known["login"])
    attempt = await act.database.run(who, service.begin, key, house.signer.mac("login", key))
    if not await passwords.matches(known["hash"], body.current.get_secret_value()):
        await act.database.run(who, service.refuse, attempt)
        raise SignInRefused
    await act.database.run(
        who, service.change_password, await _strong(body.password.get_secret_value(), known["login"])
    )
    return Response(status_code=204)


@router.post("/auth/invitations/{token}", response_model=Next, openapi_extra=operation("public", max_body=8_192))
async def accept_invitation(token: str, body: InvitationIn, act: ActDep) -> Response:
    """Sets the first password of an invited person. Refused: `INVITATION_GONE` 410 (used, older than 24 h),
    `PASSWORD_WEAK` 422."""
    who = everywhere(act.principal)
    login = await act.database.run(who, service.read_invitation, token)
    await act.database.run(
        who, service.accept_invitation, token, await _strong(body.password.get_secret_value(), login)
    )
    return _wire(Next(next="done"))


async def _strong(password: str, login: str) -> str:
    if domain.is_weak(password, login=login):
        raise PasswordWeak(pointer="/password")
    return await passwords.hashed(password)


def _context(row: Row) -> ContextOut:
    return ContextOut(
        membership_id=row["id"],
        organisation_id=row["organisation_id"],
        organisation_name=row["name"],
        organisation_kind=row["kind"],
        role=row["role"],
    )
