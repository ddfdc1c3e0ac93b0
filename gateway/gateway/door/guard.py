"""uvicorn has no limits for slow or large heads: this protocol has (design: gateway 10)."""

import asyncio
import json
from typing import Any, Final

from prometheus_client import Counter

from gateway.door.headers import Header, security
from maillage.protocol import Cycle, HttpProtocol
from maillage.refusals import Refusal
from maillage.words import Words

HEAD_S: Final = 10.0
MOST_FIELDS: Final = 100
LARGEST_HEAD: Final = 32_768
LONGEST_URL: Final = 8_192
UNREAD: Final = Counter("maillage_door_unread_total", "Connections that were closed on an unreadable request", ["code"])
CONNECTION: Final = "maillage.connection"
"""Extension of the scope: the `transport`, for answers without an end; `whole`, whether the body is here already."""


class HeadUnreadable(Refusal):
    """Not HTTP/1.1 as everybody reads it, or over 100 fields: two readers could disagree on where it ends."""

    code, status = "HEAD_UNREADABLE", 400
    title = Words("Requête HTTP illisible", "Unreadable HTTP request")
    detail = Words(
        "Un en-tête, la longueur ou le découpage du corps est incorrect, ou il y a plus de 100 champs.",
        "A header, the length or the chunks of the body are wrong, or there are more than 100 fields.",
    )


class HeadTooSlow(Refusal):
    """The head did not come within its time."""

    code, status = "REQUEST_TIMEOUT", 408
    title = Words("Envoi trop lent", "Sending too slow")
    detail = Words(
        "Vérifiez votre connexion et renvoyez la demande.", "Check your connection and send the request again."
    )


class UrlTooLong(Refusal):
    """Over 8 KiB."""

    code, status = "URL_TOO_LONG", 414
    title = Words("Adresse trop longue", "Address too long")
    detail = Words("Une adresse a 8 Kio au plus.", "An address has 8 KiB at most.")


class HeadTooLarge(Refusal):
    """Over 32 KiB: often old cookies."""

    code, status = "HEAD_TOO_LARGE", 431
    title = Words("En-têtes trop volumineux", "Headers too large")
    detail = Words(
        "Les en-têtes ont 32 Kio au plus. Effacez les cookies de ce site, puis recommencez.",
        "Headers have 32 KiB at most. Delete the cookies of this site, then try again.",
    )


class GuardedProtocol(HttpProtocol):
    """A head within 10 s, of at most 100 fields and 32 KiB, with a URL of at most 8 KiB; else the connection is
    closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_bytes = self._unread = self._piece = 0
        self._in_head = True
        self._begun = False
        """Whether a byte of the next head is there."""
        self._refused = False
        self._head_s = float(getattr(self.app, "head_s", HEAD_S))

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection that says nothing is closed as well."""
        super().connection_made(transport)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to watch any more."""
        self._head_done()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts what belongs to a head, and what comes with a body without being of it (its chunks' own words)."""
        if self._refused:
            return
        if self._left is not None:
            super().data_received(data)
            return
        if self._in_head:
            self._begun = True
            self._head_bytes += len(data)
        self._unread += len(data)
        self._piece = len(data)
        super().data_received(data)
        if self._begun and self._head_timer is None:
            self._watch_head()  # most heads come whole, and need no timer
        if self._in_head and self._head_bytes > LARGEST_HEAD:
            self._refuse(HeadTooLarge)
        elif not self._in_head and self._unread > 2 * LARGEST_HEAD:
            self._refuse(HeadUnreadable)

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read: in the words of all other refusals."""
        self._refuse(HeadUnreadable)

    def shutdown(self) -> None:
        """The server ends: answers without an end are ended first, or it would wait for them."""
        getattr(self.app, "leave", _nothing)()
        super().shutdown()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._begun = True  # it may have come in one piece with the request before
        self.scope["extensions"] = {CONNECTION: {"transport": self.transport}}

    def on_url(self, url: bytes) -> None:
        """The URL, in pieces."""
        super().on_url(url)
        if len(self.url) > LONGEST_URL:
            self._refuse(UrlTooLong)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One field. Those that follow a body in chunks are no headers (RFC 9110 6.5.1): they are dropped."""
        if not self._in_head:
            return
        super().on_header(name, value)
        if len(self.headers) > MOST_FIELDS:
            self._refuse(HeadTooLarge if self._head_bytes > LARGEST_HEAD else HeadUnreadable)

    def on_headers_complete(self) -> None:
        """The head is whole: the rest is the body's."""
        self._head_done()
        self._in_head = False
        if self._head_bytes + self._piece > LARGEST_HEAD and _size(self.headers) > LARGEST_HEAD:
            self._refuse(HeadTooLarge)  # what came with the request before is not in the first sum
        elif not self.url.startswith((b"/", b"*")) or b"#" in self.url:
            self._refuse(HeadUnreadable)  # another host's address, or a part that is never sent
        if not self._refused:
            super().on_headers_complete()
            if isinstance(self.cycle, Cycle):
                self.scope["extensions"][CONNECTION]["whole"] = self.cycle.whole

    def on_body(self, body: bytes) -> None:
        """Nothing of a refused request is read."""
        self._unread = 0
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The next head may begin."""
        if self._refused:
            return
        super().on_message_complete()
        self._in_head, self._head_bytes, self._unread = True, 0, 0

    def _watch_head(self) -> None:
        self._head_timer = self.loop.call_later(self._head_s, self._refuse, HeadTooSlow)

    def _head_done(self) -> None:
        self._begun = False
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, why: type[Refusal]) -> None:
        """Says why, and closes: a connection whose bytes were not understood is not used again."""
        if self._refused or self.transport is None or self.transport.is_closing():
            return
        self._refused = True
        self._head_done()
        UNREAD.labels(why.code).inc()
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(_ANSWERS[why])
        self.transport.close()


def _size(headers: list[Header]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers)


def _answer(why: type[Refusal]) -> bytes:
    """The whole answer, in French: the language that was asked for may be among what was not read. With the headers of
    every answer, but HSTS: whether this is https is not known here."""
    body = json.dumps(why().problem("fr"), ensure_ascii=False).encode()
    lines = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        *security("api", https=False),
    ]
    head = b"".join(b"%s: %s\r\n" % line for line in lines)
    return f"HTTP/1.1 {why.status} {why.title.en}\r\n".encode() + head + b"\r\n" + body


_ANSWERS: Final[dict[type[Refusal], bytes]] = {
    why: _answer(why) for why in (HeadUnreadable, HeadTooSlow, UrlTooLong, HeadTooLarge)
}


def _nothing() -> None:
    """For an application that has nothing to end."""
