"""One signed request to a partner, and how it ended."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gateway.deliveries import domain, signing
from gateway.outbound import CallFailed, Outbound, UrlRefused
from maillage import clock


@dataclass(frozen=True, slots=True)
class Message:
    """A webhook before it is signed; the newest secret first."""

    url: str
    secrets: Sequence[str]
    id: UUID
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """How it ended: the status if there was one; `failure` None for 2xx."""

    status: int | None
    failure: str | None
    latency_ms: int


async def send(outbound: Outbound, message: Message, timeout_s: float) -> Answer:
    """Sends one message; whatever the other side does becomes an `Answer`. The body of its answer is not kept."""
    began = time.perf_counter()
    headers = signing.signed_headers(message.secrets, message.id, clock.now(), message.body)
    try:
        reply = await outbound.post(message.url, headers, message.body, timeout_s=timeout_s)
    except CallFailed as failed:
        return Answer(None, failed.code, int((time.perf_counter() - began) * 1000))
    except UrlRefused:
        return Answer(None, "ADDRESS_REFUSED", 0)
    return Answer(reply.status, domain.failure_of(reply.status), reply.latency_ms)
