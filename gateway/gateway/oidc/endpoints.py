"""HTTP of signing in with another issuer. Browsers navigate here: refusals come to them as pages."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from gateway.door import cookies
from gateway.oidc import domain, pages, returns, service
from gateway.oidc.errors import AcrTooLow, BadReturnPage, OidcRefused, OidcState, ProviderAway
from gateway.oidc.issuer import Asked, Issuer, Issuers
from gateway.oidc.schemas import Way, WayName, Ways
from gateway.oidc.service import Flow
from gateway.platform import everywhere
from gateway.sessions.domain import PROFESSIONAL
from gateway.sessions.endpoints import house_of, set_session
from gateway.sessions.service import Proof
from maillage.http import Act, ActDep, operation
from maillage.ids import new_token
from maillage.refusals import NotFound, NotSignedIn, Refusal

router = APIRouter(tags=["oidc"])
PASSWORD: Final = Way(
    id="password",
    kind="password",
    name=WayName(fr="Identifiant et mot de passe", en="Login and password"),
    href="/auth/password",
)
_AWAY: Final = frozenset({"server_error", "temporarily_unavailable"})
Short = Annotated[str | None, Query(max_length=2048)]
Code = Annotated[str | None, Query(max_length=6144)]


def issuers_of(request: Request) -> Issuers:
    """The configured providers."""
    return cast(Issuers, request.app.state.issuers)


@router.get("/auth/providers", response_model=Ways, openapi_extra=operation("public"))
async def providers(act: ActDep) -> Ways:
    """The ways to sign in: other issuers in the operator's order, then login and password."""
    return Ways(items=[*(_way(each) for each in issuers_of(act.request)), PASSWORD])


def _way(issuer: Issuer) -> Way:
    provider = issuer.provider
    name = WayName(fr=provider.name.fr, en=provider.name.en)
    return Way(id=provider.id, kind="oidc", name=name, href=f"/auth/login?provider={provider.id}")


@router.get(
    "/auth/login",
    status_code=302,
    response_class=RedirectResponse,
    openapi_extra=operation("public", klass="critical"),
)
async def login(
    act: ActDep, provider: Short = None, return_to: Short = None, origin: Short = None, step_up: bool = False
) -> Response:
    """Sends the browser to a provider; to `return_to` at once when it is signed in already.

    `return_to`: one of our own pages (`/console…`, `/docs`, `/rdv…`), where it comes back to; `origin` is added to it
    as it came, for the regional SAS platform appends it blindly to our address. `step_up=1`: the person of the present
    session proves it again. Other parameters are ignored. Refused: `BAD_RETURN` 400, `NOT_FOUND` 404 for a provider
    that is not configured, `PROVIDER_AWAY` 503.
    """
    back = return_to or returns.HOME
    again = None if return_to and not returns.good_return(return_to) else _again(provider, back, origin, step_up)
    return await _or_page(act, lambda: _send(act, provider, back, origin, step_up=step_up), again)


async def _send(act: Act, provider: str | None, back: str, origin: str | None, *, step_up: bool) -> Response:
    if not returns.good_return(back):
        raise BadReturnPage
    return_to = returns.with_origin(back, origin)
    person = act.principal.person_id
    if step_up and person is None:
        raise NotSignedIn
    if person is not None and not step_up:
        return RedirectResponse(return_to, 302, {"Cache-Control": "no-store"})
    issuer = issuers_of(act.request).find(provider)
    if issuer is None:
        raise NotFound
    house = house_of(act.request)
    asked = Asked(new_token(), new_token(), new_token(), fresh_since=0.0 if step_up else None)
    there = await issuer.way_in(asked)
    browser = cookies.sent(act.request.scope, house.parts.rules.way) or new_token()
    await act.database.run(
        everywhere(act.principal), service.send, house.sealer, browser, issuer.provider.id, asked, return_to,
        step_up=step_up,
    )  # fmt: skip
    answer = RedirectResponse(there, 302, {"Cache-Control": "no-store"})
    lives = int(domain.LIVES.total_seconds())
    answer.headers.append("set-cookie", house.parts.rules.set(house.parts.rules.way, browser, lives))
    return answer


@router.get(
    "/auth/callback",
    status_code=303,
    response_class=RedirectResponse,
    openapi_extra=operation("public", klass="critical"),
)
async def callback(
    act: ActDep, state: Short = None, code: Code = None, iss: Short = None, error: Short = None
) -> Response:
    """Where a provider sends the browser back: 303 to `return_to` with a new session.

    Refused: `OIDC_STATE` 400 (forged, used, older than 10 min, another browser), `OIDC_REFUSED` 403 (the provider said
    no), `OIDC_TOKEN` 403 (its answer is not for us), `ACR_TOO_LOW` 403, `NO_MEMBERSHIP` 403, `OIDC_OTHER_PERSON` 403
    (step-up), `PROVIDER_AWAY` 503.
    """
    again = "/auth/login" if issuers_of(act.request).find(None) else None
    return await _or_page(act, lambda: _back(act, state or "", code or "", iss, error), again)


async def _back(act: Act, state: str, code: str, iss: str | None, error: str | None) -> Response:
    house, who = house_of(act.request), everywhere(act.principal)
    browser = cookies.sent(act.request.scope, house.parts.rules.way)
    if not browser or not state:
        raise OidcState
    flow = await act.database.run(who, service.take, house.sealer, browser, state)
    secret = new_token()
    try:
        await _enter(act, flow, code, iss, error, secret)
    except Refusal as refusal:
        await act.database.run(who, service.note_refused, flow.provider, refusal.code)
        raise
    house.parts.callers.forget_sid(act.principal.sid)
    answer = RedirectResponse(flow.return_to, 303, {"Cache-Control": "no-store"})
    if flow.step_up_sid is not None:
        return answer
    return set_session(answer, house, secret, PROFESSIONAL.absolute.total_seconds())


async def _enter(act: Act, flow: Flow, code: str, iss: str | None, error: str | None, secret: str) -> None:
    issuer = issuers_of(act.request).find(flow.provider)
    if issuer is None:
        raise OidcState
    if error or not code:
        raise ProviderAway if error in _AWAY else OidcRefused
    fresh = flow.began_at.timestamp() if flow.step_up_sid is not None else None
    claims = await issuer.proved(code, Asked("", flow.nonce, flow.verifier, fresh), iss)
    provider, who = issuer.provider, everywhere(act.principal)
    level = provider.level(claims.get("acr"))
    if level < provider.least:
        raise AcrTooLow
    claimed = domain.read(provider.claims, provider.issuer, claims)
    proof = Proof(("psc" if provider.claims == "psc" else "oidc",), level)
    if flow.step_up_sid is not None:
        await act.database.run(who, service.step_up, claimed, proof)
    else:
        await act.database.run(who, service.sign_in, claimed, proof, secret)


def _again(provider: str | None, back: str, origin: str | None, step_up: bool) -> str:
    said = {"provider": provider, "return_to": back, "origin": origin, "step_up": "1" if step_up else None}
    return f"/auth/login?{urlencode({name: value for name, value in said.items() if value})}"


async def _or_page(act: Act, answer: Callable[[], Awaitable[Response]], again: str | None) -> Response:
    try:
        return await answer()
    except Refusal as refusal:
        if not pages.is_navigation(act.request):
            raise
        return pages.refused(act, refusal, again)
