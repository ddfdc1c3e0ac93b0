"""Calls to addresses that a partner chose: its keys, its webhooks. Nobody makes this process knock at a door inside.

An address is judged twice: its text when it is registered (`target`), and each of its IP addresses whenever a
connection is made; the connection then goes to the address that was judged. No redirect, no proxy, no cookie; a
bounded time and a bounded answer (OWASP: Server-Side Request Forgery Prevention).
"""

import asyncio
import json
import re
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, NoReturn

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from pydantic import JsonValue
from yarl import URL

from maillage.refusals import Refusal
from maillage.words import Words

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]
Resolve = Callable[[str], Awaitable[Sequence[str]]]
PORTS: Final = frozenset({443, 8443})
LARGEST_ANSWER: Final = 65_536
LONGEST_URL: Final = 2_000
_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*)?",
    re.IGNORECASE,
)
# What browsers take for an IPv4 address: any name whose last label is a number (WHATWG URL 3.5, "ends in a number").
_NUMBER: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)", re.IGNORECASE)
_UNICAST: Final = IPv6Network("2000::/3")
# Global by their bits, and yet ways to somewhere else: translated or tunnelled IPv4, relays, documentation.
_DETOURS: Final[Networks] = (
    IPv6Network("2001::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
    IPv4Network("192.88.99.0/24"),
)


class UrlRefused(Refusal):
    """An address that is not called: not https, another port than 443 or 8443, a user part, a literal address."""

    code, status = "URL_REFUSED", 422
    title = Words("Adresse non acceptée", "Address not accepted")
    detail = Words(
        "Donnez une adresse https publique, sur le port 443 ou 8443, sans identifiant et sans adresse IP.",
        "Give a public https address, on port 443 or 8443, without user name and without an IP address.",
    )


class CallFailed(Exception):
    """A call that brought no answer. `code` is kept and shown; nothing of what the other side said is.

    ADDRESS_REFUSED, NOT_RESOLVED, UNREACHABLE, TLS, TIMEOUT, ANSWER_TOO_LARGE, ANSWER_STATUS, ANSWER_NOT_JSON.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answered; 3xx is an answer like another: it is not followed."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; the last of each."""
    body: bytes
    latency_ms: int


def target(url: str, allowed: Networks) -> URL:
    """The address to call. `URL_REFUSED` for what may not even be looked up.

    A literal address, plain http and other ports are for `allowed` networks only, http for the loopback alone.
    """
    match = _URL.fullmatch(url) if len(url) <= LONGEST_URL else None
    if match is None:
        raise UrlRefused
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = int(match["port"]) if match["port"] else (443 if scheme == "https" else 80)
    literal = _literal(host)
    if literal is not None and not _listed(literal, allowed):
        raise UrlRefused
    local = literal.is_loopback if literal is not None else host == "localhost"
    if scheme == "http" and not (local and allowed):
        raise UrlRefused
    if port not in PORTS and not (allowed and 0 < port < 65_536):
        raise UrlRefused
    path, _, query = (match["rest"] or "/").partition("?")
    return URL.build(scheme=scheme, host=host.strip("[]"), port=port, path=path, query_string=query, encoded=True)


def _literal(host: str) -> Address | None:
    """The address that a host spells; None for a name. Spellings that only some readers understand are refused."""
    if not host.startswith("[") and not _NUMBER.fullmatch(host):
        if ".." in host or any(len(label) > 63 for label in host.split(".")):
            raise UrlRefused
        return None
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        raise UrlRefused from None


def _listed(address: Address, allowed: Networks) -> bool:
    return any(address in network for network in allowed)


def may_be_called(address: Address, port: int, allowed: Networks) -> bool:
    """Global unicast on port 443 or 8443, or in a listed network on any port. IPv4 in IPv6 clothes is neither."""
    if _listed(address, allowed):
        return True
    if port not in PORTS or any(address in network for network in _DETOURS):
        return False
    if isinstance(address, IPv6Address) and (address not in _UNICAST or address.ipv4_mapped):
        return False
    return address.is_global and not address.is_multicast


async def look_up(host: str) -> Sequence[str]:
    """All addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class _Judge(AbstractResolver):
    """Looks a name up for one connection and judges every address of it: one that is refused refuses them all."""

    def __init__(self, allowed: Networks, resolve: Resolve) -> None:
        self._allowed, self._resolve = allowed, resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The judged addresses, to which the connection is then made."""
        try:
            addresses = [ip_address(text) for text in dict.fromkeys(await self._resolve(host))]
        except (OSError, UnicodeError, ValueError):
            raise CallFailed("NOT_RESOLVED") from None
        if not addresses:
            raise CallFailed("NOT_RESOLVED")
        if not all(may_be_called(address, port, self._allowed) for address in addresses):
            raise CallFailed("ADDRESS_REFUSED")
        return [_result(host, port, address) for address in addresses]

    async def close(self) -> None:
        """Nothing is kept open."""


def _result(host: str, port: int, address: Address) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=str(address),
        port=port,
        family=socket.AF_INET6 if address.version == 6 else socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST,
    )


