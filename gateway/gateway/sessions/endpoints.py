"""HTTP of signing in and of sessions."""

from typing import cast

from fastapi import APIRouter, Request, Response

from gateway import permissions
from gateway.codes.domain import typed_digits
from gateway.devices import known
from gateway.door import cookies
from gateway.parts import House
from gateway.platform import everywhere
from gateway.sessions import domain, passwords, service
from gateway.sessions.domain import PROFESSIONAL
from gateway.sessions.errors import NOT_HERE, PasswordWeak, SignInRefused
from gateway.sessions.lockout import Guarded
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
    UnknownSite,
)
from gateway.sessions.strength import is_weak
from maillage import clock
from maillage.http import Act, ActDep, operation
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
    """Signs a professional in with login and password, or with the code of a temporary access; where there is a second
    factor, or one must be set up, that comes next in this browser.

    Refused: `SIGN_IN_REFUSED` 401, the same for an unknown login, a wrong password and a person who is not active;
    `SIGN_IN_SLOWED` 429 after five failures (5, 15, 60 min); `NO_MEMBERSHIP` 403 without any role.
    """
    house, who = house_of(act.request), everywhere(act.principal)
    typed, secret = body.password.get_secret_value(), new_token()
    login = await _login(act, house, body.login, typed)
    attempt = await act.database.run(who, service.begin, login)
    right = await passwords.matches(attempt.hash, typed)
    if right and attempt.may_enter:
        required = house.settings.second_factor == "required"
        step = await act.database.run(who, service.accept, attempt, secret, required=required)
    elif attempt.access_until is not None and attempt.status == "active":
        step = await act.database.run(who, service.accept_access, attempt, secret)
    else:
        await act.database.run(who, service.refuse, attempt)
        raise SignInRefused
    return await next_step(act, house, step, secret)


async def _login(act: ActDep, house: House, typed: str, password: str) -> service.Login:
    key = domain.login_key(typed)
    cookie = cookies.sent(act.request.scope, house.parts.rules.device)
    device_id = await act.database.read(everywhere(act.principal), service.known_device, cookie, key)
    guarded = Guarded.of(key, house.signer, house.settings, act.principal.ip, device_id)
    return service.Login(key, guarded, house.signer.mac("access", f"{key}:{typed_digits(password)}"))


async def next_step(act: Act, house: House, step: service.Step, secret: str) -> Response:
    """The cookie that belongs to a step: of the session, which ends the one before, or of the sign-in that waits for
    its second half."""
    rules, answer = house.parts.rules, _wire(Next(next=step))
    if step in ("done", "context"):
        house.parts.callers.forget_sid(act.principal.sid)
        answer.headers.append("set-cookie", rules.clear(rules.sign_in))
        set_session(answer, house, secret, PROFESSIONAL.absolute.total_seconds())
        return await known.remember(act, house, answer, secret)
    lives = domain.ENROLMENT_LIVES if step == "enrol" else domain.SECOND_FACTOR_LIVES
    answer.headers.append("set-cookie", rules.set(rules.sign_in, secret, int(lives.total_seconds())))
    return answer


@router.get("/auth/session", response_model=SessionOut, openapi_extra=operation("public"))
async def who_am_i(act: ActDep) -> Response:
    """The caller's own session: person, present context, contexts to choose from, permissions, CSRF token. A visitor
    gets his token."""
    who = act.principal
    if who.sid is None:
        return _wire(SessionOut(kind="visitor", csrf_token=who.csrf or "", now=clock.now()))
    row, contexts = await act.database.read(everywhere(who), service.describe, who.sid)
    contexts = sorted(contexts, key=lambda each: each["organisation_id"] not in (row["site_orgs"] or ()))
    chosen = next((each for each in contexts if each["id"] == row["membership_id"]), None)
    person = (
        PersonOut(id=row["person_id"], display_name=row["display_name"], login=row["login"])
        if row["person_id"]
        else None
    )
    screen = await act.database.read(everywhere(who), known.screen, who.sid) if row["kind"] == "wall" else None
    return _wire(
        SessionOut(
            kind=row["kind"],
            person=person,
            screen=screen,
            context=_context(chosen) if chosen else None,
            contexts=[_context(each) for each in contexts],
            unknown_sites=[UnknownSite(**site, detail=NOT_HERE.in_(act.language)) for site in row["unknown_sites"]],
            permissions=dict[str, str](permissions.grants_of(who.role or "")),
            csrf_token=who.csrf or "",
            acr=row["acr"],
            auth_time=row["auth_time"],
            idle_until=row["idle_until"],
            expires_at=row["expires_at"],
            now=clock.now(),
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
    """Changes the caller's own password and ends his other sessions. Refused: `STEP_UP_REQUIRED` 403 (a second factor
    stands beside it and was not proved lately), `SIGN_IN_REFUSED` 401 (the present one is wrong), `SIGN_IN_SLOWED` 429,
    `PASSWORD_WEAK` 422."""
    house, who = house_of(act.request), everywhere(act.principal)
    known = await act.database.read(who, service.own_login)
    guarded = Guarded.of(f"person:{who.person_id}", house.signer, house.settings, who.ip)
    await act.database.run(who, service.try_again, guarded)
    if not await passwords.matches(known["hash"], body.current.get_secret_value()):
        await act.database.run(who, service.refuse_own, guarded, "password_change_refused")
        raise SignInRefused
    hashed = await _strong(body.password.get_secret_value(), known)
    await act.database.run(who, service.change_password, guarded, hashed)
    return Response(status_code=204)


@router.post("/auth/invitations/{token}", response_model=Next, openapi_extra=operation("public", max_body=8_192))
async def accept_invitation(token: str, body: InvitationIn, act: ActDep) -> Response:
    """Sets the password of an invited person, or of one who forgot it; then the second factor is set up or asked for,
    where there is one. `done`: sign in with it. Refused: `INVITATION_GONE` 410 (used, older than 24 h),
    `PASSWORD_WEAK` 422."""
    house, who, secret = house_of(act.request), everywhere(act.principal), new_token()
    invited = await act.database.run(who, service.read_invitation, token)
    hashed = await _strong(body.password.get_secret_value(), invited)
    required = house.settings.second_factor == "required"
    step = await act.database.run(who, service.accept_invitation, token, hashed, secret, required=required)
    return _wire(Next(next="done")) if step == "done" else await next_step(act, house, step, secret)


async def _strong(password: str, person: Row) -> str:
    if is_weak(password, login=person["login"], names=person["names"]):
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
