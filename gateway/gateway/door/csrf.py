"""Requests that another site made a browser send: refused before anything runs (design: gateway 3.5)."""

import hmac
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from gateway.door.cookies import is_loopback
from gateway.door.headers import Header, one
from maillage.refusals import CsrfRefused

UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_FORMS: Final = (b"application/x-www-form-urlencoded", b"multipart/form-data")


def own_origins(public_url: str) -> frozenset[bytes]:
    """The origins that are ours. On loopback the three names of this machine count as one."""
    parts = urlsplit(public_url)
    hosts = [parts.hostname or ""]
    if is_loopback(hosts[0]):
        hosts = ["localhost", "127.0.0.1", "[::1]"]
    default = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return frozenset(f"{parts.scheme}://{host}{port}".encode() for host in hosts)


def is_form(headers: Iterable[Header]) -> bool:
    """Whether a browser could have sent it as a plain form."""
    return (one(headers, b"content-type") or b"").lower().startswith(_FORMS)


def check_origin(headers: list[Header], ours: frozenset[bytes], *, needed: bool) -> None:
    """`Origin` must be ours; `null` and foreign are refused. Missing, with a cookie: `Sec-Fetch-Site` must say
    same-origin."""
    origin = one(headers, b"origin")
    if origin is not None:
        if origin not in ours:
            raise CsrfRefused
    elif needed and one(headers, b"sec-fetch-site") != b"same-origin":
        raise CsrfRefused


def check_token(headers: list[Header], expected: str) -> None:
    """`X-CSRF-Token` must be the one of this session or visitor. Compared in constant time."""
    if not hmac.compare_digest(one(headers, b"x-csrf-token") or b"", expected.encode()):
        raise CsrfRefused


def check(path: str, headers: list[Header], expected: str, ours: frozenset[bytes]) -> None:
    """For a request with one of our cookies and an unsafe method.

    Forms of patients and of sign-in carry the token as a field, which their service compares with the claim `csrf`:
    here their
    origin decides. A script proves the token in its header, and then may come without `Origin` (a command line has
    none).
    """
    if is_form(headers) and path.startswith(("/rdv", "/auth/")):
        check_origin(headers, ours, needed=True)
    else:
        check_origin(headers, ours, needed=False)
        check_token(headers, expected)
