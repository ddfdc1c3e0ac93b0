"""HTTP of one-time codes: JSON for programs, plain forms for people without script."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, get_args
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.responses import RedirectResponse

from gateway.codes import contacts, domain, pages, service
from gateway.codes.errors import BadReturn, ChannelNotPossible, CodeChannelPaused, CodeExpired, CodeLimit, CodeWrong
from gateway.codes.pages import HOME
from gateway.codes.schemas import CodeAgain, CodeIn, CodeOut, CodeTyped
from gateway.codes.service import Desk, Outcome, Wanted
from gateway.platform import everywhere
from gateway.sessions.domain import PATIENT
from gateway.sessions.endpoints import house_of, set_session
from gateway.sessions.schemas import Next
from maillage.http import Act, ActDep, operation
from maillage.ids import new_token
from maillage.pages import read_form
from maillage.refusals import CsrfRefused, NotFound, Refusal, WrongMediaType

router = APIRouter(tags=["codes"])
M = TypeVar("M", bound=BaseModel)
_FORM = "application/x-www-form-urlencoded"


def _takes(model: type[BaseModel]) -> dict[str, object]:
    """The body in OpenAPI: the same fields as JSON or as a form (which adds `csrf`)."""
    schema = model.model_json_schema()
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema}, _FORM: {"schema": {"type": "object"}}},
        }
    }


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith(_FORM)


async def _json(request: Request, model: type[M]) -> M:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongMediaType
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as wrong:
        raise RequestValidationError([{**error, "loc": ("body", *error["loc"])} for error in wrong.errors()]) from None


def _desk(act: Act) -> Desk:
    house = house_of(act.request)
    return Desk(house.settings, house.signer, house.sealer)


def _visitor(act: Act) -> str:
    """Codes are bound to a visitor; a professional's session is its own."""
    visitor = act.principal.visitor or act.principal.sid
    if visitor is None:
        raise CsrfRefused
    return visitor


def _wanted(act: Act, channel: str, address: str, return_to: str | None) -> Wanted:
    if channel not in get_args(domain.Channel):
        raise ChannelNotPossible(("sms", "voice", "email"))
    if not domain.good_return(return_to):
        raise BadReturn
    known: domain.Channel = channel  # type: ignore[assignment]  # one of its members, as just checked
    contact, offered = contacts.possible(known, address)
    if contact is None:
        raise ChannelNotPossible(offered)
    return Wanted(known, contact, _visitor(act), act.language, return_to)


@router.post(
    "/auth/codes",
    status_code=202,
    response_model=CodeOut,
    openapi_extra={**operation("public", klass="critical", max_body=8_192), **_takes(CodeIn)},
)
async def ask(act: ActDep) -> Response:
    """Sends a one-time code of six digits by SMS, voice or e-mail; 202 before the provider is called. A form gets
    303 to the code page.

    Refused: `CHANNEL_NOT_POSSIBLE` 422 (with the channels that remain), `CODE_LIMIT` 429 (3 an hour and 10 a day per
    contact, 3 an hour per
    visitor, 30 an hour per address), `CODE_CHANNEL_PAUSED` 503, `BAD_RETURN` 400. The answer is the same for known
    and unknown contacts.
    """
    if _is_form(act.request):
        return await _ask_by_form(act)
    body = await _json(act.request, CodeIn)
    return await act.answer(
        service.ask, _desk(act), _wanted(act, body.channel, body.address, body.return_to), status=202
    )


async def _ask_by_form(act: Act) -> Response:
    visit = pages.visit_of(act, act.request)
    try:
        form = await read_form(act.request, act.principal.csrf)
    except CsrfRefused as refusal:
        return pages.problem_page(visit, refusal)
    channel, address, return_to = form.text("channel", 10), form.text("address"), form.text("return_to", 501) or HOME
    act.language = visit.language
    try:
        made = await act.run(service.ask, _desk(act), _wanted(act, channel, address, return_to))
    except (ChannelNotPossible, CodeLimit, CodeChannelPaused) as refusal:
        return pages.contact_page(visit, refusal, channel, address, return_to)
    except BadReturn as refusal:
        return pages.problem_page(visit, refusal)
    return RedirectResponse(visit.href(pages.code_path(made.id)), 303)


