"""The calls to an issuer: its metadata and keys, the exchange of a code, who it says somebody is.

OpenID Connect Core 1.0 (3.1, code flow), Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (`iss` on the way back).
"""

import asyncio
import base64
import json
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import quote, urlencode

import aiohttp
import structlog
from joserfc import jwt

from gateway.oidc.checks import KeySet, Rules, check, keys_of
from gateway.oidc.config import Provider, load_signer, may_be_called
from gateway.oidc.domain import Claims, challenge
from gateway.oidc.errors import OidcState, OidcToken, ProviderAway
from maillage import clock
from maillage.ids import new_id

log = structlog.get_logger()
T = TypeVar("T")
METADATA_S: Final = 3600.0
KEPT_S: Final = 86_400.0
AWAY_S: Final = 2.0
KEYS_S: Final = 600.0
UNKNOWN_KID_S: Final = 60.0
WHOLE_S: Final = 9.0
_LARGEST: Final = 262_144
_USER_AGENT: Final = "Maillage"
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where an issuer is asked what."""

    authorization: str
    token: str
    userinfo: str
    jwks: str
    by_header: bool
    """Whether the client's secret goes into the `Authorization` header."""
    names_itself: bool
    """Whether it says who it is on the way back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser was sent to the issuer with. `fresh_since`: seconds since 1970 that the proof may not be older
    than."""

    state: str
    nonce: str
    verifier: str
    fresh_since: float | None = None


