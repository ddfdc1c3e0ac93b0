"""What every answer of the door carries, one of each kind: compared whole, so that none is forgotten and none is added
unseen (design: gateway 10)."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from maillage import clock
from maillage.children import free_port
from tests.harness.door import House

COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self)",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NO_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CONSOLE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SLOTS = "/api/appointments/v1/slots"
HTML = {"Accept": "text/html"}
# kind: method, path, headers, status, policy, cache-control
KINDS: dict[str, tuple[str, str, dict[str, str], int, str, str]] = {
    "health": ("GET", "/healthz", {}, 200, NOTHING, "no-store"),
    "readiness": ("GET", "/readyz", {}, 200, NOTHING, "no-store"),
    "keys": ("GET", "/.well-known/jwks.json", {}, 200, NOTHING, "no-store"),
    "document": ("GET", "/openapi.json", {}, 200, NOTHING, "public, max-age=60"),
    "head": ("HEAD", "/openapi.json", {}, 200, NOTHING, "public, max-age=60"),
    "unchanged": ("GET", "/docs", {"If-None-Match": "*"}, 304, NO_SCRIPT, "public, max-age=60"),
    "page of the console": ("GET", "/console/agenda", {}, 200, CONSOLE, "no-cache"),
    "redirect": ("GET", "/console", {}, 308, CONSOLE, "no-cache"),
    "missing asset": ("GET", "/console/assets/x.js", HTML, 404, CONSOLE, "no-store"),
    "answer that is shared": ("GET", SLOTS, {}, 200, NOTHING, "no-store"),
    "answer of a service": ("GET", "/api/appointments/v1/open", {}, 200, NOTHING, "no-store"),
    "streamed answer": ("GET", "/api/appointments/v1/stream", {}, 200, NOTHING, "no-store"),
    "patient page": ("GET", "/rdv", {}, 200, NO_SCRIPT, "no-store"),
    "own answer": ("GET", "/auth/session", {}, 200, NO_SCRIPT, "no-store"),
    "own refusal": ("GET", "/auth/codes/x", {}, 404, NO_SCRIPT, "no-store"),
    "bad path": ("GET", "/api/%2e%2e/x", {}, 400, NOTHING, "no-store"),
    "unknown": ("GET", "/api/nothing", {}, 404, NOTHING, "no-store"),
    "unknown page": ("GET", "/rdv/nothing", HTML, 404, NO_SCRIPT, "no-store"),
    "method": ("DELETE", SLOTS, {}, 405, NOTHING, "no-store"),
    "not signed in": ("GET", "/api/appointments/v1/appointments", {}, 401, NOTHING, "no-store"),
    "foreign origin": ("POST", "/rdv/identite", {"Origin": "https://evil.example"}, 403, NO_SCRIPT, "no-store"),
    "packed body": ("POST", "/auth/password", {"Content-Encoding": "gzip"}, 415, NO_SCRIPT, "no-store"),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_every_kind_of_answer_carries_the_same_headers(
    house: Callable[..., House], tmp_path: Path, scheme: str
) -> None:
    """And over https that the browser must never come back without it."""
    (tmp_path / "console").mkdir()
    (tmp_path / "console" / "index.html").write_text("<!doctype html>")
    secure = {"public_url": "https://127.0.0.1"} if scheme == "https" else {}
    running = house(console_dir=tmp_path / "console", **secure)
    expected = COMMON | ({"strict-transport-security": "max-age=31536000; includeSubDomains"} if secure else {})
    async with running.browser() as client:
        for kind, (method, path, sent, status, policy, cache) in KINDS.items():
            _check(kind, await client.request(method, path, headers=sent), status, expected, policy, cache)
        running.upstream.stop()
        away = await client.get("/api/appointments/v1/open")
        _check("service away", away, 503, expected, NOTHING, "no-store")
        assert (await client.get("/readyz")).status_code == 200, "a service down does not make the door unready"


def _check(kind: str, answer: httpx.Response, status: int, expected: dict[str, str], policy: str, cache: str) -> None:
    assert answer.status_code == status, (kind, answer.text)
    told = dict(answer.headers)
    assert {name: told.get(name) for name in expected} == expected, kind
    assert ("strict-transport-security" in told) == ("strict-transport-security" in expected), kind
    assert told["content-security-policy"] == policy, kind
    assert told["cache-control"] == cache, kind
    assert told["x-request-id"], kind
    assert "server" not in told, kind
    for name in (*expected, "content-security-policy", "cache-control", "x-request-id"):
        assert len(answer.headers.get_list(name)) == 1, (kind, name)


async def test_what_the_listener_refuses_carries_them_too(house: Callable[..., House]) -> None:
    """Before any of it is a request: unreadable, too large, too slow."""
    running = house(head_s=0.3)
    start = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
    heads = {
        400: start + b"no colon\r\n\r\n",
        414: b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        431: start + b"x: " + b"a" * 33_000 + b"\r\n\r\n",
        408: start,
    }
    for status, sent in heads.items():
        head, _, body = (await running.raw(sent)).partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        assert first.startswith(f"HTTP/1.1 {status} "), first
        assert dict(line.split(": ", 1) for line in lines) == {
            **COMMON,
            "content-security-policy": NOTHING,
            "cache-control": "no-store",
            "content-type": "application/problem+json",
            "content-length": str(len(body)),
            "connection": "close",
        }
        assert json.loads(body)["status"] == status


async def test_metrics_are_read_on_an_address_of_their_own(house: Callable[..., House]) -> None:
    port = free_port()
    running = house(metrics_bind=f"127.0.0.1:{port}")
    async with running.browser() as client:
        assert (await client.get("/metrics")).status_code == 404
        assert "maillage_door_requests_total" in (await client.get(f"http://127.0.0.1:{port}/metrics")).text


async def test_whom_to_tell_of_a_weakness_is_current_and_says_until_when(house: Callable[..., House]) -> None:
    """RFC 9116: `Expires` lies ahead, by less than a year."""
    async with house().browser() as client:
        lines = (await client.get("/.well-known/security.txt")).text.splitlines()
    said = dict(line.split(": ", 1) for line in lines)
    assert said["Contact"].startswith("mailto:")
    until = datetime.fromisoformat(said["Expires"])
    assert clock.now() + timedelta(days=100) < until < clock.now() + timedelta(days=365)
