"""A partner's machine at the door: its token, its certificate, and the token that works with that certificate only."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from gateway.door.callers import Callers
from gateway.door.cookies import Signer
from gateway.door.request import BadHeaders, Request, TwoCredentials
from gateway.door.tokens import Caller
from gateway.partners import certificates, tokens
from gateway.partners.certificates import CERTIFICATE, Certificate
from maillage.database import Database
from maillage.principal import system
from maillage.refusals import Refusal
from maillage.words import Words

STRANGER_S: Final = 5.0
"""How long a certificate that proves nobody is remembered as such: the base is not asked for each of its requests."""
_STRANGERS: Final = 10_000
_SYSTEM: Final = system("gateway")


class TokenInvalid(Refusal):
    """Unknown, ended or withdrawn, or bound to a certificate that did not come with it (RFC 6750, RFC 8705)."""

    code, status = "INVALID_TOKEN", 401
    title = Words("Jeton refusé", "Token refused")
    detail = Words("Demandez un nouveau jeton à /oauth/token.", "Ask /oauth/token for a new token.")

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


def bound(caller: Caller, request: Request) -> bool:
    """Whether a bound token came with its certificate (invariant G9)."""
    certificate = request.scope.get(CERTIFICATE)
    return caller.x5t is None or (isinstance(certificate, Certificate) and certificate.thumbprint == caller.x5t)


class Machines:
    """Finds the machine behind a request. `Client-Cert` is believed from trusted proxies alone: the peer's address is
    the socket's."""

    def __init__(
        self,
        callers: Callers,
        database: Database,
        signer: Signer,
        trusted: Sequence[IPv4Network | IPv6Network],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._callers, self._database, self._signer = callers, database, signer
        self._trusted, self._monotonic = trusted, monotonic
        self._strangers: OrderedDict[bytes, float] = OrderedDict()

    async def caller(self, request: Request, *, signed_in: bool) -> Caller | None:
        """The machine behind a token, a certificate, or both; None: neither came, or the certificate is no client's.

        Refused: `INVALID_TOKEN` 401, `TWO_CREDENTIALS` 400, `BAD_HEADERS` 400 for a certificate that cannot be read.
        """
        authorization = request.one.get(b"authorization")
        certificate = self._certificate(request)
        request.scope[CERTIFICATE] = certificate
        if authorization is not None and signed_in:
            raise TwoCredentials
        alone = await self._of_certificate(certificate) if certificate is not None else None
        if authorization is None:
            if alone is not None and signed_in:
                raise TwoCredentials
            return alone
        caller = await self._of_token(request, authorization)
        if alone is not None and alone.sub != caller.sub:
            raise TwoCredentials
        return caller

    async def _of_token(self, request: Request, authorization: bytes) -> Caller:
        scheme, _, secret = authorization.decode("latin-1").partition(" ")
        caller = await self._callers.token(secret.strip()) if scheme.lower() == "bearer" else None
        if caller is None or not bound(caller, request):
            raise TokenInvalid
        return caller

    def _certificate(self, request: Request) -> Certificate | None:
        """The certificate that the proxy saw, while it is within its dates."""
        value = request.one.get(b"client-cert")
        peer = request.scope.get("client")
        if value is None or not self._trusted or not peer:
            return None
        address = ip_address(peer[0])
        if not any(address in network for network in self._trusted):
            return None
        if sum(name == b"client-cert" for name, _ in request.headers) > 1:
            raise BadHeaders(headers={"Connection": "close"})
        certificate = certificates.read(value)
        if certificate is None:
            raise BadHeaders(headers={"Connection": "close"})
        return certificate if certificate.current() else None

    async def _of_certificate(self, certificate: Certificate) -> Caller | None:
        # Keyed, so that nobody finds a cookie or token whose hash is this one.
        key = self._signer.mac("certificate", certificate.thumbprint)
        seen = self._strangers.get(key)
        if seen is not None and self._monotonic() - seen < STRANGER_S:
            return None
        caller = await self._callers.resolved(key)
        if caller is None and await self._database.run(_SYSTEM, tokens.admit, certificate, key):
            caller = await self._callers.resolved(key)
        if caller is None:
            self._strangers[key] = self._monotonic()
            self._strangers.move_to_end(key)
            if len(self._strangers) > _STRANGERS:
                self._strangers.popitem(last=False)
        return caller
