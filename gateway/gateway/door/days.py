"""How much in a day: a partner's requests, counted in the base, where all processes add theirs (gateway 3.7)."""

import asyncio
import math
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from gateway.door import queries
from maillage import clock
from maillage.database import Database
from maillage.principal import system
from maillage.refusals import ServiceUnavailable

log = structlog.get_logger()
TOLD_S: Final = 3.0
_PARIS: Final = ZoneInfo("Europe/Paris")
_SYSTEM: Final = system("gateway")


class Days:
    """Counts in memory, and tells the base every few seconds; what other processes count is known as late.

    A limit is overrun by at most what the replicas let through in those seconds. Without the base each counts for
    itself, and tells later.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._day, self._ends = _today(clock.now())
        self._seconds = math.ceil(self.left_s())
        self._told: dict[str, int] = {}
        """What the base knew, with our own share."""
        self._own: Counter[str] = Counter()
        """What it does not know yet."""
        self._late: Counter[tuple[str, date]] = Counter()
        """The same of days that are over."""
        self.policy: Final = b'"day";q=%d;w=86400' % most

    def take(self, client_id: str) -> bool:
        """Counts one request; False: the day's are used up, and it is not counted."""
        if self._used(client_id) >= self._most:
            if clock.now() < self._ends:
                return False
            self._turn()
        self._own[client_id] = self._own.get(client_id, 0) + 1
        return True

    def left_s(self) -> float:
        """Seconds until the day ends, in Paris."""
        return max(0.0, (self._ends - clock.now()).total_seconds())

    def told(self, client_id: str) -> bytes:
        """The value of `RateLimit`: what is left of the day, in requests and in seconds, as of the last telling."""
        return b'"day";r=%d;t=%d' % (max(0, self._most - self._used(client_id)), self._seconds)

    async def tell(self, database: Database) -> None:
        """Adds what was counted since to the base, in one statement, and learns the sums."""
        if clock.now() >= self._ends:
            self._turn()
        self._seconds = math.ceil(self.left_s())
        own, late, day = self._own, self._late, self._day
        self._own, self._late = Counter(), Counter()
        added = [*late.items(), *(((client_id, day), n) for client_id, n in own.items())]
        if not added:
            return
        before = {client_id: self._told.get(client_id, 0) for client_id in own}
        if day == self._day:
            self._told.update({client_id: before[client_id] + n for client_id, n in own.items()})
        try:
            rows = await database.run(_SYSTEM, queries.add_days, [(UUID(key), day, n) for (key, day), n in added])
        except BaseException:
            self._put_back(own, late, day, before)
            raise
        self._told.update({str(row["client_id"]): row["requests"] for row in rows if row["day"] == self._day})

    async def keep_told(self, database: Database) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(TOLD_S)
            try:
                await self.tell(database)
            except ServiceUnavailable:
                log.warning("requests of the day not told")

    def _used(self, client_id: str) -> int:
        return self._told.get(client_id, 0) + self._own.get(client_id, 0)

    def _put_back(self, own: Counter[str], late: Counter[tuple[str, date]], day: date, before: dict[str, int]) -> None:
        self._late.update(late)
        if day == self._day:
            self._own.update(own)
            self._told.update(before)
        else:
            self._late.update({(client_id, day): n for client_id, n in own.items()})

    def _turn(self) -> None:
        """A new day: what is not told yet belongs to the old one."""
        self._late.update({(client_id, self._day): n for client_id, n in self._own.items() if n})
        self._own.clear()
        self._told.clear()
        self._day, self._ends = _today(clock.now())
        self._seconds = math.ceil(self.left_s())


def _today(now: datetime) -> tuple[date, datetime]:
    """The day in Paris, and the instant at which it ends there."""
    day = now.astimezone(_PARIS).date()
    return day, datetime.combine(day + timedelta(days=1), time(), _PARIS)
