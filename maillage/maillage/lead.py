"""Who leads: one connection at a time holds an advisory lock and loses it when it dies; the others wait."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from maillage import clock
from maillage.settings import ServiceSettings

log = structlog.get_logger()
TAKE = "SELECT pg_try_advisory_lock($1)"
Work = Callable[["asyncpg.Connection[asyncpg.Record]"], Awaitable[None]]


class Leader:
    """Does one work of a service, in one process at a time."""

    def __init__(self, settings: ServiceSettings, lock: int, name: str) -> None:
        self._settings, self._lock, self._name = settings, lock, name

    async def run(self, work: Work) -> None:
        """For ever: waits for the lock, works with the connection that holds it, begins again after a loss of the base.

        The connection sees all organisations.
        """
        while True:
            try:
                await self._lead(work)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as away:
                log.warning("lead lost", work=self._name, error=type(away).__name__)
            await asyncio.sleep(0.5)

    async def _lead(self, work: Work) -> None:
        connection = await asyncpg.connect(
            self._settings.postgres_url,
            timeout=5,
            server_settings={
                "maillage.orgs": "*",
                "application_name": f"maillage-{self._name}",
            }
            | clock.server_settings(self._settings.clock_offset_s),
        )
        try:
            # Asked once a second, for a session that waits in the base would hold back whoever cleans up there.
            while not await connection.fetchval(TAKE, self._lock):  # noqa: ASYNC110
                await asyncio.sleep(1)
            await work(connection)
        finally:
            connection.terminate()
