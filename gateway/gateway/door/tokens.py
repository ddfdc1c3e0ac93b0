"""Internal tokens: what a service is told of the caller, signed for that service alone (design: gateway 3.5)."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from joserfc import jwt

from gateway import permissions
from gateway.keys.service import SigningKey
from gateway.permissions import Delegation
from maillage import clock
from maillage.ids import new_id

LIVES_S: Final = 30
REUSED_S: Final = 10
Claims = dict[str, object]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the door resolved it. `key` names the session or visitor; it is never sent anywhere."""

    key: str
    kind: str
    sub: str
    role: str
    csrf: str
    membership: UUID | None = None
    org: UUID | None = None
    delegations: tuple[Delegation, ...] = ()
    contact: tuple[str, str] | None = None
    visitor: str | None = None
    sid: str | None = None
    acr: int = 0
    amr: tuple[str, ...] = ()
    auth_time: int | None = None
    memberships: int = 0
    """How many memberships a professional without context could choose from."""

    def claims(self, service: str, orgs: frozenset[UUID] | None) -> Claims:
        """The members of the token, beside its times and number. Orgs `*` means all of the territory."""
        said: Claims = {
            "sub": self.sub,
            "kind": self.kind,
            "role": self.role,
            "perms": dict(permissions.held(self.role, service)) if self.role else {},
            "acr": self.acr,
            "amr": list(self.amr),
            "csrf": self.csrf,
            "membership": str(self.membership) if self.membership else None,
            "org": str(self.org) if self.org else None,
            "orgs": sorted(map(str, orgs)) if orgs is not None else "*",
            "contact": {"channel": self.contact[0], "value": self.contact[1]} if self.contact else None,
            "visitor": self.visitor,
            "sid": self.sid,
            "auth_time": self.auth_time,
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(slots=True)
class KeyRing:
    """The published keys in memory; refreshed by the door, so that signing asks the base nothing."""

    keys: Sequence[SigningKey] = field(default_factory=tuple)

    def signing(self) -> SigningKey:
        """The newest key that may sign now; the last one stays when the base has been away for a day."""
        now = clock.now()
        ready = [key for key in self.keys if key.signs_from <= now]
        return max(ready or self.keys, key=lambda key: key.signs_from)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public half, for `/.well-known/jwks.json`."""
        return {"keys": [key.public for key in self.keys]}


class Minter:
    """Makes tokens, and gives the same one again for ten seconds: no signature per request in steady state."""

    def __init__(self, ring: KeyRing, monotonic: Callable[[], float] = time.monotonic, capacity: int = 20_000) -> None:
        self._ring = ring
        self._monotonic = monotonic
        self._capacity = capacity
        self._made: OrderedDict[tuple[object, ...], tuple[float, str]] = OrderedDict()

    def token(self, caller: Caller, service: str, orgs: frozenset[UUID] | None, ip: str) -> str:
        """A token for this service. A caller whose rights changed is another `Caller`, hence another token."""
        at = self._monotonic()
        key = (caller, service, orgs, ip)
        made = self._made.get(key)
        if made is not None and made[0] > at:
            return made[1]
        token = self._sign({**caller.claims(service, orgs), "ip": ip}, service)
        self._made[key] = (at + REUSED_S, token)
        self._made.move_to_end(key)
        while len(self._made) > self._capacity or (self._made and next(iter(self._made.values()))[0] <= at):
            self._made.popitem(last=False)
        return token

    def _sign(self, claims: Mapping[str, object], service: str) -> str:
        key = self._ring.signing()
        now = int(clock.now().timestamp())
        times = {"iss": "maillage-gateway", "aud": service, "iat": now, "exp": now + LIVES_S, "jti": str(new_id())}
        return jwt.encode({"alg": "ES256", "kid": key.kid}, {**times, **claims}, key.private)
