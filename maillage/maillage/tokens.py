"""Verification of the gateway's internal token (ES256 JWT, 30 s). A service believes nothing else about its caller.

Source: design of the gateway, 3.5. Claims: iss, aud, exp, sub, kind, role, org, orgs ("*" = all), perms, contact,
visitor, csrf, acr, amr, auth_time, bound, sid, ip.
"""

import asyncio
import json
import time
from collections import OrderedDict
from uuid import UUID

import httpx
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from maillage import clock
from maillage.principal import Contact, Kind, Principal
from maillage.refusals import NotSignedIn, ServiceUnavailable
from maillage.settings import ServiceSettings

ISSUER = "maillage-gateway"
_LARGEST = 8192
_REMEMBERED = 4096


class _Contact(BaseModel):
    channel: str
    value: str


class _Claims(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=False)

    iss: str
    aud: str
    exp: int
    sub: str
    kind: Kind
    role: str | None = None
    org: UUID | None = None
    orgs: list[UUID] | str = []
    perms: dict[str, str] = {}
    contact: _Contact | None = None
    visitor: str | None = None
    sid: str | None = None
    ip: str | None = None
    csrf: str | None = None
    acr: int = 0
    amr: list[str] = []
    auth_time: int | None = None
    bound: list[str] = []

    def principal(self) -> Principal:
        """The caller, as the rest of the service sees it."""
        contact = Contact(self.contact.channel, self.contact.value) if self.contact else None  # type: ignore[arg-type]
        return Principal(
            sub=self.sub,
            kind=self.kind,
            role=self.role,
            org=self.org,
            orgs=None if self.orgs == "*" else frozenset(UUID(str(org)) for org in self.orgs),
            perms=self.perms,
            contact=contact,
            visitor=self.visitor,
            sid=self.sid,
            ip=self.ip,
            csrf=self.csrf,
            acr=self.acr,
            amr=tuple(self.amr),
            auth_time=self.auth_time,
            bound_ids=tuple(self.bound),
        )


class Verifier:
    """Turns a token into a principal, and remembers it until it ends: the gateway sends the same one for 10 s."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._keys: KeySet | None = KeySet.import_key_set(json.loads(settings.jwks)) if settings.jwks else None
        self._read_at = 0.0
        self._reading = asyncio.Lock()
        self._known: OrderedDict[str, tuple[int, Principal]] = OrderedDict()

    async def principal(self, authorization: str | None) -> Principal:
        """Who calls. Refused: `NOT_SIGNED_IN` for anything but one fresh, well-signed token made for this service."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > _LARGEST:
            raise NotSignedIn
        now = clock.now().timestamp()
        known = self._known.get(token)
        if known is not None and known[0] > now:
            return known[1]
        claims = await self._verified(token)
        if claims.iss != ISSUER or claims.aud != self._settings.SERVICE or claims.exp <= now or claims.exp > now + 120:
            raise NotSignedIn
        try:
            principal = claims.principal()
        except ValueError as wrong:
            raise NotSignedIn from wrong
        self._known[token] = (claims.exp, principal)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return principal

    async def _verified(self, token: str) -> _Claims:
        for fresh in (False, True):
            keys = await self._key_set(fresh)
            try:
                return _Claims.model_validate_json(jws.deserialize_compact(token, keys, algorithms=["ES256"]).payload)
            except (JoseError, ValidationError, ValueError) as wrong:
                if fresh or self._settings.jwks:
                    raise NotSignedIn from wrong
        raise NotSignedIn

    async def _key_set(self, fresh: bool) -> KeySet:
        """The gateway's public keys; read again for an unknown one, once a second at most."""
        async with self._reading:
            if self._keys is None or (fresh and time.monotonic() - self._read_at > 1.0):
                try:
                    async with httpx.AsyncClient(timeout=2) as client:
                        answer = (await client.get(self._settings.jwks_url)).raise_for_status()
                    self._keys = KeySet.import_key_set(answer.json())
                except (httpx.HTTPError, ValueError) as away:
                    if self._keys is None:
                        raise ServiceUnavailable from away
                self._read_at = time.monotonic()
        if self._keys is None:
            raise ServiceUnavailable
        return self._keys