class Outbound:
    """The way out. `allowed`: networks that are not public and may yet be called (`private_partners`)."""

    def __init__(
        self, allowed: Networks = (), *, resolve: Resolve = look_up, trust: ssl.SSLContext | None = None
    ) -> None:
        self._allowed, self._resolve, self._trust = tuple(allowed), resolve, trust
        self._session: aiohttp.ClientSession | None = None

    def check(self, url: str) -> None:
        """Refuses an address by its text, at registration: `URL_REFUSED` 422."""
        target(url, self._allowed)

    async def get_json(self, url: str, *, timeout_s: float = 5) -> JsonValue:
        """The JSON behind an address: status 200, at most 64 KiB, within the time. Raises `UrlRefused`,
        `CallFailed`."""
        reply = await self._call("GET", url, {"accept": "application/json"}, None, timeout_s)
        if reply.status != 200:
            raise CallFailed("ANSWER_STATUS")
        if len(reply.body) > LARGEST_ANSWER:
            raise CallFailed("ANSWER_TOO_LARGE")
        try:
            document: JsonValue = json.loads(reply.body)
        except (ValueError, RecursionError):
            raise CallFailed("ANSWER_NOT_JSON") from None
        return document

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, *, timeout_s: float = 15) -> Reply:
        """Sends a body and gives the answer, whatever its status; of a long answer the first 64 KiB. Raises
        `UrlRefused`, `CallFailed`."""
        reply = await self._call("POST", url, headers, body, timeout_s)
        return replace(reply, body=reply.body[:LARGEST_ANSWER])

    async def close(self) -> None:
        """Ends all connections."""
        if self._session is not None:
            await self._session.close()

    async def _call(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply:
        where, began = target(url, self._allowed), time.perf_counter()
        try:
            async with (
                asyncio.timeout(timeout_s),
                self._opened().request(
                    method, where, headers=dict(headers), data=body, allow_redirects=False
                ) as answer,
            ):
                content = await _first(answer.content)
                said = {name.lower(): value for name, value in answer.headers.items()}
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failed:
            _fail(failed)
        return Reply(answer.status, said, content, int((time.perf_counter() - began) * 1000))

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=_Judge(self._allowed, self._resolve),
                use_dns_cache=False,  # each connection is judged anew: a name may turn inward at any time
                ssl=self._trust or True,
                limit=100,
                limit_per_host=0,  # who calls bounds by endpoint: one that hangs must not hold back another of its host
                keepalive_timeout=5,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                headers={"user-agent": "Maillage", "accept-encoding": "identity"},
                auto_decompress=False,  # a small answer must not become a large one in memory
                trust_env=False,
            )
        return self._session


async def _first(content: aiohttp.StreamReader) -> bytes:
    """The first 64 KiB and one byte more, so that too long is told from just fitting; the rest stays unread."""
    body = bytearray()
    while len(body) <= LARGEST_ANSWER and (chunk := await content.read(LARGEST_ANSWER + 1 - len(body))):
        body += chunk
    return bytes(body)


def _fail(failed: Exception) -> NoReturn:
    if isinstance(failed, TimeoutError):
        raise CallFailed("TIMEOUT") from None
    if isinstance(failed, aiohttp.ClientSSLError | ssl.SSLError):
        raise CallFailed("TLS") from None
    raise CallFailed("UNREACHABLE") from None
