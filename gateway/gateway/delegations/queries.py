"""SQL of delegations. Both ends see them: the names of the other end come with the row, nothing else of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record

_DELEGATION = """d.id, d.provider_id, d.client_id, d.permissions, lower(d.valid) AS valid_from,
    upper(d.valid) AS valid_to, d.version,
    (SELECT name FROM organisation WHERE id = d.provider_id) AS provider_name,
    (SELECT name FROM organisation WHERE id = d.client_id) AS client_name"""


async def of_organisation(tx: Tx, organisation_id: UUID, after: UUID | None, limit: int) -> list[Row]:
    """What an organisation gave and received, by id."""
    return await tx.fetch(
        "SELECT " + _DELEGATION + " FROM delegation d WHERE $1 IN (d.client_id, d.provider_id)"
        " AND ($2::uuid IS NULL OR d.id > $2) ORDER BY d.id LIMIT $3",
        organisation_id, after, limit,
    )  # fmt: skip


async def one(tx: Tx, delegation_id: UUID, organisation_id: UUID) -> Row | None:
    """One that an organisation gave or received, locked for the change to come."""
    return await tx.fetchrow(
        "SELECT " + _DELEGATION + " FROM delegation d WHERE d.id = $1 AND $2 IN (d.client_id, d.provider_id)"
        " FOR UPDATE OF d",
        delegation_id, organisation_id,
    )  # fmt: skip


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
        """INSERT INTO delegation AS d (id, provider_id, client_id, permissions, valid)
           VALUES ($1, $2, $3, $4, tstzrange($5, $6)) ON CONFLICT DO NOTHING RETURNING """ + _DELEGATION,
        delegation_id, provider_id, client_id, list(permissions), valid_from, valid_to,
    )  # fmt: skip


async def overlaps(tx: Tx, row: Row, valid_to: datetime) -> bool:
    """Whether another one between the same two begins before a later end."""
    return bool(
        await tx.fetchval(
            """SELECT EXISTS (SELECT FROM delegation d WHERE d.id <> $1 AND d.provider_id = $2 AND d.client_id = $3
               AND d.valid && tstzrange($4, $5))""",
            row["id"], row["provider_id"], row["client_id"], row["valid_from"], valid_to,
        )
    )  # fmt: skip


async def set_end(tx: Tx, delegation_id: UUID, valid_to: datetime) -> Row:
    """It ends then."""
    row = await tx.fetchrow(
        """UPDATE delegation d SET valid = tstzrange(lower(valid), $2), version = version + 1 WHERE id = $1
           RETURNING """ + _DELEGATION,
        delegation_id, valid_to,
    )  # fmt: skip
    assert row is not None
    return row


async def remove(tx: Tx, delegation_id: UUID) -> None:
    """One that never began; the audit keeps that it was given."""
    await tx.execute("DELETE FROM delegation WHERE id = $1", delegation_id)
