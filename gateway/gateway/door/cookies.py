"""Cookies of the door: the session's secret, and the visitor's signed ticket that no row stands behind."""

import base64
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

from maillage import clock

TICKET_S: Final = 7200
TICKET_RENEWED_AFTER_S: Final = 1800
_MAC_BYTES: Final = 16
_USES: Final = (
    "ticket",
    "csrf",
    "contact",
    "code",
    "login",
    "attempt",
    "certificate",
    "recovery",
    "access",
    "device",
    "badge",
    "pin",
    "turn",
)


class InsecureAddress(RuntimeError):
    """Cookies over plain http are only for this machine: any other public address must be https."""


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class CookieRules:
    """Names and attributes that follow from the public address."""

    secure: bool

    @classmethod
    def of(cls, public_url: str) -> "CookieRules":
        """Refuses to start over plain http unless the address is loopback (design: gateway 3.5)."""
        parts = urlsplit(public_url)
        if parts.scheme == "https":
            return cls(secure=True)
        if parts.scheme == "http" and is_loopback(parts.hostname or ""):
            return cls(secure=False)
        raise InsecureAddress("the public address must be https, or http on this machine only")

    @property
    def session(self) -> str:
        """Name of the session's cookie."""
        return "__Host-session" if self.secure else "session"

    @property
    def visitor(self) -> str:
        """Name of the visitor's cookie."""
        return "__Host-visitor" if self.secure else "visitor"

    @property
    def sign_in(self) -> str:
        """Name of the cookie that binds a half-done sign-in to its browser."""
        return "__Host-sign-in" if self.secure else "sign-in"

    @property
    def way(self) -> str:
        """Name of the cookie that binds a sign-in under way at another issuer to its browser."""
        return "__Host-way" if self.secure else "way"

    @property
    def device(self) -> str:
        """Name of the cookie by which a device is known: a person's own, a shared post."""
        return "__Host-device" if self.secure else "device"

    @property
    def turn(self) -> str:
        """Name of the cookie with a number of the waiting room."""
        return "__Host-turn" if self.secure else "turn"

    def set(self, name: str, value: str, max_age_s: int | None = None) -> str:
        """A `Set-Cookie` value; without age it ends with the browser."""
        age = "" if max_age_s is None else f"; Max-Age={max_age_s}"
        return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{'; Secure' if self.secure else ''}"

    def clear(self, name: str) -> str:
        """A `Set-Cookie` value that removes it."""
        return self.set(name, "", 0)


def parse(header: bytes, name: str) -> str | None:
    """The value of one cookie; None when absent or sent twice with two values (somebody planted one)."""
    found: str | None = None
    for part in header.decode("latin-1").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            if found is not None and found != value:
                return None
            found = value
    return found


def sent(scope: Scope, name: str) -> str | None:
    """The value of a cookie for the own API, whose headers hold none: the door hands them over beside."""
    header: bytes = scope.get("maillage.cookies", b"")
    return parse(header, name) if header else None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A visitor: an id that means nothing, and since when."""

    visitor_id: str
    issued_at: int
    entered: bool = False
    """Whether the visitor has passed the waiting room."""

    def fresh(self, at: float | None = None) -> bool:
        """Whether it need not be renewed yet."""
        return (clock.now().timestamp() if at is None else at) - self.issued_at < TICKET_RENEWED_AFTER_S


class Signer:
    """Keyed hashes of the door, one derived key per use, so that a hash made for one is worthless for another."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("the gateway's key has at least 256 bits")
        self._keys = {use: hmac.digest(key, b"maillage:" + use.encode(), "sha256") for use in _USES}

    def mac(self, use: str, text: str) -> bytes:
        """HMAC-SHA-256 of a text for one use."""
        return hmac.new(self._keys[use], text.encode(), hashlib.sha256).digest()

    def ticket(self, ticket: Ticket) -> str:
        """The cookie's value."""
        body = f"{ticket.visitor_id}.{ticket.issued_at}{'.in' if ticket.entered else ''}"
        return f"{body}.{_text(self.mac('ticket', body)[:_MAC_BYTES])}"

    def read_ticket(self, value: str, at: float | None = None) -> Ticket | None:
        """The visitor of a cookie; None when it was not made here, or is over two hours old."""
        body, _, mac = value.rpartition(".")
        if not hmac.compare_digest(
            mac.encode("latin-1", "replace"), _text(self.mac("ticket", body)[:_MAC_BYTES]).encode()
        ):
            return None
        visitor_id, _, rest = body.partition(".")
        issued_at, _, entered = rest.partition(".")
        ticket = Ticket(visitor_id, int(issued_at), entered == "in")
        age = (clock.now().timestamp() if at is None else at) - ticket.issued_at
        return ticket if -60 <= age < TICKET_S else None

    def csrf(self, subject: str) -> str:
        """The token that forms and scripts of this session or visitor send back."""
        return _text(self.mac("csrf", subject)[:24])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
