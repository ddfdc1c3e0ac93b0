"""uvicorn has no limits for slow or large heads: this protocol has (design: gateway 10)."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S: Final = 10.0
MOST_FIELDS: Final = 100
LARGEST_HEAD: Final = 32_768
LONGEST_URL: Final = 8_192
CONNECTION: Final = "maillage.connection"
"""Extension of the scope that holds the `transport`, for answers without an end."""


class GuardedProtocol(HttpToolsProtocol):
    """A head within 10 s, of at most 100 fields and 32 KiB, with a URL of at most 8 KiB; else the connection is
    closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._in_head = True
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
        """Counts what belongs to a head."""
        if self._refused:
            return
        if self._in_head:
            if self._head_timer is None:
                self._watch_head()
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > LARGEST_HEAD:
            self._refuse(b"431 Request Header Fields Too Large")

    def shutdown(self) -> None:
        """The server ends: answers without an end are ended first, or it would wait for them."""
        getattr(self.app, "leave", _nothing)()
        super().shutdown()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"transport": self.transport}}

    def on_url(self, url: bytes) -> None:
        """The URL, in pieces."""
        super().on_url(url)
        if len(self.url) > LONGEST_URL:
            self._refuse(b"414 URI Too Long")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One field."""
        super().on_header(name, value)
        if len(self.headers) > MOST_FIELDS:
            self._refuse(
                b"431 Request Header Fields Too Large" if self._head_bytes > LARGEST_HEAD else b"400 Bad Request"
            )

    def on_headers_complete(self) -> None:
        """The head is whole: the rest is the body's."""
        self._head_done()
        self._in_head = False
        if self._refused or sum(len(name) + len(value) + 4 for name, value in self.headers) > LARGEST_HEAD:
            self._refuse(b"431 Request Header Fields Too Large")
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Nothing of a refused request is read."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The next head may begin."""
        if self._refused:
            return
        super().on_message_complete()
        self._in_head, self._head_bytes = True, 0

    def _watch_head(self) -> None:
        self._head_timer = self.loop.call_later(self._head_s, self._refuse, b"408 Request Timeout")

    def _head_done(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, status: bytes) -> None:
        """Says why, in problem+json, and closes: a connection whose bytes were not understood is not used again."""
        if self._refused or self.transport is None or self.transport.is_closing():
            return
        self._refused = True
        self._head_done()
        code = status.partition(b" ")[2].upper().replace(b" ", b"_")
        body = b'{"code":"%s","status":%s}' % (code, status[:3])
        head = (
            b"HTTP/1.1 %s\r\ncontent-type: application/problem+json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head % (status, len(body)) + body)
        self.transport.close()


def _nothing() -> None:
    """For an application that has nothing to end."""
