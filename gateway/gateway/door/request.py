"""One request at the door, and what of its head no service may see."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from gateway.door import paths
from gateway.door.cookies import Ticket
from gateway.door.headers import Header, PathKind
from gateway.door.routes import Operation
from gateway.door.tokens import Caller
from maillage.refusals import Refusal
from maillage.words import Words

_ONCE: Final = frozenset(
    {
        b"host",
        b"authorization",
        b"content-length",
        b"transfer-encoding",
        b"x-csrf-token",
        b"maillage-context",
        b"origin",
    }
)


class BadHeaders(Refusal):
    """A header that must come once came twice, or length and chunks at once: two readers would disagree."""

    code, status = "BAD_HEADERS", 400
    title = Words("Demande illisible", "Unreadable request")
    detail = Words("Un en-tête est en double ou incohérent.", "A header is repeated or inconsistent.")


class TwoCredentials(Refusal):
    """A cookie and an `Authorization` header at once."""

    code, status = "TWO_CREDENTIALS", 400
    title = Words("Deux preuves d'identité", "Two credentials")
    detail = Words(
        "Envoyez soit le cookie, soit l'en-tête Authorization.", "Send either the cookie or the Authorization header."
    )


class BodyEncoding(Refusal):
    """A compressed body: refused before a byte of it is read."""

    code, status = "BODY_ENCODING", 415
    title = Words("Encodage non accepté", "Encoding not accepted")
    detail = Words("Envoyez le corps sans compression.", "Send the body without compression.")


@dataclass(slots=True)
class Request:
    """What the door knows of one request; filled step by step."""

    scope: Scope
    receive: Receive
    headers: list[Header]
    one: Mapping[bytes, bytes]
    id: str
    ip: str
    kind: PathKind = "api"
    path: paths.Path | None = None
    operation: Operation | None = None
    cookies: list[str] = field(default_factory=list)
    """Values of `Set-Cookie` for the answer."""
    ticket: Ticket | None = None
    """The visitor's, as it came or as it is given now."""
    limited: Sequence[Header] = ()
    """`RateLimit` and `RateLimit-Policy` of the answer."""

    @property
    def method(self) -> str:
        """The method as sent."""
        method: str = self.scope["method"]
        return method


class Sent:
    """`send`, and the status that went out: 0 while nothing did."""

    __slots__ = ("_send", "before", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.before: Callable[[int], Awaitable[None]] | None = None
        """Told the status before the answer begins."""

    def __call__(self, message: Message) -> Awaitable[None]:
        """Passes a message on."""
        if message["type"] == "http.response.start":
            if self.before is not None:
                return self._begin(message, self.before)
            self.status = message["status"]
        return self._send(message)

    async def _begin(self, message: Message, before: Callable[[int], Awaitable[None]]) -> None:
        self.before = None
        await before(message["status"])
        self.status = message["status"]
        await self._send(message)


Direct = Callable[[Request, Caller, Sent, list[Header]], Awaitable[None]]
"""Answers one operation at the door; the headers are those that every answer of the door carries."""


async def send_whole(send: Send, status: int, headers: list[Header], body: bytes) -> None:
    """An answer that is known whole."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def check_headers(request: Request) -> None:
    """What the listener let through and no service may see."""
    if len(request.one) != len(request.headers):
        seen: set[bytes] = set()
        for name, _ in request.headers:
            if name in seen and name in _ONCE:
                raise BadHeaders(headers={"Connection": "close"})
            seen.add(name)
    one = request.one
    if (b"content-length" in one and b"transfer-encoding" in one) or b"host" not in one:
        raise BadHeaders(headers={"Connection": "close"})
    if b"transfer-encoding" in one and not _plain_chunks(request):
        raise BadHeaders(headers={"Connection": "close"})
    if not one.get(b"content-length", b"0").isdigit():
        raise BadHeaders(headers={"Connection": "close"})
    if one.get(b"content-encoding", b"identity").lower() != b"identity":
        raise BodyEncoding(headers={"Connection": "close"})


def _plain_chunks(request: Request) -> bool:
    """Chunks and nothing else: a compressed body, or chunks in HTTP/1.0, is read otherwise by each reader."""
    chunked = request.one[b"transfer-encoding"].strip().lower() == b"chunked"
    return chunked and request.scope.get("http_version") != "1.0"
