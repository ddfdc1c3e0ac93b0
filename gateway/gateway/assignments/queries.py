"""SQL of the copy of assignments. A fact older than the stored one changes nothing."""

from datetime import datetime
from uuid import UUID

import asyncpg

from maillage.database import Tx


async def put(
    tx: Tx,
    assignment_id: UUID,
    organisation_id: UUID,
    agent_id: UUID,
    client_id: UUID,
    valid: "asyncpg.Range[datetime]",
    version: int,
) -> None:
    """Keeps the newest version."""
    await tx.execute(
        """INSERT INTO assignment AS a (id, organisation_id, agent_id, client_id, valid, version)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (id) DO UPDATE SET valid = excluded.valid, version = excluded.version
           WHERE a.version < excluded.version""",
        assignment_id, organisation_id, agent_id, client_id, valid, version,
    )  # fmt: skip
