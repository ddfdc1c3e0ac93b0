"""For tests of the door: a small real service behind it, which says what reached it and misbehaves when asked."""

import asyncio
import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import httpx
import uvicorn
from starlette.types import Receive, Scope, Send

from maillage.testing import NO_TLS, Running, eventually


def _operation(permission: str, **more: Any) -> dict[str, Any]:
    return {"x-permission": permission, "responses": {"200": {"description": "fine"}}, **more}


UNLIMITED: dict[str, Any] = {
    f"{kind}_{part}": 10_000_000
    for kind in ("anonymous", "sign_in", "session", "post", "client")
    for part in ("per_minute", "burst")
} | {"sign_ins_per_minute": 10_000, "sign_in_failures_per_address_hour": 10_000}
"""Settings of a gateway whose tests are not about limits: all of their callers come from one address."""

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "a service", "version": "1"},
    "paths": {
        "/v1/slots": {"get": _operation("slot.read", **{"x-public": 1})},
        "/v1/holds": {"post": _operation("slot.hold", **{"x-class": "critical"})},
        "/v1/appointments": {
            "get": _operation("appointment.read"),
            "post": _operation("appointment.write", **{"x-max-body": 262144}),
        },
        "/v1/appointments/{id}": {"get": _operation("appointment.read")},
        "/v1/appointments/{id}.ics": {"get": _operation("appointment.read")},
        "/v1/directory": {"post": _operation("directory.write")},
        "/v1/slow": {"get": _operation("slot.read", **{"x-timeout": 0.3})},
        "/v1/cut": {"get": _operation("slot.read"), "post": _operation("slot.hold")},
        "/v1/stream": {"get": _operation("slot.read")},
        "/v1/open": {"get": _operation("public")},
        "/v1/big": {"post": _operation("slot.hold", **{"x-max-body": 1_048_576})},
        "/rdv": {"get": _operation("slot.read")},
        "/rdv/g/{token}": {"get": _operation("slot.read"), "post": _operation("slot.hold")},
        "/rdv/identite": {"get": _operation("slot.read"), "post": _operation("slot.hold")},
    },
}


def _of_link(method: str, path: str) -> int:
    """`/rdv/g/known` is a link whose date nobody finds, `/rdv/g/locked` a closed one; others are none."""
    if not path.startswith("/rdv/g/"):
        return 200
    return {"known": 422 if method == "POST" else 200, "locked": 410}.get(path.removeprefix("/rdv/g/"), 404)


def claims_of(headers: Mapping[str, str]) -> dict[str, Any]:
    """What the internal token in these headers said."""
    token = headers["authorization"].split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return said


class Upstream:
    """`requests` are those that arrived: method, path, query, headers, body."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.requests: list[dict[str, Any]] = []
        self.aborted = 0
        self.released = threading.Event()
        self._boot()

    def _boot(self) -> None:
        config = uvicorn.Config(
            self._app,
            "127.0.0.1",
            self.port,
            interface="asgi3",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def start(self) -> None:
        """Returns when it listens."""
        self._thread.start()
        eventually(lambda: self._server.started)

    def stop(self) -> None:
        """Returns when it is gone."""
        self.released.set()
        self._server.should_exit = True
        self._thread.join(10)

    def restart(self) -> None:
        """Back on the same port."""
        self._boot()
        self.start()

    @property
    def last(self) -> dict[str, Any]:
        """The newest request."""
        return self.requests[-1]

    @property
    def claims(self) -> dict[str, Any]:
        """What the internal token of the newest request said."""
        return claims_of(self.last["headers"])

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.aborted += 1
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        seen = {
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": {name.decode(): value.decode("latin-1") for name, value in scope["headers"]},
            "body": body,
        }
        self.requests.append(seen)
        if scope["path"] == "/v1/slow":
            await asyncio.to_thread(self.released.wait, 20)
        if scope["path"] == "/v1/cut":
            send.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's own: a service that dies
            return
        headers = [
            (b"content-type", b"application/json"),
            (b"server", b"secret/1.0"),
            (b"set-cookie", b"planted=1"),
            (b"x-powered-by", b"magic"),
            (b"etag", b'"7"'),
        ]
        status = _of_link(scope["method"], scope["path"])
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if scope["path"] == "/v1/stream":
            for number in range(3):
                await send({"type": "http.response.body", "body": b"%d\n" % number, "more_body": True})
                await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        told = {**seen, "body": len(body), "served": len(self.requests)}
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})


class House:
    """A running gateway and the service behind it."""

    def __init__(self, running: Running, upstream: Upstream) -> None:
        self.running = running
        self.upstream = upstream
        self.url = running.url
        self.port = int(running.url.rpartition(":")[2])

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A client that keeps cookies and follows nothing by itself."""
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=20, trust_env=False, verify=NO_TLS)

    async def raw(self, *parts: bytes, wait_s: float = 5) -> bytes:
        """All that comes back on one connection for these bytes, until it is closed or quiet."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for part in parts:
            writer.write(part)
            await writer.drain()
        try:
            async with asyncio.timeout(wait_s):
                return await reader.read()
        finally:
            writer.close()
