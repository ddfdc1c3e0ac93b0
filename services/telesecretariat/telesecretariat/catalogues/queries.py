"""SQL of catalogues."""

from uuid import UUID

from asyncpg import Record

from maillage.database import Tx
from telesecretariat.catalogues.schemas import EntryIn

SET = ("label_fr", "label_en", "facts", "active")


async def entry(tx: Tx, entry_id: UUID) -> Record | None:
    """One entry within reach, locked."""
    return await tx.fetchrow("SELECT * FROM catalogue_entry WHERE id = $1 FOR NO KEY UPDATE", entry_id)


async def entries(tx: Tx, kind: str | None, after: UUID | None, limit: int) -> list[Record]:
    """Entries by id, of a kind or all, also those switched off."""
    return await tx.fetch(
        """
        SELECT * FROM catalogue_entry WHERE ($1::text IS NULL OR kind = $1) AND ($2::uuid IS NULL OR id > $2)
        ORDER BY id LIMIT $3
        """,
        kind,
        after,
        limit,
    )


async def add(tx: Tx, entry_id: UUID, organisation_id: UUID | None, body: EntryIn) -> Record | None:
    """A new entry; None when kind and code are taken."""
    return await tx.fetchrow(
        """
        INSERT INTO catalogue_entry (id, organisation_id, kind, code, label_fr, label_en, facts, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation_id, kind, code) DO NOTHING RETURNING *
        """,
        entry_id,
        organisation_id,
        body.kind,
        body.code,
        body.label_fr,
        body.label_en,
        body.facts.model_dump(mode="json", exclude_none=True),
        tx.now,
    )


async def change(tx: Tx, entry_id: UUID, values: list[object]) -> Record | None:
    """Labels, facts, whether it may be chosen."""
    return await tx.fetchrow(
        """
        UPDATE catalogue_entry SET label_fr = $2, label_en = $3, facts = $4, active = $5, version = version + 1
        WHERE id = $1 RETURNING *
        """,
        entry_id,
        *values,
    )
