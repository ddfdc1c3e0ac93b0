"""The outer ASGI layer of a service: request id, trace, limits and strict reading of bodies, access log, metrics.

Pure ASGI: nothing buffers an answer, nothing hides a client that left.
"""

import json
import re
import time
from functools import cache
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maillage import context, ids, logs
from maillage.problems import problem_response
from maillage.refusals import BodyTooLarge, FieldError, Invalid, Refusal, Unreadable, WrongMediaType
from maillage.words import Words

log = structlog.get_logger()
REQUESTS = Counter("maillage_http_requests_total", "Requests answered", ["service", "operation", "status"])
SECONDS = Histogram(
    "maillage_http_seconds",
    "Time to answer",
    ["service", "operation"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_NOT_A_NUMBER = Words("NaN et Infinity ne sont pas du JSON.", "NaN and Infinity are not JSON.")


class _NotJson(ValueError):
    """NaN, Infinity: accepted by Python, not by JSON."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate key")
    return members


def _no_constant(name: str) -> None:
    raise _NotJson(name)


def check_json(body: bytes, *, not_numbers: bool = False) -> None:
    """Refuses what Python reads and JSON forbids: duplicate keys, NaN, bad UTF-8, absurd depth. `not_numbers`: NaN and
    Infinity pass, for an endpoint that refuses them itself."""
    constant = None if not_numbers else _no_constant
    try:
        json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=constant)
    except _NotJson as wrong:
        raise Invalid(errors=[FieldError("", Invalid.code, _NOT_A_NUMBER)]) from wrong
    except (ValueError, RecursionError) as wrong:
        raise Unreadable from wrong


class Border:
    """Wraps a service's application."""

    def __init__(self, app: ASGIApp, service: str, largest_body: int, not_numbers: str = "") -> None:
        self._not_numbers = re.compile(not_numbers or r"(?!)")
        self._app = app
        self._service = service
        self._largest = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        context.request_id.set(_given_id(headers.get(b"x-request-id")))
        context.traceparent.set(context.child_trace(headers.get(b"traceparent", b"").decode("latin-1")))
        started, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", (context.request_id.get() or "").encode()))
            await send(message)

        try:
            try:
                reading = await self._checked(scope, headers, receive)
            except Refusal as refusal:
                await problem_response(Request(scope), refusal)(scope, receive, sending)
            else:
                await self._app(scope, reading, sending)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    async def _checked(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Receive:
        """Reads the body whole (bounded), checks it, and hands it on. GET and HEAD pass untouched."""
        if (
            scope["method"] in ("GET", "HEAD", "OPTIONS", "DELETE")
            and b"content-length" not in headers
            and b"transfer-encoding" not in headers
        ):
            return receive
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise WrongMediaType
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._largest:
                raise BodyTooLarge
        if body and headers.get(b"content-type", b"").split(b";")[0].strip() == b"application/json":
            check_json(bytes(body), not_numbers=self._not_numbers.fullmatch(scope["path"]) is not None)
        handed = False

        async def again() -> Message:
            nonlocal handed
            if handed:
                return await receive()
            handed = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        return again

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """The template of the path, never the path: it may hold a token or an id."""
        template = getattr(scope.get("route"), "path", "unknown")
        name = f"{scope['method']} {template}" if template != "unknown" else "unknown"
        _requests(self._service, name, status).inc()
        _seconds(self._service, name).observe(seconds)
        if template not in ("/healthz", "/readyz", "/metrics"):
            logs.request(context.request_id.get() or "", name, status, seconds)


@cache
def _requests(service: str, operation: str, status: int) -> Counter:
    """The counter of one operation and status, found once."""
    return REQUESTS.labels(service, operation, str(status))


@cache
def _seconds(service: str, operation: str) -> Histogram:
    return SECONDS.labels(service, operation)


def _given_id(header: bytes | None) -> str:
    """The gateway's request id when it has the shape of one, else our own."""
    text = (header or b"").decode("latin-1")
    return text if 8 <= len(text) <= 64 and text.replace("-", "").isalnum() and text.isascii() else str(ids.new_id())
