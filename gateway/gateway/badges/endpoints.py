"""HTTP of badges: an administrator gives them, persons use them at shared posts."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.badges import domain, service
from gateway.badges.errors import BadgeRefused, PinWeak
from gateway.badges.schemas import BadgeIn, BadgeOut, BadgeSignIn, PinIn
from gateway.badges.service import Attempt, Reader
from gateway.codes.domain import typed_digits
from gateway.door import cookies
from gateway.factors.errors import SecondFactorRefused
from gateway.platform import everywhere, told_once
from gateway.sessions import passwords
from gateway.sessions.domain import PROFESSIONAL
from gateway.sessions.endpoints import house_of, set_session
from gateway.sessions.schemas import Next
from maillage.http import Act, ActDep, operation
from maillage.ids import new_token
from maillage.refusals import NotAllowed

router = APIRouter(tags=["badges"])
WRITE = operation("account.write", step_up_s=900)
AT_POST = operation("public", klass="critical", max_body=2_048)


@router.post("/v1/persons/{id}/badge", response_model=BadgeOut, openapi_extra=WRITE)
async def give(id: UUID, body: BadgeIn, act: ActDep) -> Response:
    """Gives a person of the own organisation a badge, instead of one before; told once, the code with which the person
    chooses a PIN at a shared post within 24 h. Refused: `NOT_FOUND`, `BADGE_TAKEN` 409."""
    return told_once(await act.run(service.give, id, body.badge, _reader(act)))


@router.delete("/v1/persons/{id}/badge", status_code=204, openapi_extra=WRITE)
async def withdraw(id: UUID, act: ActDep) -> Response:
    """Takes the badge back: it opens nothing, and what it opened ends within a second. Refused: `NOT_FOUND`."""
    return await act.answer(service.withdraw, id, status=204)


@router.post("/auth/badge-pin", status_code=204, openapi_extra=AT_POST)
async def choose_pin(body: PinIn, act: ActDep) -> Response:
    """The person chooses the PIN of a badge, with the one-time code, at a shared post. Refused: `POST_NOT_ENROLLED`
    403, `PIN_WEAK` 422, `SIGN_IN_REFUSED` 401 (unknown badge, wrong or used code), `SIGN_IN_SLOWED` 429."""
    who, reader, pin = everywhere(act.principal), _reader(act), typed_digits(body.pin)
    if domain.pin_is_weak(pin):
        raise PinWeak(pointer="/pin")
    attempt = await act.database.run(who, service.begin, _device(act), body.badge, reader)
    code = reader.code(attempt.organisation_id, body.badge, body.code)
    hashed = await passwords.hashed(reader.pin(attempt.person_id, pin))
    if not service.code_matches(attempt, code):
        await act.database.run(who, service.refuse, attempt)
        raise BadgeRefused
    await act.database.run(who, service.set_pin, attempt, code, hashed)
    return Response(status_code=204)


@router.post("/auth/badge", response_model=Next, openapi_extra=AT_POST)
async def sign_in_by_badge(body: BadgeSignIn, act: ActDep) -> Response:
    """Signs a person in at a shared post; who was signed in there before is signed out. The session works for the
    post's organisation and ends after 15 minutes without use.

    Refused: `POST_NOT_ENROLLED` 403; `SIGN_IN_REFUSED` 401, the same for an unknown badge and a wrong PIN;
    `SIGN_IN_SLOWED` 429 after five failures of a badge at a post; `NO_MEMBERSHIP` 403.
    """
    house, secret = house_of(act.request), new_token()
    attempt = await _proved(act, body)
    if attempt is None:
        raise BadgeRefused
    step = await act.database.run(everywhere(act.principal), service.accept, attempt, secret, _reader(act))
    house.parts.callers.forget_sid(act.principal.sid)
    answer = Response(Next(next=step).model_dump_json(), media_type="application/json")
    return set_session(answer, house, secret, PROFESSIONAL.absolute.total_seconds())


async def step_up_by_badge(act: Act, body: BadgeSignIn) -> None:
    """The person of the session proves badge and PIN afresh. Refused: `SECOND_FACTOR_REFUSED` for anybody else's."""
    if act.principal.person_id is None:
        raise NotAllowed
    attempt = await _proved(act, body, act.principal.person_id)
    if attempt is None:
        raise SecondFactorRefused
    await act.database.run(everywhere(act.principal), service.step_up, attempt)


async def _proved(act: Act, body: BadgeSignIn, only: UUID | None = None) -> Attempt | None:
    """Badge and PIN at this post; None, and the failure is counted, when they do not match or are not those of the
    person `only`."""
    who, reader = everywhere(act.principal), _reader(act)
    attempt = await act.database.run(who, service.begin, _device(act), body.badge, reader)
    right = await passwords.matches(attempt.pin_hash, reader.pin(attempt.person_id, typed_digits(body.pin)))
    if right and attempt.active and only in (None, attempt.person_id):
        return attempt
    await act.database.run(who, service.refuse, attempt)
    return None


def _reader(act: Act) -> Reader:
    """What judges badges here."""
    house = house_of(act.request)
    return Reader(house.signer, house.settings)


def _device(act: Act) -> str | None:
    return cookies.sent(act.request.scope, house_of(act.request).parts.rules.device)