class Issuer:
    """One provider: its metadata are read once an hour, its keys every ten minutes, and once a minute at most for a
    key that is not among them."""

    def __init__(self, provider: Provider, redirect_uri: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.provider = provider
        self._redirect_uri = redirect_uri
        self._monotonic = monotonic
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._searched_at: float | None = None
        self._failed_at: float | None = None
        self._reading = asyncio.Lock()

    async def way_in(self, asked: Asked) -> str:
        """Where the browser is sent."""
        metadata = await self._bounded(self.metadata())
        said = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self.provider.scopes,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge(asked.verifier),
            "code_challenge_method": "S256",
        }
        if self.provider.acr_values:
            said["acr_values"] = self.provider.acr_values
        if asked.fresh_since is not None:
            said |= {"prompt": "login", "max_age": "0"}
        return f"{metadata.authorization}{'&' if '?' in metadata.authorization else '?'}{urlencode(said)}"

    async def proved(self, code: str, asked: Asked, came_from: str | None) -> Claims:
        """The claims about the person who signed in there; `acr` is the token's. Refused: `OIDC_STATE`, `OIDC_TOKEN`,
        `PROVIDER_AWAY`."""
        return await self._bounded(self._proved(code, asked, came_from))

    async def _proved(self, code: str, asked: Asked, came_from: str | None) -> Claims:
        metadata = await self.metadata()
        if came_from != self.provider.issuer and (came_from is not None or metadata.names_itself):
            raise self._not_valid("came from another issuer")
        id_token, access_token = await self._exchange(metadata, code, asked.verifier)
        claims = await self._read(metadata, id_token, asked)
        about = await self._about(metadata, access_token)
        if about.get("sub") != claims["sub"]:
            raise self._not_valid("userinfo about somebody else")
        return {**about, "sub": claims["sub"], "acr": claims.get("acr")}

    async def metadata(self) -> Metadata:
        """The issuer's metadata, read by one request for all that wait. Those of today serve on while it is away; while
        there are none, everybody is told so at once for some seconds."""
        async with self._reading:
            at = self._monotonic()
            known = self._metadata
            if known is not None and at - known[0] <= METADATA_S:
                return known[1]
            if self._failed_at is None or at - self._failed_at > AWAY_S:
                try:
                    known = self._metadata = at, await self._read_metadata()
                except ProviderAway:
                    self._failed_at = self._monotonic()
            if known is None or at - known[0] > KEPT_S:
                raise ProviderAway
            return known[1]

    async def _read_metadata(self) -> Metadata:
        """Read and checked: the issuer's name, and every address."""
        said = await self._json("GET", self.provider.address)
        if said.get("issuer") != self.provider.issuer:
            raise self._away("metadata of another issuer")
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Metadata(
            authorization=self._address(said, "authorization_endpoint"),
            token=self._address(said, "token_endpoint"),
            userinfo=self._address(said, "userinfo_endpoint"),
            jwks=self._address(said, "jwks_uri"),
            by_header=isinstance(methods, list) and "client_secret_basic" in methods,
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        )

    async def _read(self, metadata: Metadata, id_token: str, asked: Asked) -> Claims:
        rules = Rules(
            self.provider.issuer, self.provider.client_id, asked.nonce, clock.now().timestamp(), asked.fresh_since
        )
        for again in (False, True):
            keys = await self._key_set(metadata, again=again)
            try:
                return check(id_token, keys, rules)
            except LookupError:
                if again or not self._may_search():
                    raise self._not_valid("unknown key") from None
            except ValueError as wrong:
                raise self._not_valid(str(wrong)) from None
        raise AssertionError("the second turn returns or raises")

    def _may_search(self) -> bool:
        """Whether a key may be looked for again: once a minute, whatever tokens are sent."""
        at = self._monotonic()
        if self._searched_at is not None and at - self._searched_at < UNKNOWN_KID_S:
            return False
        self._searched_at = at
        return True

    async def _key_set(self, metadata: Metadata, *, again: bool) -> KeySet:
        at = self._monotonic()
        if again or self._keys is None or at - self._keys[0] > KEYS_S:
            self._keys = at, keys_of(await self._json("GET", metadata.jwks))
        return self._keys[1]

    async def _exchange(self, metadata: Metadata, code: str, verifier: str) -> tuple[str, str]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        headers: dict[str, str] = {}
        secret = self.provider.client_secret
        if secret is None:
            form |= {"client_assertion_type": _ASSERTION, "client_assertion": self._assertion(metadata.token)}
        elif metadata.by_header:
            pair = f"{quote(self.provider.client_id, safe='')}:{quote(secret.get_secret_value(), safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self.provider.client_id, "client_secret": secret.get_secret_value()}
        said = await self._json("POST", metadata.token, headers=headers, form=form, refused=OidcState)
        id_token, access_token = said.get("id_token"), said.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise self._not_valid("no token")
        return id_token, access_token

    def _assertion(self, audience: str) -> str:
        """`private_key_jwt` (RFC 7523), for issuers that know our key instead of a shared secret."""
        private = self.provider.private_key
        assert private is not None
        algorithm, key = load_signer(private)
        now, who = int(clock.now().timestamp()), self.provider.client_id
        header = {"alg": algorithm}
        if self.provider.private_key_id:
            header["kid"] = self.provider.private_key_id
        claims = {"iss": who, "sub": who, "aud": audience, "iat": now, "exp": now + 60, "jti": str(new_id())}
        return jwt.encode(header, claims, key)

    async def _about(self, metadata: Metadata, access_token: str) -> Claims:
        return await self._json(
            "GET", metadata.userinfo, headers={"Authorization": f"Bearer {access_token}"}, refused=OidcToken
        )

    async def _json(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        refused: Callable[[], Exception] = ProviderAway,
    ) -> Claims:
        """One call: no redirect, no proxy, bounded in time and size. `refused`: what a 400 or 401 means here."""
        time_limit = aiohttp.ClientTimeout(total=self.provider.timeout_s)
        told = {"Accept": "application/json", "User-Agent": _USER_AGENT, **(headers or {})}
        try:
            async with (
                aiohttp.ClientSession(timeout=time_limit, trust_env=False) as session,
                session.request(method, url, headers=told, data=form, allow_redirects=False) as answer,
            ):
                status, body = answer.status, await _whole(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as failed:
            raise self._away(type(failed).__name__) from None
        if status in (400, 401) and refused is not ProviderAway and _error(body) != "invalid_client":
            log.warning("sign-in refused by the issuer", provider=self.provider.id, status=status)
            raise refused()
        said = _object(body)
        if status != 200 or said is None:
            raise self._away(f"status {status}")
        return said

    def _address(self, said: Claims, name: str) -> str:
        value = said.get(name)
        if not isinstance(value, str) or not may_be_called(value):
            raise self._away(f"no usable {name}")
        return value

    async def _bounded(self, work: Coroutine[None, None, T]) -> T:
        """All calls of one step together: the door waits ten seconds."""
        try:
            return await asyncio.wait_for(work, WHOLE_S)
        except TimeoutError:
            raise self._away("too slow in all") from None

    def _away(self, why: str) -> ProviderAway:
        log.warning("issuer away", provider=self.provider.id, why=why)
        return ProviderAway()

    def _not_valid(self, why: str) -> OidcToken:
        log.warning("identity answer not accepted", provider=self.provider.id, why=why)
        return OidcToken()


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        body += chunk
        if len(body) > _LARGEST:
            raise aiohttp.ClientPayloadError("answer too large")
    return bytes(body)


def _object(body: bytes) -> Claims | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _error(body: bytes) -> object:
    return (_object(body) or {}).get("error")


class Issuers:
    """The configured providers, by id, in their order."""

    def __init__(self, providers: Sequence[Provider], public_url: str) -> None:
        redirect_uri = f"{public_url.rstrip('/')}/auth/callback"
        self._issuers = {each.id: Issuer(each, redirect_uri) for each in providers}

    def __iter__(self) -> Iterator[Issuer]:
        return iter(self._issuers.values())

    def find(self, provider: str | None) -> Issuer | None:
        """That one; without a name the only one there is."""
        if provider is None:
            return next(iter(self)) if len(self._issuers) == 1 else None
        return self._issuers.get(provider)