@router.get("/auth/codes/{id}", include_in_schema=True, openapi_extra=operation("public"))
async def page(id: UUID, act: ActDep) -> Response:
    """The page where the code is typed; for the visitor who asked for it only, else `NOT_FOUND`."""

    async def shown() -> Response:
        challenge = await act.read(service.read, id, _visitor(act))
        return pages.code_page(pages.visit_of(act, act.request), challenge, _contact(act, challenge["contact_sealed"]))

    return await _or_page(act, shown)


@router.post(
    "/auth/codes/{id}/check",
    response_model=Next,
    openapi_extra={**operation("public", klass="critical", max_body=8_192), **_takes(CodeTyped)},
)
async def check(id: UUID, act: ActDep) -> Response:
    """Proves the contact: a patient's session begins. A form gets 303 to the page it came from.

    Refused: `CODE_WRONG` 422 with `tries_left`; `CODE_EXPIRED` 410 after ten minutes, five tries or use; `NOT_FOUND`
    for another visitor.
    """
    if _is_form(act.request):
        return await _or_page(act, lambda: _check_by_form(act, id))
    body = await _json(act.request, CodeTyped)
    outcome, secret = await _try(act, id, body.code)
    if outcome.state == "verified":
        answer = Response(Next(next="done").model_dump_json(), media_type="application/json")
        return set_session(answer, house_of(act.request), secret, PATIENT.absolute.total_seconds())
    raise CodeWrong(outcome.tries_left) if outcome.state == "wrong" else CodeExpired()


async def _try(act: Act, challenge_id: UUID, typed: str) -> tuple[Outcome, str]:
    secret = new_token()
    outcome = await act.database.run(
        everywhere(act.principal), service.check, _desk(act), challenge_id, _visitor(act), typed, secret
    )
    return outcome, secret


async def _check_by_form(act: Act, challenge_id: UUID) -> Response:
    visit = pages.visit_of(act, act.request)
    form = await read_form(act.request, act.principal.csrf)
    outcome, secret = await _try(act, challenge_id, form.text("code", 64))
    if outcome.state == "verified":
        answer = RedirectResponse(visit.href(outcome.return_to or HOME), 303)
        return set_session(answer, house_of(act.request), secret, PATIENT.absolute.total_seconds())
    challenge = await act.read(service.read, challenge_id, _visitor(act))
    refusal: Refusal = CodeWrong(outcome.tries_left) if outcome.tries_left else CodeExpired()
    return pages.code_page(visit, challenge, _contact(act, challenge["contact_sealed"]), refusal, outcome.tries_left)


@router.post(
    "/auth/codes/{id}/again",
    status_code=202,
    response_model=CodeOut,
    openapi_extra={**operation("public", klass="critical", max_body=8_192), **_takes(CodeAgain)},
)
async def again(id: UUID, act: ActDep) -> Response:
    """Sends a new code to the same contact, perhaps by another channel, so that nothing is typed twice. Refused as
    the first request is."""
    if _is_form(act.request):
        return await _or_page(act, lambda: _again_by_form(act, id))
    body = await _json(act.request, CodeAgain)
    challenge = await act.read(service.read, id, _visitor(act))
    wanted = _wanted(act, body.channel, _contact(act, challenge["contact_sealed"]), challenge["return_to"])
    return await act.answer(service.ask, _desk(act), wanted, status=202)


async def _again_by_form(act: Act, challenge_id: UUID) -> Response:
    visit = pages.visit_of(act, act.request)
    form = await read_form(act.request, act.principal.csrf)
    challenge = await act.read(service.read, challenge_id, _visitor(act))
    contact = _contact(act, challenge["contact_sealed"])
    act.language = visit.language
    try:
        made = await act.run(
            service.ask, _desk(act), _wanted(act, form.text("channel", 10), contact, challenge["return_to"])
        )
    except (ChannelNotPossible, CodeLimit, CodeChannelPaused) as refusal:
        return pages.code_page(visit, challenge, contact, refusal)
    return RedirectResponse(visit.href(pages.code_path(made.id)), 303)


async def _or_page(act: Act, answer: Callable[[], Awaitable[Response]]) -> Response:
    """People get refusals as pages in their language."""
    try:
        return await answer()
    except (NotFound, CsrfRefused) as refusal:
        return pages.problem_page(pages.visit_of(act, act.request), refusal)


def _contact(act: Act, sealed: bytes) -> str:
    return house_of(act.request).sealer.open("contact", sealed).decode()
