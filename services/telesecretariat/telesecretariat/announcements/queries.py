"""SQL of announcements."""

from uuid import UUID

from asyncpg import Record

from maillage.database import Tx


async def spoken(tx: Tx, client_id: UUID, line_id: UUID, moment: str) -> object:
    """The parts of a moment: the line's own, else the client's; None without any."""
    return await tx.fetchval(
        """
        SELECT parts FROM announcement WHERE client_id = $1 AND (line_id = $2 OR line_id IS NULL) AND moment = $3
        ORDER BY line_id IS NULL LIMIT 1
        """,
        client_id,
        line_id,
        moment,
    )


async def announcement(tx: Tx, announcement_id: UUID) -> Record | None:
    """One announcement within reach, locked."""
    return await tx.fetchrow("SELECT * FROM announcement WHERE id = $1 FOR NO KEY UPDATE", announcement_id)


async def announcements(tx: Tx, client_id: UUID | None, after: UUID | None, limit: int) -> list[Record]:
    """Announcements by id, of a client or all."""
    return await tx.fetch(
        """
        SELECT * FROM announcement WHERE ($1::uuid IS NULL OR client_id = $1) AND ($2::uuid IS NULL OR id > $2)
        ORDER BY id LIMIT $3
        """,
        client_id,
        after,
        limit,
    )


async def is_line_of(tx: Tx, line_id: UUID, client_id: UUID) -> object:
    """Whether a line is of this client."""
    return await tx.fetchval("SELECT true FROM line WHERE id = $1 AND client_id = $2", line_id, client_id)


async def add(
    tx: Tx, announcement_id: UUID, organisation_id: UUID, client_id: UUID, line_id: UUID | None, moment: str,
    parts: list[object],
) -> Record | None:  # fmt: skip
    """A new announcement; None when that client or line has one for this moment."""
    return await tx.fetchrow(
        """
        INSERT INTO announcement (id, organisation_id, client_id, line_id, moment, parts, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (client_id, line_id, moment) DO NOTHING RETURNING *
        """,
        announcement_id,
        organisation_id,
        client_id,
        line_id,
        moment,
        parts,
        tx.now,
    )


async def change(tx: Tx, announcement_id: UUID, parts: list[object]) -> Record | None:
    """Its parts anew."""
    return await tx.fetchrow(
        "UPDATE announcement SET parts = $2, version = version + 1 WHERE id = $1 RETURNING *", announcement_id, parts
    )
