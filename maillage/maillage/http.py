"""From HTTP to one use case and back.

An endpoint declares its permission with `operation(...)` and receives an `Act`: the caller, his language, and the two
ways to
run a use case. `answer` changes things, once per `Idempotency-Key`, and answers after COMMIT; `show` and `read` only
read.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Annotated, ParamSpec, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel, JsonValue

from maillage.database import Answer, Database, Key, UseCase
from maillage.principal import Principal
from maillage.refusals import KeyInvalid, NotAllowed, VersionUnreadable
from maillage.settings import ServiceSettings
from maillage.tokens import Verifier
from maillage.words import Language, preferred_language

P = ParamSpec("P")
R = TypeVar("R")

_KEY = re.compile(r'"?[\x21-\x7e]{1,200}"?')
_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


def operation(
    permission: str,
    *,
    klass: str = "normal",
    max_body: int = 262_144,
    timeout_s: float = 10,
    public_s: float | None = None,
    step_up_s: float | None = None,
) -> dict[str, JsonValue]:
    """What the gateway must know of an endpoint, carried by OpenAPI.

    `permission`: `noun.verb`, several joined by `|` (one is enough), or `public` (no proof asked), `self` (signed
    in), `signed`
    (proved by a token or signature that the endpoint checks). `klass`: critical, normal, bulk. `public_s`: how
    long an anonymous answer may be shared. `step_up_s`: a professional must have proved a second factor at most so
    long ago.
    """
    extra: dict[str, JsonValue] = {
        "x-permission": permission,
        "x-class": klass,
        "x-max-body": max_body,
        "x-timeout": timeout_s,
    }
    if public_s is not None:
        extra["x-public"] = public_s
    if step_up_s is not None:
        extra["x-step-up"] = step_up_s
    return extra


class Act:
    """One request by one caller."""

    def __init__(self, request: Request, principal: Principal, permission: str) -> None:
        self.request = request
        self.principal = principal
        self.permission = permission
        self.language: Language = preferred_language(request.headers.get("accept-language"))

    @property
    def database(self) -> Database:
        """The service's database."""
        database: Database = self.request.app.state.database
        return database

    @property
    def settings(self) -> ServiceSettings:
        """The service's settings."""
        settings: ServiceSettings = self.request.app.state.settings
        return settings

    async def read(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of a reading use case."""
        return await self.database.read(self.principal, use_case, *args, **kwargs)

    async def run(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of a changing use case, after COMMIT, without idempotency key: for forms."""
        return await self.database.run(self.principal, use_case, *args, **kwargs)

    async def show(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> Response:
        """The result of a reading use case as JSON, with its ETag; 304 when the caller has this version."""
        answer = _rendered(await self.database.read(self.principal, use_case, *args, **kwargs), 200)
        if answer.etag and answer.etag == self.request.headers.get("if-none-match"):
            return Response(status_code=304, headers={"ETag": answer.etag})
        return _response(answer)

    async def answer(self, use_case: UseCase[P, R], *args: P.args, status: int = 200, **kwargs: P.kwargs) -> Response:  # type: ignore[valid-type]
        """Runs a changing use case in one transaction and answers after COMMIT.

        Refused: `KEY_REUSED` 422 (same key, other request), `KEY_IN_USE` 409 (still running), `KEY_INVALID`
        400. A refusal is not kept: nothing happened.
        """
        render: Callable[[R], Answer] = lambda result: _rendered(result, status)  # noqa: E731
        answer = await self.database.answer(self.principal, await self._key(), render, use_case, *args, **kwargs)
        return _response(answer)

    async def _key(self) -> Key | None:
        value = self.request.headers.get("idempotency-key")
        if value is None:
            return None
        if not _KEY.fullmatch(value) or value == '""':
            raise KeyInvalid
        request = self.request
        print_ = hashlib.sha256(
            f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
        )
        return Key(self.principal.sub, value.strip('"'), print_.digest())

    def if_match(self) -> int | None:
        """The version named by `If-Match`; None without one or for `*`."""
        value = self.request.headers.get("if-match")
        if value is None or value.strip() == "*":
            return None
        match = _ETAG.fullmatch(value.strip())
        if match is None:
            raise VersionUnreadable
        return int(match[1])


def _rendered(result: object, status: int) -> Answer:
    """A wire type as bytes; its `version`, if it has one, is its entity tag."""
    if result is None:
        return Answer(204 if status == 200 else status, b"")
    if not isinstance(result, BaseModel):
        raise TypeError(f"a use case answers with a wire type, not {type(result).__name__}")
    version = getattr(result, "version", None)
    return Answer(status, result.model_dump_json().encode(), f'"{version}"' if isinstance(version, int) else None)


def _response(answer: Answer) -> Response:
    headers = {"ETag": answer.etag} if answer.etag else {}
    media = "application/json" if answer.body else None
    return Response(answer.body, answer.status, headers, media)


async def _act(request: Request) -> Act:
    """Verifies the caller and the permission that the endpoint declares, before anything of the body is judged."""
    declared = (getattr(request.scope.get("route"), "openapi_extra", None) or {}).get("x-permission")
    verifier: Verifier = request.app.state.verifier
    authorization = request.headers.get("authorization")
    if declared in ("public", "signed") and not authorization:
        principal = Principal(sub="visitor:", kind="visitor", orgs=None)
    else:
        principal = await verifier.principal(authorization)
    act = Act(request, principal, str(declared))
    request.state.act = act
    if declared in ("public", "signed", "self"):
        return act
    for permission in str(declared).split("|"):
        if principal.reach(permission) is not None:
            act.permission = permission
            return act
    raise NotAllowed


ActDep = Annotated[Act, Depends(_act)]
