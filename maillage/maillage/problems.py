"""Every way a request can go wrong, as `application/problem+json` in the caller's language.

Nothing of the input is echoed.
"""

import json
from collections.abc import Mapping
from uuid import UUID

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from maillage import context
from maillage.database import Tx
from maillage.refusals import (
    FieldError,
    FieldNotAllowed,
    Invalid,
    MethodNotAllowed,
    NotFound,
    Refusal,
    TextInvalid,
    TimeInvalid,
    Unreadable,
    refusal_of,
)
from maillage.words import Words, preferred_language

log = structlog.get_logger()

_SENTENCES: Mapping[str, Words] = {
    "missing": Words("Ce champ est obligatoire.", "This field is required."),
    "string_too_long": Words("Ce texte est trop long.", "This text is too long."),
    "string_too_short": Words("Ce texte est trop court.", "This text is too short."),
    "too_long": Words("Cette liste est trop longue.", "This list is too long."),
    "too_short": Words("Cette liste est trop courte.", "This list is too short."),
    "enum": Words("Cette valeur n'est pas dans la liste permise.", "This value is not in the list allowed."),
    "literal_error": Words("Cette valeur n'est pas dans la liste permise.", "This value is not in the list allowed."),
    "uuid_parsing": Words("Ceci n'est pas un identifiant.", "This is not an identifier."),
}
_OTHER = Words(
    "Cette valeur n'est pas du type ou dans les limites attendus.",
    "This value is not of the type or within the limits expected.",
)


def _field(error: Mapping[str, object]) -> FieldError:
    where = error.get("loc")
    place = [str(part) for part in where] if isinstance(where, tuple | list) else []
    pointer = "".join(f"/{p.replace('~', '~0').replace('/', '~1')[:80]}" for p in place[1:])
    if place[:1] in (["query"], ["header"], ["path"]):
        pointer = f"?{place[1]}" if place[0] == "query" and len(place) > 1 else pointer.lstrip("/")
    kind = str(error.get("type"))
    refusal = refusal_of(kind)
    if refusal is not None:
        return FieldError(pointer, kind, refusal.detail)
    if kind == "extra_forbidden":
        return FieldError(pointer, FieldNotAllowed.code, FieldNotAllowed.detail)
    if kind.startswith(("datetime", "date_", "time_", "timezone")):
        return FieldError(pointer, TimeInvalid.code, TimeInvalid.detail)
    if kind == "string_unicode":  # a lone surrogate
        return FieldError(pointer, TextInvalid.code, TextInvalid.detail)
    if kind == "json_invalid":
        return FieldError("", Unreadable.code, Unreadable.detail)
    return FieldError(pointer, Invalid.code, _SENTENCES.get(kind, _OTHER))


def from_validation(errors: list[Mapping[str, object]]) -> Refusal:
    """The refusal for what Pydantic found: the code of the first error, and every field with its own.

    A malformed identifier in the path is an unknown thing: 404, the same as for a random one.
    """
    if any(isinstance(e.get("loc"), tuple | list) and list(e["loc"])[:1] == ["path"] for e in errors):  # type: ignore[call-overload]
        return NotFound()
    fields = [_field(error) for error in errors[:50]]
    return (refusal_of(fields[0].code) or Invalid)(errors=fields)


def problem_response(request: Request, refusal: Refusal) -> Response:
    """The refusal as RFC 9457, in the language of `Accept-Language`."""
    language = preferred_language(request.headers.get("accept-language"))
    body = json.dumps(refusal.problem(language, context.request_id.get()), ensure_ascii=False).encode()
    headers = {"Content-Language": language, "Cache-Control": "no-store", **refusal.headers}
    return Response(body, refusal.status, headers, "application/problem+json")


async def _note_forbidden_field(tx: Tx, pointers: str, organisation_id: UUID) -> None:
    """Someone tried to set what is not theirs: the attempt is in the audit, the value is not."""
    tx.audit("refused.field_not_allowed", "request", UUID(int=0), organisation_id, fields=pointers[:400])


async def _note_refusal(tx: Tx, code: str, path: str, method: str, subject: UUID) -> None:
    assert tx.principal.org is not None
    tx.audit(f"refused.{code.lower()}", "request", subject, tx.principal.org, method=method, path=path)


async def _audit_refusal(request: Request, refusal: Refusal) -> None:
    """Where the service keeps its refusals: what was refused to whom, about which record, in a transaction of its own
    (that of the act was rolled back). A reading is kept when it was out of reach."""
    act = getattr(request.state, "act", None)
    if act is None or not act.settings.REFUSALS_AUDITED or act.principal.org is None:
        return
    if refusal.status not in ((403, 404) if request.method == "GET" else (403, 404, 409, 412, 422)):
        return
    subject = next((UUID(str(each)) for each in request.path_params.values() if _is_id(each)), UUID(int=0))
    path = str(getattr(request.scope.get("route"), "path", ""))
    try:
        await act.database.run(act.principal, _note_refusal, refusal.code, path, request.method, subject)
    except Refusal as away:
        log.warning("refusal not audited", code=refusal.code, cause=away.code)


def _is_id(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    if error.status >= 500:
        log.warning("refused", code=error.code, cause=type(error.__cause__).__name__)
    await _audit_refusal(request, error)
    return problem_response(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    refusal = from_validation(list(error.errors()))
    act = getattr(request.state, "act", None)
    pointers = [e.pointer for e in refusal.errors if e.code == FieldNotAllowed.code]
    if act is not None and pointers and act.principal.org is not None:
        await act.database.run(act.principal, _note_forbidden_field, " ".join(pointers), act.principal.org)
    else:
        await _audit_refusal(request, refusal)
    return problem_response(request, refusal)


async def _by_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refusal: Refusal = {404: NotFound, 405: MethodNotAllowed, 400: Unreadable}.get(error.status_code, Invalid)()
    refusal.headers.update(error.headers or {})
    return problem_response(request, refusal)


class Unexpected(Refusal):
    """Our fault: logged with its trace, told without details."""

    code, status = "UNEXPECTED", 500
    title = Words("Le service a rencontré un problème", "The service met a problem")
    detail = Words(
        "Rien n'est perdu. Réessayez ; si cela continue, donnez la référence.",
        "Nothing is lost. Try again; if it goes on, give the reference.",
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    return problem_response(request, Unexpected())


def install(app: FastAPI) -> None:
    """Makes every refusal of the application a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(Exception, _unexpected)
