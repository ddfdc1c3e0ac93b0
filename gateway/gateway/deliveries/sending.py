"""Deliveries leave: taken from their rows by the leading worker, so that none is lost; some may arrive twice.

Sends to one endpoint run beside those to the others and are bounded by endpoint: a dead or slow partner keeps one of
64 places and nothing else. Results are written many at once.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import structlog
from prometheus_client import Counter as Metric

from gateway.deliveries import domain, service, signing
from gateway.deliveries.calling import Answer, Message, send
from gateway.deliveries.queries import Outcome, Row
from gateway.deliveries.schemas import Notice
from gateway.outbound import Outbound
from gateway.settings import GatewaySettings
from maillage import clock
from maillage.database import Database
from maillage.ids import new_digits
from maillage.principal import system
from maillage.refusals import ServiceUnavailable
from maillage.sealing import Sealer

log = structlog.get_logger()
SENT: Final = Metric("maillage_deliveries_total", "Tries to deliver an event to a partner", ["result"])
R = TypeVar("R")
_SYSTEM: Final = system("gateway")
_POLL_S: Final = 0.25
_BATCH: Final = 256
_GATHERED_S: Final = 0.005
"""How long a result waits for others, to be written with them, and a place for others, to be filled with them."""
_TAKE_BACK_S: Final = 60.0


class Deliverer:
    """Sends what is due, for as long as it runs."""

    def __init__(self, database: Database, outbound: Outbound, sealer: Sealer, timeout_s: float) -> None:
        self._database, self._outbound, self._sealer, self._timeout_s = database, outbound, sealer, timeout_s
        self._under_way: set[UUID] = set()
        """Deliveries taken and not yet written down."""
        self._sending: Counter[UUID] = Counter()
        """How many are being sent to each endpoint: while results are written, the next ones leave."""
        self._unwell: set[UUID] = set()
        """Endpoints whose last try failed or took long."""
        self._ended: asyncio.Queue[Outcome] = asyncio.Queue()
        self._room = asyncio.Event()
        self._take_back_at = 0.0

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write())
            while True:
                self._room.clear()
                await self._again(self._take_back)
                free = min(domain.AT_ONCE_ALL - self._sending.total(), _BATCH - len(self._under_way))
                taken = await self._again(partial(self._take, free)) if free > 0 else []
                for row in taken:
                    group.create_task(self._deliver(row))
                await self._wait()

    async def _wait(self) -> None:
        """Until a send has ended, or a moment has passed in which something may have become due."""
        try:
            async with asyncio.timeout(_POLL_S):
                await self._room.wait()
                await asyncio.sleep(_GATHERED_S)
        except TimeoutError:
            return

    async def _take_back(self) -> None:
        """At first, and each minute: what an earlier worker had under way, or a commit of which nothing was heard."""
        now = asyncio.get_running_loop().time()
        if now >= self._take_back_at:
            await self._database.run(_SYSTEM, service.take_back, list(self._under_way))
            self._take_back_at = now + _TAKE_BACK_S

    async def _take(self, free: int) -> list[Row]:
        busy = {*self._sending, *self._unwell}
        rooms = [(each, max(0, self._most(each) - self._sending[each])) for each in busy]
        rows = await self._database.run(_SYSTEM, service.take, rooms, free)
        self._under_way.update(row["id"] for row in rows)
        self._sending.update(row["subscription_id"] for row in rows)
        return rows

    def _most(self, subscription_id: UUID) -> int:
        return 1 if subscription_id in self._unwell else domain.AT_ONCE

    async def _deliver(self, row: Row) -> None:
        at = clock.now()
        try:
            answer = await send(self._outbound, self._message(row), self._timeout_s)
        except Exception as wrong:  # noqa: BLE001 - whatever one delivery meets must not stop the others
            log.error("delivery not sent", delivery=str(row["id"]), error=type(wrong).__name__)
            answer = Answer(None, "NOT_SENT", 0)
        self._sending[row["subscription_id"]] -= 1
        self._sending += Counter()  # drops the endpoints to which nothing is being sent
        self._note_health(row["subscription_id"], answer)
        self._room.set()
        wait_s = domain.wait_s(row["tries"] + 1, int(new_digits(4)) / 10_000) if answer.failure else None
        self._ended.put_nowait(Outcome(row["id"], row["subscription_id"], at, *_told(answer), wait_s))

    def _message(self, row: Row) -> Message:
        secrets = signing.signing_secrets(
            self._sealer, row["subscription_id"], row["secrets_sealed"], row["rotated_at"], clock.now()
        )
        notice = Notice(type=row["type"], timestamp=row["occurred_at"], data=service.notice_data(row))
        return Message(row["url"], secrets, row["event_id"], notice.model_dump_json().encode())

    def _note_health(self, subscription_id: UUID, answer: Answer) -> None:
        SENT.labels(answer.failure or "delivered").inc()
        if answer.failure or answer.latency_ms > domain.SLOW_S * 1000:
            self._unwell.add(subscription_id)
        else:
            self._unwell.discard(subscription_id)

    async def _write(self) -> None:
        """Results, all that have come in since the last write at once."""
        while True:
            batch = [await self._ended.get()]
            await asyncio.sleep(_GATHERED_S)
            while not self._ended.empty() and len(batch) < _BATCH:
                batch.append(self._ended.get_nowait())
            await self._again(partial(self._database.run, _SYSTEM, service.record, batch))
            self._under_way.difference_update(each.delivery_id for each in batch)
            self._room.set()

    async def _again(self, work: Callable[[], Awaitable[R]]) -> R:
        """Until the base is there."""
        while True:
            try:
                return await work()
            except ServiceUnavailable:
                log.warning("deliveries wait for the base")
                await asyncio.sleep(0.5)


def _told(answer: Answer) -> tuple[int | None, str | None, int]:
    return answer.status, answer.failure, answer.latency_ms


async def deliver(database: Database) -> None:
    """The timed work: runs as long as the lead."""
    settings = database.settings
    assert isinstance(settings, GatewaySettings)
    outbound = Outbound(settings.private_partners)
    try:
        await Deliverer(database, outbound, Sealer(settings.secret), settings.delivery_timeout_s).run()
    finally:
        await outbound.close()


async def forget(database: Database) -> None:
    """The timed work: what is older than thirty days, piece by piece."""
    while await database.run(_SYSTEM, service.forget):
        pass
