"""SQL of delegations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def add_delegation(
    tx: Tx,
    delegation_id: UUID,
    provider_id: UUID,
    client_id: UUID,
    permissions: Sequence[str],
    valid_from: datetime,
    valid_to: datetime | None,
) -> Row | None:
    """The provider acts for the client; None when it does already at some of that time."""
    return await tx.fetchrow(
        """INSERT INTO delegation (id, provider_id, client_id, permissions, valid) VALUES ($1, $2, $3, $4,
           tstzrange($5, $6))
           ON CONFLICT DO NOTHING
           RETURNING id, provider_id, client_id, permissions, lower(valid) AS valid_from, upper(valid) AS valid_to""",
        delegation_id, provider_id, client_id, list(permissions), valid_from, valid_to,
    )  # fmt: skip
