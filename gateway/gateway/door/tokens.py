"""Internal tokens: what a service is told of the caller, signed for that service alone (design: gateway 3.5)."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from joserfc import jwt

from gateway import permissions
from gateway.door.routes import Operation
from gateway.keys.service import SigningKey
from gateway.permissions import Delegation, Reach
from maillage import clock
from maillage.ids import new_id

LIVES_S: Final = 30
REUSED_S: Final = 10
_MADE: Final = 64
Claims = dict[str, object]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the door resolved it. `key` names the session, token or visitor; it is never sent anywhere.

    What was decided for it and the tokens made for it are kept with it: they are worth nothing for a caller whose
    rights changed, who is another `Caller`.
    """

    key: str
    kind: str
    """professional, patient, visitor or partner."""
    sub: str
    role: str
    """Empty for a partner, and for a professional who has not chosen a context."""
    csrf: str
    grants: Mapping[str, Reach] = field(default_factory=dict, hash=False)
    """Full name of each permission held -> how far."""
    membership: UUID | None = None
    org: UUID | None = None
    delegations: tuple[Delegation, ...] = ()
    assigned: frozenset[UUID] | None = None
    """The clients whose events a telesecretary sees; None for everybody else, whom no assignment narrows."""
    contact: tuple[str, str] | None = None
    visitor: str | None = None
    sid: str | None = None
    device: UUID | None = None
    bound_ids: tuple[str, ...] = ()
    acr: int = 0
    """0 nothing proved, 1 one factor, 2 two factors or an eIDAS substantial identity."""
    amr: tuple[str, ...] = ()
    auth_time: int | None = None
    """When a factor was last proved."""
    x5t: str | None = None
    """A partner's token that works only with this certificate (`x5t#S256`)."""
    decisions: "dict[Operation, Decision]" = field(default_factory=dict, compare=False, repr=False)
    made: dict[tuple[object, ...], tuple[float, float, str]] = field(default_factory=dict, compare=False, repr=False)

    def claims(self, service: str, orgs: frozenset[UUID] | None) -> Claims:
        """The members of the token, beside its times and number. Orgs `*` means all of the territory."""
        said: Claims = {
            "sub": self.sub,
            "kind": self.kind,
            "role": self.role or None,
            "perms": dict(permissions.of_service(self.grants, service)),
            "acr": self.acr,
            "amr": list(self.amr),
            "csrf": self.csrf,
            "membership": str(self.membership) if self.membership else None,
            "org": str(self.org) if self.org else None,
            "orgs": sorted(map(str, orgs)) if orgs is not None else "*",
            "contact": {"channel": self.contact[0], "value": self.contact[1]} if self.contact else None,
            "visitor": self.visitor,
            "sid": self.sid,
            "device": str(self.device) if self.device else None,
            "bound": list(self.bound_ids) or None,
            "auth_time": self.auth_time,
        }
        return {name: value for name, value in said.items() if value is not None}


class Decision(NamedTuple):
    """What a caller may do with one operation: the permissions granted, and the organisations they reach."""

    granted: tuple[str, ...]
    orgs: frozenset[UUID] | None


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

    def __init__(self, ring: KeyRing, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ring = ring
        self._monotonic = monotonic

    def token(self, caller: Caller, service: str, orgs: frozenset[UUID] | None, ip: str) -> str:
        """A token for this service."""
        at = self._monotonic()
        key = (service, orgs, ip)
        made = caller.made.get(key)
        wall = clock.now().timestamp()
        if made is not None and made[0] > at and made[1] > wall:
            return made[2]
        if len(caller.made) > _MADE:
            caller.made.clear()
        token = self._sign({**caller.claims(service, orgs), "ip": ip}, service)
        # By both clocks: that of the machine stands still while it sleeps, and services go by the wall's.
        caller.made[key] = (at + REUSED_S, wall + REUSED_S, token)
        return token

    def _sign(self, claims: Mapping[str, object], service: str) -> str:
        key = self._ring.signing()
        now = int(clock.now().timestamp())
        times = {"iss": "maillage-gateway", "aud": service, "iat": now, "exp": now + LIVES_S, "jti": str(new_id())}
        return jwt.encode({"alg": "ES256", "kid": key.kid}, {**times, **claims}, key.private)
