"""SQL of reading the audit: the names of those who acted."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from maillage.database import Tx


async def names(tx: Tx, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """The names of persons and of partners' machines."""
    return await tx.fetch(
        """SELECT 'person:' || id AS sub, display_name AS name FROM person WHERE id = ANY($1::uuid[])
           UNION ALL SELECT 'client:' || id, name FROM client WHERE id = ANY($1::uuid[])""",
        ids,
    )
