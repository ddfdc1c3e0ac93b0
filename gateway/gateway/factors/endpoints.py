"""HTTP of second factors. Nothing here is kept for a repeated key: the answers hold secrets, and a code works once."""

from fastapi import APIRouter, Response

from gateway.badges.endpoints import step_up_by_badge
from gateway.badges.schemas import BadgeSignIn
from gateway.devices import known
from gateway.door import cookies
from gateway.factors import service
from gateway.factors.errors import SecondFactorRefused
from gateway.factors.schemas import CodeIn, Enrolled, EnrolmentOut, FactorsOut, RecoveryCodes, StepUpDone
from gateway.factors.service import Desk, Way
from gateway.platform import everywhere
from gateway.sessions.domain import FRESH_S, PROFESSIONAL
from gateway.sessions.endpoints import house_of, next_step, set_session
from gateway.sessions.schemas import Next
from maillage.http import ActDep, operation
from maillage.ids import new_token
from maillage.wire import Wire

router = APIRouter(tags=["factors"])
CODE = operation("public", klass="critical", max_body=2_048)


def _desk(act: ActDep) -> Desk:
    house = house_of(act.request)
    return Desk(house.settings, house.signer, house.sealer)


def _waiting(act: ActDep) -> str | None:
    """The secret of a half-done sign-in in this browser."""
    return cookies.sent(act.request.scope, house_of(act.request).parts.rules.sign_in)


def _shown_once(body: Wire) -> Response:
    return Response(body.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.post("/auth/totp", response_model=Next, openapi_extra=CODE)
async def type_totp(body: CodeIn, act: ActDep) -> Response:
    """Finishes a sign-in with the code of the authenticator. Refused: `SECOND_FACTOR_REFUSED` 401 (wrong, or used
    already), `SIGN_IN_EXPIRED` 410 (5 minutes, 5 wrong codes, another browser), `SIGN_IN_SLOWED` 429."""
    return await _finish(act, "otp", body)


@router.post("/auth/recovery", response_model=Next, openapi_extra=CODE)
async def use_recovery_code(body: CodeIn, act: ActDep) -> Response:
    """Finishes a sign-in with a recovery code, which works once. Refused: as `/auth/totp`."""
    return await _finish(act, "recovery", body)


async def _finish(act: ActDep, way: Way, body: CodeIn) -> Response:
    secret = new_token()
    outcome = await act.database.run(
        everywhere(act.principal), service.finish, _desk(act), _waiting(act), way, body.code, secret
    )
    if outcome.step is None:
        raise SecondFactorRefused
    return await next_step(act, house_of(act.request), outcome.step, secret)


@router.post("/auth/step-up", response_model=StepUpDone, openapi_extra=operation("self", max_body=2_048))
async def step_up(body: CodeIn | BadgeSignIn, act: ActDep) -> Response:
    """Proves the caller's second factor afresh, for acts that ask for it: by the code of the authenticator or, at a
    shared post, by badge and PIN. Refused: `SECOND_FACTOR_REFUSED` 401 (somebody else's badge too), `NO_SECOND_FACTOR`
    409 (enrol one first), `POST_NOT_ENROLLED` 403, `SIGN_IN_SLOWED` 429 after five failures."""
    if isinstance(body, BadgeSignIn):
        await step_up_by_badge(act, body)
    elif not await act.database.run(everywhere(act.principal), service.step_up, _desk(act), body.code):
        raise SecondFactorRefused
    house_of(act.request).parts.callers.forget_sid(act.principal.sid)
    return _shown_once(StepUpDone())


@router.post("/auth/totp-enrolment", response_model=EnrolmentOut, openapi_extra=operation("public", max_body=2_048))
async def enrol_totp(act: ActDep) -> Response:
    """A new authenticator, to be confirmed within 15 minutes: to finish a sign-in that asked to `enrol`, or for who is
    signed in; the one before works on until then. Refused: `STEP_UP_REQUIRED` 403 (has one, not proved lately),
    `SIGN_IN_AGAIN` 403 (has none, and signed in more than 15 minutes ago), `SIGN_IN_EXPIRED` 410."""
    made = await act.database.run(everywhere(act.principal), service.begin_enrolment, _desk(act), _waiting(act))
    return _shown_once(made)


@router.post("/auth/totp-enrolment/confirm", response_model=Enrolled, openapi_extra=CODE)
async def confirm_totp(body: CodeIn, act: ActDep) -> Response:
    """The first code of the new authenticator makes it count, and tells ten recovery codes once. Who was signing in is
    signed in; who was signed in has a fresh second factor, and his other sessions end.
    Refused: `SECOND_FACTOR_REFUSED` 401, `NO_ENROLMENT` 409, and as the operation before."""
    house, secret = house_of(act.request), new_token()
    outcome = await act.database.run(
        everywhere(act.principal), service.confirm_enrolment, _desk(act), _waiting(act), body.code, secret
    )
    if outcome.step not in ("done", "context"):
        raise SecondFactorRefused
    answer = _shown_once(Enrolled(next=outcome.step, recovery_codes=list(outcome.codes)))
    house.parts.callers.forget_sid(act.principal.sid)
    if not outcome.opened:
        return answer
    answer.headers.append("set-cookie", house.parts.rules.clear(house.parts.rules.sign_in))
    set_session(answer, house, secret, PROFESSIONAL.absolute.total_seconds())
    return await known.remember(act, house, answer, secret)


@router.post(
    "/auth/recovery-codes",
    response_model=RecoveryCodes,
    openapi_extra=operation("self", step_up_s=FRESH_S, max_body=2_048),
)
async def make_recovery_codes(act: ActDep) -> Response:
    """Ten new recovery codes, shown once; those before end. Refused: `STEP_UP_REQUIRED` 403."""
    codes = await act.database.run(everywhere(act.principal), service.new_recovery_codes, _desk(act))
    return _shown_once(RecoveryCodes(recovery_codes=list(codes)))


@router.get("/auth/factors", response_model=FactorsOut, openapi_extra=operation("self"))
async def own_factors(act: ActDep) -> Response:
    """What stands between others and the caller's account: password, authenticator, recovery codes left."""
    return _shown_once(await act.database.read(everywhere(act.principal), service.overview))
