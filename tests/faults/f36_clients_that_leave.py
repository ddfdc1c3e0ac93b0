"""F36: 500 clients leave in the middle of a booking. Each is booked whole or not at all; no connection stays behind."""

import asyncio
import json
from urllib.parse import urlsplit

import httpx
import pytest

from maillage.testing import soon
from tests.faults.scene import Scene, scene, sound
from tests.harness.appointments_world import world
from tests.harness.cluster import Cluster
from tests.harness.front import API, front

LEAVING, ASKING_AGAIN = 500, 25
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE application_name IN ('maillage-appointments', 'maillage-gateway') AND state <> 'idle'
"""
OPEN = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'maillage-appointments'"
POOL = 16 + 8
WHOLE = """
SELECT count(*) FROM appointment a WHERE a.organisation_id = $1
  AND (SELECT count(*) FROM busy b WHERE b.appointment_id = a.id) = 1
  AND (SELECT count(*) FROM appointment_change c WHERE c.appointment_id = a.id) = 1
  AND (SELECT count(*) FROM kit.outbox o WHERE o.subject_id = a.id AND o.type LIKE '%booked%') = 1
  AND (SELECT count(*) FROM kit.audit t WHERE t.record_id = a.id AND t.record = 'appointment') = 1
"""


@pytest.mark.short
async def test_who_leaves_in_the_middle_leaves_a_whole_booking_or_none(running: Cluster) -> None:
    async with front(running) as door, scene(running) as s:
        async with world(running.role_url("appointments")) as w:
            s.patients = [await w.patient(s.organisation) for _ in range(50)]
        desk = (await door.staff(s.organisation, "telesecretary"))["telesecretary"]
        for first in range(0, LEAVING, 50):
            await asyncio.gather(*(_ask_and_leave(door.url, desk, s, number) for number in range(first, first + 50)))

        async def quiet() -> bool:
            return await s.count("appointments", BUSY) == 0

        await soon(quiet, seconds=40, every_s=0.2)
        counts = await s.counts()
        assert len(set(counts.values())) == 1, counts
        assert counts["appointments"] > 0, "nobody got as far as a booking: nothing was shown"
        assert await s.count("appointments", WHOLE, s.organisation) == counts["appointments"]
        assert await s.count("appointments", OPEN) <= POOL
        for number in range(0, LEAVING, LEAVING // ASKING_AGAIN):
            again = await desk.post(f"{API}/appointments", json=s.wish(number, number % 50), headers=_key(number))
            assert again.status_code == 201, "the same key: the same booking, made then or now"
        rows = "SELECT count(*) - count(DISTINCT lower(during)) FROM appointment WHERE organisation_id = $1"
        assert await s.count("appointments", rows, s.organisation) == 0
    await sound(running)


def _key(number: int) -> dict[str, str]:
    return {"Idempotency-Key": f"f36-{number}"}


async def _ask_and_leave(url: str, desk: httpx.AsyncClient, s: Scene, number: int) -> None:
    """A whole request on a connection of its own, which is closed before or just as the answer may come."""
    target = urlsplit(url)
    body = json.dumps(s.wish(number, number % 50)).encode()
    cookie = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    head = (
        f"POST {API}/appointments HTTP/1.1\r\nHost: {target.netloc}\r\nCookie: {cookie}\r\n"
        f"X-CSRF-Token: {desk.headers['X-CSRF-Token']}\r\nIdempotency-Key: f36-{number}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection(target.hostname, target.port)
    # Some leave in the middle of their own body, the others at moments spread over the length of a booking.
    sent = head.encode() + (body[: len(body) // 2] if number % 10 == 0 else body)
    writer.write(sent)
    await writer.drain()
    await asyncio.sleep(number % 50 * 0.004)
    writer.transport.abort()
