"""SQL of the set-up of agents."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from maillage.database import Tx


async def agents(tx: Tx, after: UUID | None, limit: int) -> list[Record]:
    """Agents by id, also those switched off."""
    return await tx.fetch("SELECT * FROM agent WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2", after, limit)


async def works_here(tx: Tx, person_id: UUID, organisation_id: UUID | None) -> object:
    """Whether a person may answer calls in this organisation now."""
    return await tx.fetchval(
        """
        SELECT true FROM membership_ref
        WHERE person_id = $1 AND organisation_id = $2 AND role IN ('telesecretary', 'supervisor')
          AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)
        """,
        person_id,
        organisation_id,
        tx.now,
    )


async def add(tx: Tx, person_id: UUID, organisation_id: UUID | None, label: str, skills: Sequence[str]) -> object:
    """A new agent, offline; None when the person is one."""
    return await tx.fetchval(
        """
        INSERT INTO agent (id, organisation_id, label, skills, state_since, created_at) VALUES ($1, $2, $3, $4, $5, $5)
        ON CONFLICT (id) DO NOTHING RETURNING id
        """,
        person_id,
        organisation_id,
        label,
        list(skills),
        tx.now,
    )
