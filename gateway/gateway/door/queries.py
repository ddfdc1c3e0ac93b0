"""SQL of the door: what all of its processes count together."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def add_days(tx: Tx, counted: Sequence[tuple[UUID, date, int]]) -> list[Row]:
    """Adds requests of clients to their days; the sums over all processes. In the order of the key, so that two
    processes never wait for each other."""
    clients, days, numbers = zip(*sorted(counted), strict=True)
    return await tx.fetch(
        """INSERT INTO client_day (client_id, day, requests)
           SELECT * FROM unnest($1::uuid[], $2::date[], $3::bigint[])
           ON CONFLICT (client_id, day) DO UPDATE SET requests = client_day.requests + excluded.requests
           RETURNING client_id, day, requests""",
        list(clients), list(days), list(numbers),
    )  # fmt: skip
