"""A clock that a test drives: this process and the bases of its running services show the same moved instant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg

from maillage import clock

_FOLLOW = """
CREATE TABLE IF NOT EXISTS test_clock (moved interval NOT NULL);
GRANT SELECT ON test_clock TO PUBLIC;
TRUNCATE test_clock;
INSERT INTO test_clock VALUES ('0');
CREATE OR REPLACE FUNCTION kit_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT now() + (SELECT moved FROM test_clock)
$$;
"""


besides: list[str] = []
"""Bases that are moved as well, as superuser: those of the doors that stand before the services of a test."""


class DrivenClock:
    """Moves by hand, and goes on running from where it was put. Tokens live 100 s: sign again after a move."""

    def __init__(self, connections: list[asyncpg.Connection]) -> None:
        self._connections = connections

    async def to(self, at: datetime) -> None:
        """Puts every clock to this instant."""
        moved = at - datetime.now(UTC)
        for connection in self._connections:
            await connection.execute("UPDATE test_clock SET moved = $1", moved)
        clock.set_offset(moved)

    async def forward(self, by: timedelta) -> None:
        """Moves every clock on."""
        await self.to(clock.now() + by)


@asynccontextmanager
async def driven(*admin_urls: str) -> AsyncIterator[DrivenClock]:
    """`async with driven(admin_of(running.database_url)) as time: await time.to(…)`: for services of this process."""
    connections = [await asyncpg.connect(url) for url in {*admin_urls, *besides}]
    try:
        for connection in connections:
            await connection.execute(_FOLLOW)
        yield DrivenClock(connections)
    finally:
        clock.set_offset(timedelta(0))
        for connection in connections:
            await connection.close()
