"""HTTP of machines' tokens (RFC 6749, 7009, 7523, 8705). Refusals are RFC 6749's JSON, not problem+json."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Response

from gateway.door.address import counted_address
from gateway.partners import assertions, domain, tokens
from gateway.partners.assertions import Assertion
from gateway.partners.certificates import CERTIFICATE, Certificate
from gateway.partners.errors import (
    InvalidClient,
    InvalidRequest,
    InvalidScope,
    TokenSlowed,
    UnsupportedGrantType,
    oauth_body,
)
from gateway.partners.keys import believed
from gateway.partners.queries import Row
from gateway.partners.schemas import TokenOut
from gateway.partners.service import token_url
from gateway.partners.tokens import Proof
from gateway.parts import House
from gateway.sessions.endpoints import house_of
from maillage.http import Act, ActDep, operation
from maillage.ids import hash_token, new_token
from maillage.principal import Principal
from maillage.refusals import Refusal

router = APIRouter()
PREFIX: Final = "mt_"
_BEARER: Final = "Bearer"
_FORM: Final = "application/x-www-form-urlencoded"
_NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_ERROR: Final[dict[str, object]] = {
    "description": "RFC 6749 5.2",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
                "required": ["error"],
            }
        }
    },
}
_REFUSALS: Final[dict[int | str, dict[str, object]]] = dict.fromkeys((400, 401, 405, 413, 415, 429, 503), _ERROR)


def _takes(*fields: str) -> dict[str, object]:
    """The form in OpenAPI."""
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in fields}, "required": [fields[0]]}
    return {"requestBody": {"required": True, "content": {_FORM: {"schema": schema}}}}


@router.post(
    "/oauth/token",
    response_model=TokenOut,
    responses=_REFUSALS,
    openapi_extra={
        **operation("public", klass="critical", max_body=16_384),
        **_takes("grant_type", "client_assertion_type", "client_assertion", "scope"),
    },
)
async def give_token(act: ActDep) -> Response:
    """A token for 300 s, for an assertion that the client signed (`private_key_jwt`, SMART Backend Services).

    With a certificate of the client on the connection, the token works with that certificate alone. Refused:
    `invalid_client` 401 whatever is wrong with the assertion, `invalid_scope` 400, `unsupported_grant_type` 400,
    `invalid_request` 400; `temporarily_unavailable` 429 after 10 refusals a minute, 20 an hour, 30 from one address.
    """
    return await _answered(act, _give)


@router.post(
    "/oauth/revoke",
    responses=_REFUSALS,
    openapi_extra={
        **operation("public", klass="critical", max_body=16_384),
        **_takes("token", "token_type_hint", "client_assertion_type", "client_assertion"),
    },
)
async def revoke_token(act: ActDep) -> Response:
    """Ends a token of the calling client (RFC 7009); 200 also when it had ended. The assertion is the same as for
    `/oauth/token`, its audience too. Refused: `invalid_client` 401, `invalid_request` 400."""
    return await _answered(act, _take_back)


async def _answered(act: Act, work: Callable[[Act, Mapping[str, str]], Awaitable[bytes]]) -> Response:
    try:
        body = await work(act, await _form(act))
    except Refusal as refusal:
        headers = {**_NO_STORE, **refusal.headers}
        return Response(oauth_body(refusal), refusal.status, headers, "application/json")
    return Response(body, 200, _NO_STORE, "application/json" if body else None)


async def _form(act: Act) -> Mapping[str, str]:
    """The fields; each once, as RFC 6749 3.2 asks. Empty ones count as left out."""
    if act.request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise InvalidRequest
    try:
        text = (await act.request.body()).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise InvalidRequest from None
    if len({name for name, _ in pairs}) < len(pairs):
        raise InvalidRequest
    return {name: value for name, value in pairs if value}


async def _give(act: Act, form: Mapping[str, str]) -> bytes:
    if "grant_type" not in form:
        raise InvalidRequest
    if form["grant_type"] != "client_credentials":
        raise UnsupportedGrantType
    client, assertion, proof = await _proved(act, form)
    found = domain.granted(form.get("scope"), client["scopes"])
    if found is None:
        await _refuse(act, assertion.client_id, "SCOPE_BEYOND_GRANT")
        raise InvalidScope
    scope, permissions = found
    certificate: Certificate | None = act.request.scope.get(CERTIFICATE)
    bound = certificate is not None and certificate.among(client["certificates"])
    secret = PREFIX + new_token()
    code = await act.database.run(
        _machine(act, assertion.client_id),
        tokens.give,
        proof,
        secret,
        sorted(permissions),
        certificate.thumbprint if certificate and bound else None,
    )
    await _check(act, assertion.client_id, code)
    lives = int(domain.TOKEN_LIVES.total_seconds())
    told = TokenOut(access_token=secret, token_type=_BEARER, expires_in=lives, scope=scope)
    return told.model_dump_json().encode()


async def _take_back(act: Act, form: Mapping[str, str]) -> bytes:
    if "token" not in form:
        raise InvalidRequest
    _, assertion, proof = await _proved(act, form)
    token_hash = hash_token(form["token"])
    code = await act.database.run(_machine(act, assertion.client_id), tokens.take_back, proof, token_hash)
    await _check(act, assertion.client_id, code)
    house_of(act.request).parts.callers.forget(token_hash)
    return b""


async def _proved(act: Act, form: Mapping[str, str]) -> tuple[Row, Assertion, Proof]:
    """The client behind an assertion. Every failure is the same `invalid_client`; the client keeps why."""
    if form.get("client_assertion_type") != assertions.TYPE or "client_secret" in form:
        raise InvalidClient
    assertion = assertions.read(form.get("client_assertion", ""))
    if form.get("client_id", str(assertion.client_id)) != str(assertion.client_id):
        raise InvalidClient
    house: House = house_of(act.request)
    client = await house.partner_keys.client(assertion.client_id, assertion.kid)
    keys = believed(client) if client is not None else []
    url = client["jwks_url"] if client is not None else None
    code = assertions.fault(assertion, keys, url, token_url(house.settings))
    if code == "KID_UNKNOWN" and url is not None and not keys:
        code = "KEYS_UNREACHABLE"
    if code is None and client is not None and not client["live"]:
        code = "CLIENT_SUSPENDED"
    await _check(act, assertion.client_id, code)
    key = assertions.key_of(assertion, keys)
    assert client is not None
    assert key is not None
    proof = Proof(
        client["id"], client["organisation_id"], client["version"], key.thumbprint, assertion.jti, assertion.ends
    )
    return client, assertion, proof


async def _check(act: Act, client_id: UUID, code: str | None) -> None:
    if code is not None:
        await _refuse(act, client_id, code)
        raise InvalidClient


async def _refuse(act: Act, client_id: UUID, code: str) -> None:
    """Counted by client and address together, and by address: nobody can lock a client out from elsewhere."""
    signer = house_of(act.request).signer
    address = counted_address(act.principal.ip or "")
    pair = signer.mac("attempt", f"token:{client_id} {address}")
    wait_s = await act.database.run(
        _machine(act, client_id), tokens.refuse, client_id, code, pair, signer.mac("attempt", f"token:{address}")
    )
    if wait_s:
        raise TokenSlowed(wait_s)


def _machine(act: Act, client_id: UUID) -> Principal:
    """Who acts, in the audit: the client, whether or not it has proved to be."""
    return replace(act.principal, sub=f"client:{client_id}", kind="partner", role=None, orgs=None, sid=None)
