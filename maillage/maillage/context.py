"""What travels with one request or one event through the code that serves it: ids for logs and traces."""

import re
from contextvars import ContextVar

from maillage.ids import random_piece

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)

_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def child_trace(parent: str | None) -> str:
    """A W3C traceparent for our own span: same trace when the caller's is well-formed, a new one otherwise."""
    if parent and _TRACE.fullmatch(parent):
        return f"{parent[:36]}{random_piece()[:8].hex()}-{parent[-2:]}"
    return f"00-{random_piece().hex()}-{random_piece()[:8].hex()}-01"
