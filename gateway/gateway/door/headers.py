"""Headers in both directions: what a caller may not say, what a service may not say, what every answer says."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal

Header = tuple[bytes, bytes]
PathKind = Literal["patient", "console", "api", "oauth", "auth", "static"]

# Hop-by-hop (RFC 9110 7.6.1), identity claims, and what the door itself writes or consumes.
_DROPPED_IN: Final = frozenset(
    b"connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding "
    b"upgrade host content-length expect forwarded x-real-ip x-request-id x-http-method-override x-method-override "
    b"x-http-method x-original-url x-rewrite-url x-csrf-token maillage-context cookie authorization traceparent "
    b"tracestate baggage origin referer sec-fetch-site sec-fetch-mode sec-fetch-dest sec-fetch-user "
    b"accept-encoding".split()
)
_DROPPED_IN_PREFIXES: Final = (b"x-forwarded-", b"x-user", b"client-cert", b"x-maillage-")
_DROPPED_OUT: Final = frozenset(
    b"connection keep-alive proxy-connection proxy-authenticate te trailer transfer-encoding upgrade server date "
    b"set-cookie x-powered-by x-request-id strict-transport-security content-security-policy x-content-type-options "
    b"referrer-policy cross-origin-opener-policy cross-origin-resource-policy permissions-policy "
    b"access-control-allow-origin access-control-allow-credentials".split()
)

_NO_SCRIPT: Final = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'none'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_NOTHING: Final = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_CONSOLE: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    b"connect-src 'self'%b; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_COMMON: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    # `no-referrer` would make browsers send `Origin: null` on form posts (Fetch standard): every form would be refused.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"microphone=(self)"),
)
_HSTS: Final[Header] = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_POLICY: Final[dict[PathKind, bytes]] = {
    "patient": _NO_SCRIPT,
    "auth": _NO_SCRIPT,
    "static": _NO_SCRIPT,
    "console": _CONSOLE,
    "api": _NOTHING,
    "oauth": _NOTHING,
}


_KINDS: Final[dict[str, PathKind]] = {
    "rdv": "patient",
    "auth": "auth",
    "oauth": "oauth",
    "console": "console",
    "api": "api",
    "fhir": "api",
    "epcis": "api",
    ".well-known": "api",
    "openapi.json": "api",
    "healthz": "api",
    "readyz": "api",
}
"""By the first word; all others are static."""


def kind_of(path: str) -> PathKind:
    """Which rules of the browser apply, by the first word of the path."""
    if path.startswith("/rdv/static/"):
        return "static"
    return _KINDS.get(path[1:].partition("/")[0], "static")


def security(kind: PathKind, *, https: bool, connect: Sequence[str] = ()) -> tuple[Header, ...]:
    """The headers every answer of this kind carries (design: gateway 10). `connect`: where else the console may."""
    policy = _POLICY[kind]
    if kind == "console":
        policy %= "".join(f" {address}" for address in connect).encode()
    lines = (*_COMMON, (b"content-security-policy", policy))
    return (*lines, _HSTS) if https else lines


class _Passing(dict[bytes, bytes | None]):
    """The name under which a header passes, None where it does not: decided once for each name, of which callers and
    services use a few. A caller who makes up names fills nothing but the room for them."""

    _MOST: Final = 512

    def __init__(self, rule: Callable[[bytes], bytes | None]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, name: bytes) -> bytes | None:
        passes = self._rule(name)
        if len(self) < self._MOST:
            self[name] = passes
        return passes


def _to_service(name: bytes) -> bytes | None:
    return None if name in _DROPPED_IN or name.startswith(_DROPPED_IN_PREFIXES) else name


def _from_service(name: bytes) -> bytes | None:
    return None if (key := name.lower()) in _DROPPED_OUT else key


_INWARDS: Final = _Passing(_to_service)
_OUTWARDS: Final = _Passing(_from_service)


def to_service(headers: Iterable[Header]) -> list[Header]:
    """What a service may hear of a caller's headers."""
    return [each for each in headers if _INWARDS[each[0]] is not None]


def from_service(headers: Sequence[Header], added: Iterable[Header], *, no_store: bool) -> list[Header]:
    """What a caller may hear of a service's headers, then what the door adds. `no-store` unless the service said
    otherwise."""
    out = [(key, value) for name, value in headers if (key := _OUTWARDS[name]) is not None]
    if no_store and b"cache-control" not in dict(out):
        out.append((b"cache-control", b"no-store"))
    out += added
    return out


def linked_trace(traceparent: bytes | None) -> str | None:
    """The caller's trace id when it is well formed, to be written beside ours in the access log."""
    parts = traceparent.split(b"-") if traceparent else []
    if len(parts) == 4 and len(parts[1]) == 32 and not parts[1].strip(b"0123456789abcdef") and parts[1].strip(b"0"):
        return parts[1].decode()
    return None


def one(headers: Iterable[Header], name: bytes) -> bytes | None:
    """The value of a header that may come once; the first if it comes twice."""
    for key, value in headers:
        if key == name:
            return value
    return None
