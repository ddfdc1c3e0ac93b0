"""SQL of known numbers; number and label are sealed before they come here."""

from uuid import UUID

from asyncpg import Record

from maillage.database import Tx


async def number(tx: Tx, known_id: UUID) -> Record | None:
    """One known number within reach, locked."""
    return await tx.fetchrow("SELECT * FROM known_number WHERE id = $1 FOR NO KEY UPDATE", known_id)


async def numbers(tx: Tx, client_id: UUID, after: UUID | None, limit: int) -> list[Record]:
    """Known numbers of a client by id."""
    return await tx.fetch(
        "SELECT * FROM known_number WHERE client_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3",
        client_id,
        after,
        limit,
    )


async def add(
    tx: Tx, known_id: UUID, organisation_id: UUID, client_id: UUID, number_hash: bytes | None,
    number_sealed: bytes | None, kind: str, label_sealed: bytes | None,
) -> Record | None:  # fmt: skip
    """A new one; None when the client knows the number."""
    return await tx.fetchrow(
        """
        INSERT INTO known_number (id, organisation_id, client_id, number_hash, number_sealed, kind, label_sealed,
                                  created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (client_id, number_hash) DO NOTHING RETURNING *
        """,
        known_id,
        organisation_id,
        client_id,
        number_hash,
        number_sealed,
        kind,
        label_sealed,
        tx.now,
    )


async def change(tx: Tx, known_id: UUID, kind: str, label_sealed: bytes | None) -> Record | None:
    """Kind and label."""
    return await tx.fetchrow(
        """
        UPDATE known_number SET kind = $2, label_sealed = $3, version = version + 1
        WHERE id = $1 RETURNING *
        """,
        known_id,
        kind,
        label_sealed,
    )


async def forget(tx: Tx, known_id: UUID) -> Record | None:
    """Deletes one; its row as it was."""
    return await tx.fetchrow("DELETE FROM known_number WHERE id = $1 RETURNING *", known_id)
