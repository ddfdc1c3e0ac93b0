"""Requests as bytes, prepared before the clock runs."""

import json
from collections.abc import Iterable

from bench.recording import body
from bench.times import Visit
from bench.world import World, telesecretary
from maillage.principal import Principal
from maillage.testing import mint

_HOST = "Host: bench\r\nAccept: application/json\r\nAccept-Language: fr\r\n"


def direct_headers(principal: Principal | None = None) -> str:
    """As the gateway would send them, for the telesecretary unless told otherwise: its token lives for 100 s."""
    return f"Authorization: Bearer {mint(principal or telesecretary(), 'appointments')}\r\n"


def get(path: str, headers: str) -> bytes:
    """A reading request."""
    return f"GET {path} HTTP/1.1\r\n{_HOST}{headers}\r\n".encode()


def post(path: str, headers: str, content: object, key: str) -> bytes:
    """A changing request with its idempotency key."""
    text = json.dumps(content)
    head = f"POST {path} HTTP/1.1\r\n{_HOST}{headers}Idempotency-Key: {key}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(text)}\r\n\r\n{text}".encode()


def bookings(world: World, visits: Iterable[Visit], headers: str, prefix: str = "") -> list[bytes]:
    """One booking per visit. `prefix`: where the service is reached through the gateway."""
    path = f"{prefix}/v1/appointments"
    per_site = world.times.doctors // world.times.sites
    return [post(path, headers, body(visit, visit.doctor // per_site), f"api-{visit.number}") for visit in visits]
