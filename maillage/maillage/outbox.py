"""The relay: takes committed events out of the outbox and gives them to the broker, in order per aggregate.

One relay works per database (advisory lock); the others wait to take over. It reads rows that are not marked, never
"after the
last id": ids are given before commits. Within a wave each aggregate appears once; the next wave starts when the
broker has
acknowledged this one, so a lost acknowledgement can repeat an event but never overtake one.
"""

import asyncio
import time
from collections.abc import Sequence

import asyncpg
import structlog
from nats.errors import Error as NatsError
from prometheus_client import Counter, Gauge

from maillage.bus import Bus, Leaving
from maillage.lead import Leader
from maillage.lost import feed_again
from maillage.pauses import pause
from maillage.settings import ServiceSettings
from maillage.tail import extent

log = structlog.get_logger()
PUBLISHED = Counter("maillage_outbox_published_total", "Events acknowledged by the broker", ["service"])
AGE = Gauge("maillage_outbox_oldest_seconds", "Age of the oldest event not yet published", ["service"])

CHANNEL = "kit_outbox"
LOCK = 0x6D61696C
WAVE = 256
WAITING = """
SELECT sequence, id, type, subject_id, organisation_id, payload, traceparent, occurred_at
FROM kit.outbox WHERE published_at IS NULL ORDER BY sequence LIMIT $1
"""
MARK = "UPDATE kit.outbox SET published_at = now() WHERE sequence = ANY($1::bigint[])"
OLDEST = """
SELECT coalesce(extract(epoch FROM kit_now() - min(occurred_at)), 0)::float8 FROM kit.outbox
WHERE published_at IS NULL
"""
STANDS = """
INSERT INTO kit.stream_position AS p (epoch, position) VALUES ($1, $2)
ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, position = excluded.position
WHERE (p.epoch, p.position) IS DISTINCT FROM (excluded.epoch, excluded.position)
"""
STANDS_EVERY_S = 1.0
PURGE = "DELETE FROM kit.outbox WHERE published_at < now() - $1::int * interval '1 day'"


def waves(events: Sequence[Leaving]) -> list[list[Leaving]]:
    """Cuts a batch so that no wave holds two events of one aggregate; order is kept."""
    result: list[list[Leaving]] = [[]]
    seen: set[object] = set()
    for event in events:
        if event.subject_id in seen:
            result.append([])
            seen = set()
        seen.add(event.subject_id)
        result[-1].append(event)
    return result


class Waker:
    """Wakes the relay of another process: one NOTIFY for all commits of the last 5 ms, sent after them.

    Inside the transaction, NOTIFY would make all commits of the database wait for one another.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to listen to commits of this process."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Something was committed."""
        self._asked.set()

    async def stop(self) -> None:
        """Ends; what is not notified, the relay finds within a second."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        connection: asyncpg.Connection[asyncpg.Record] | None = None
        try:
            while True:
                await self._asked.wait()
                self._asked.clear()
                try:
                    if connection is None or connection.is_closed():
                        connection = await asyncpg.connect(self._settings.postgres_url, timeout=2)
                    await connection.execute(f"NOTIFY {CHANNEL}")
                except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as away:
                    log.warning("relay not woken", error=type(away).__name__)
                    connection = None
                await asyncio.sleep(0.005)
        finally:
            if connection is not None and not connection.is_closed():
                connection.terminate()


class Relay:
    """The relay of one service."""

    def __init__(self, settings: ServiceSettings, bus: Bus) -> None:
        self._settings, self._bus = settings, bus
        self._woken = asyncio.Event()
        self._leader = Leader(settings, LOCK, "relay")

    async def run(self) -> None:
        """For ever: publishes what waits, while it leads."""
        await self._leader.run(self._relay)

    async def _relay(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
        stands_at, met = 0.0, -1
        while True:
            self._woken.clear()
            if met != self._bus.meetings:  # another broker may be another store: looked at before anything is sent
                met = await self._tell_position(connection)
            while await self._publish(connection):
                pass
            if time.monotonic() >= stands_at:
                met = await self._tell_position(connection)
                stands_at = time.monotonic() + STANDS_EVERY_S
            try:
                await asyncio.wait_for(self._woken.wait(), timeout=1)
            except TimeoutError:
                AGE.labels(self._settings.SERVICE).set(await connection.fetchval(OLDEST))

    async def _tell_position(self, connection: "asyncpg.Connection[asyncpg.Record]") -> int:
        """How far the stream is, for snapshots: any place that it has reached is good, an old one only repeats more.

        What it lost meanwhile leaves again. Returns the connection that was asked, -1 for none.
        """
        met = self._bus.meetings
        if not self._bus.connected:
            return -1
        try:
            await self._bus.ensure_stream()
            found = await extent(self._bus)
            await feed_again(connection, self._bus, self._settings.SERVICE, found)
        except (NatsError, TimeoutError):
            return -1
        await connection.execute(STANDS, found.epoch, found.last)
        return met

    async def _publish(self, connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
        """One batch. True when it is worth looking again at once."""
        batch = [Leaving(**row) for row in await connection.fetch(WAITING, WAVE)]
        if not batch or not self._bus.connected:
            return False
        for wave in waves(batch):
            arrived = await self._bus.publish(wave)
            await pause("after_publish")
            done = [event.sequence for event, there in zip(wave, arrived, strict=True) if there]
            if done:
                await connection.execute(MARK, done)
                PUBLISHED.labels(self._settings.SERVICE).inc(len(done))
            if len(done) < len(wave):
                return False
        return True
