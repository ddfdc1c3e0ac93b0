"""Timed work of one service: one worker at a time does it, the others wait to take over."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import asyncpg
import structlog

from maillage import audit, clock
from maillage.database import Database, Tx
from maillage.lead import Leader
from maillage.outbox import PURGE
from maillage.principal import system
from maillage.refusals import Refusal
from maillage.settings import ServiceSettings

log = structlog.get_logger()
T = TypeVar("T")
LOCK = 0x4A4F4253
LEAST_REST_S = 0.1
"""Of the machine's time: where the clock runs faster, timed work does not take all of the machine."""
FORGET_KEYS = "DELETE FROM kit.idempotency WHERE created_at < now() - $1::int * interval '1 day'"


@dataclass(frozen=True, slots=True)
class Job:
    """A use case run every `every_s` seconds by the leading worker, as the service itself.

    With `database` instead of `use_case`, the function gets the database and makes its own transactions (for
    calls to third parties between two).
    """

    name: str
    every_s: float
    use_case: Callable[[Tx], Awaitable[object]] | None = None
    database: Callable[[Database], Awaitable[object]] | None = None


async def one_by_one(database: Database, use_case: Callable[[Tx, T], Awaitable[object]], rows: Iterable[T]) -> None:
    """The use case for each row, as the service itself, each in its own transaction. What goes wrong with one is logged
    and stops none of the others; it is tried again the next time."""
    for row in rows:
        try:
            await database.run(system(database.settings.SERVICE), use_case, row)
        except Refusal as refusal:
            log.warning("row put off", use_case=use_case.__qualname__, code=refusal.code)
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):
            raise
        except asyncpg.PostgresError as wrong:
            # The error's own words may hold values of rows.
            log.error("row failed", use_case=use_case.__qualname__, error=type(wrong).__name__, sqlstate=wrong.sqlstate)
        except Exception:
            log.exception("row failed", use_case=use_case.__qualname__)


async def _forget(tx: Tx, outbox_days: int, key_days: int) -> None:
    await tx.execute(PURGE, outbox_days)
    await tx.execute(FORGET_KEYS, key_days)


def kit_jobs(settings: ServiceSettings) -> list[Job]:
    """What every service does by itself: seal the audit, forget old events and keys."""

    async def forget(tx: Tx) -> None:
        await _forget(tx, settings.outbox_retention_days, settings.idempotency_retention_days)

    return [Job("seal the audit", 1.0, audit.seal), Job("forget", 3600.0, forget)]


class Timers:
    """Runs the jobs of one service while it leads."""

    def __init__(self, settings: ServiceSettings, jobs: Sequence[Job], database: Database) -> None:
        self._settings, self._jobs, self._database = settings, [*kit_jobs(settings), *jobs], database
        self._leader = Leader(settings, LOCK, "timers")

    async def run(self) -> None:
        """For ever: does each job in its time, while it leads."""
        await self._leader.run(self._work)

    async def _work(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for job in self._jobs:
                    group.create_task(self._repeat(job))
                group.create_task(_watch(connection))
        except* (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as lost:
            raise lost.exceptions[0] from None

    async def _repeat(self, job: Job) -> None:
        while True:
            try:
                if job.use_case is not None:
                    await self._database.run(system(self._settings.SERVICE), job.use_case)
                if job.database is not None:
                    await job.database(self._database)
            except Refusal as refusal:
                log.warning("job put off", job=job.name, code=refusal.code)
            except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):
                raise
            except asyncpg.PostgresError as wrong:
                # One job's mistake is not the others': they go on. The error's own words may hold values of rows.
                log.error("job failed", job=job.name, error=type(wrong).__name__, sqlstate=wrong.sqlstate)
            except Exception:
                log.exception("job failed", job=job.name)
            await asyncio.sleep(max(job.every_s / clock.rate(), min(job.every_s, LEAST_REST_S)))


async def _watch(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Ends the lead when the connection that holds the lock is gone."""
    while True:
        await asyncio.sleep(1)
        await connection.fetchval("SELECT 1")
