"""SQL of subscriptions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record
_COLUMNS = """s.id, s.client_id, s.organisation_id, s.mode, s.url, s.types, s.secrets_sealed, s.rotated_at, s.state,
    s.disabled_reason, s.disabled_at, s.last_success_at, s.failing_since, s.last_position, s.forgotten_to,
    s.created_at, s.version"""


async def client(tx: Tx, client_id: UUID) -> Row | None:
    """A reached machine; locked, so that two additions count each other."""
    return await tx.fetchrow(
        "SELECT id, organisation_id, scopes FROM client WHERE id = $1 FOR NO KEY UPDATE", client_id
    )


async def number_of(tx: Tx, client_id: UUID) -> int:
    """How many subscriptions a machine has."""
    number = await tx.fetchval("SELECT count(*) FROM subscription WHERE client_id = $1", client_id)
    return number if isinstance(number, int) else 0


async def page(tx: Tx, client_id: UUID | None, after: UUID | None, limit: int) -> list[Row]:
    """Reached subscriptions, of one machine or of all, by id."""
    return await tx.fetch(
        "SELECT " + _COLUMNS + """ FROM subscription s
           WHERE ($1::uuid IS NULL OR s.client_id = $1) AND ($2::uuid IS NULL OR s.id > $2) ORDER BY s.id LIMIT $3""",
        client_id, after, limit,
    )  # fmt: skip


async def one(tx: Tx, subscription_id: UUID, client_id: UUID | None) -> Row | None:
    """A reached subscription; with `client_id`, of that machine only."""
    return await tx.fetchrow(
        "SELECT " + _COLUMNS + " FROM subscription s WHERE s.id = $1 AND ($2::uuid IS NULL OR s.client_id = $2)",
        subscription_id, client_id,
    )  # fmt: skip


async def locked(tx: Tx, subscription_id: UUID, client_id: UUID | None) -> Row | None:
    """The same, for the change to come."""
    return await tx.fetchrow(
        "SELECT " + _COLUMNS + """ FROM subscription s WHERE s.id = $1 AND ($2::uuid IS NULL OR s.client_id = $2)
           FOR NO KEY UPDATE""",
        subscription_id, client_id,
    )  # fmt: skip


async def add(
    tx: Tx, subscription_id: UUID, client_row: Row, url: str | None, types: Sequence[str], sealed: Sequence[bytes]
) -> Row:
    """A new one: a webhook waits for its first ping, reading needs none."""
    row = await tx.fetchrow(
        """INSERT INTO subscription AS s (id, client_id, organisation_id, mode, url, types, secrets_sealed, state,
                                          created_at)
           VALUES ($1, $2, $3, CASE WHEN $4::text IS NULL THEN 'pull' ELSE 'webhook' END, $4, $5, $6,
                   CASE WHEN $4::text IS NULL THEN 'active' ELSE 'pending' END, $7) RETURNING """ + _COLUMNS,
        subscription_id, client_row["id"], client_row["organisation_id"], url, list(types), list(sealed), tx.now,
    )  # fmt: skip
    assert row is not None
    return row


async def change(tx: Tx, subscription_id: UUID, url: str | None, types: Sequence[str]) -> Row:
    """Another address, other types."""
    row = await tx.fetchrow(
        "UPDATE subscription s SET url = $2, types = $3, version = version + 1 WHERE id = $1 RETURNING " + _COLUMNS,
        subscription_id, url, list(types),
    )  # fmt: skip
    assert row is not None
    return row


async def activate(tx: Tx, subscription_id: UUID) -> Row:
    """It answered: events go there from now on."""
    row = await tx.fetchrow(
        """UPDATE subscription s SET state = 'active', disabled_reason = NULL, disabled_at = NULL, told_at = NULL,
               failing_since = NULL, last_success_at = $2, version = version + 1
           WHERE id = $1 RETURNING """ + _COLUMNS,
        subscription_id, tx.now,
    )  # fmt: skip
    assert row is not None
    return row


async def rotate(tx: Tx, subscription_id: UUID, sealed: bytes) -> Row:
    """A new secret before the present one; an older one ends."""
    row = await tx.fetchrow(
        """UPDATE subscription s SET secrets_sealed = ARRAY[$2::bytea, secrets_sealed[1]], rotated_at = $3,
               version = version + 1
           WHERE id = $1 RETURNING """ + _COLUMNS,
        subscription_id, sealed, tx.now,
    )  # fmt: skip
    assert row is not None
    return row


async def drop_old_secrets(tx: Tx, before: datetime) -> None:
    """Secrets that no longer sign."""
    await tx.execute(
        """UPDATE subscription SET secrets_sealed = secrets_sealed[1:1]
           WHERE rotated_at < $1 AND cardinality(secrets_sealed) > 1""",
        before,
    )


async def disable(tx: Tx, subscription_ids: Sequence[UUID], reason: str) -> list[Row]:
    """Active ones that get nothing more; those that were active."""
    return await tx.fetch(
        """UPDATE subscription s SET state = 'disabled', disabled_reason = $2, disabled_at = $3, told_at = NULL,
               version = version + 1
           WHERE id = ANY ($1::uuid[]) AND state = 'active' RETURNING """ + _COLUMNS,
        subscription_ids, reason, tx.now,
    )  # fmt: skip


async def dead(tx: Tx, since: datetime) -> list[UUID]:
    """Active ones that have failed without a success from before that instant on."""
    rows = await tx.fetch(
        "SELECT id FROM subscription WHERE state = 'active' AND failing_since < $1 ORDER BY id FOR NO KEY UPDATE", since
    )
    return [row["id"] for row in rows]


async def untold(tx: Tx) -> list[Row]:
    """Disabled ones of which no mail was sent yet, with the addresses of their organisation's administrators."""
    return await tx.fetch(
        """SELECT s.id, s.disabled_reason, c.name, array_agg(DISTINCT p.email) FILTER (WHERE p.email IS NOT NULL) AS
               addresses
           FROM subscription s
           JOIN client c ON c.id = s.client_id
           LEFT JOIN membership m ON m.organisation_id = s.organisation_id AND m.role = 'administrator'
               AND m.valid @> kit_now()
           LEFT JOIN person p ON p.id = m.person_id AND p.status = 'active'
           WHERE s.state = 'disabled' AND s.told_at IS NULL
           GROUP BY s.id, s.disabled_reason, c.name, s.disabled_at ORDER BY s.disabled_at LIMIT 50"""
    )


async def told(tx: Tx, subscription_id: UUID) -> None:
    """The mail has left."""
    await tx.execute("UPDATE subscription SET told_at = $2 WHERE id = $1", subscription_id, tx.now)


async def remove(tx: Tx, subscription_id: UUID) -> None:
    """It ends; its deliveries went before."""
    await tx.execute("DELETE FROM subscription WHERE id = $1", subscription_id)
