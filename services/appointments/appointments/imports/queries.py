"""SQL of imports."""

from uuid import UUID

from asyncpg import Record
from pydantic import JsonValue

from maillage.database import Tx


async def keep(
    tx: Tx, organisation_id: UUID, kind: str, state: str, line_count: int, faults: JsonValue, changes: JsonValue
) -> Record | None:
    """Keeps what an import, or its dry run, came to."""
    return await tx.fetchrow(
        """
        INSERT INTO import (organisation_id, kind, dry_run, state, line_count, faults, changes, by, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *
        """,
        organisation_id,
        kind,
        state != "applied",
        state,
        line_count,
        faults,
        changes,
        tx.principal.sub,
        tx.now,
    )


async def one(tx: Tx, import_id: UUID) -> Record | None:
    """One import within reach."""
    return await tx.fetchrow("SELECT * FROM import WHERE id = $1", import_id)


async def schedules(tx: Tx, organisation_id: UUID) -> dict[tuple[UUID, UUID], UUID]:
    """Every agenda of one organisation by practitioner and site."""
    rows = await tx.fetch(
        "SELECT id, practitioner_id, site_id FROM schedule WHERE organisation_id = $1 ORDER BY id", organisation_id
    )
    return {(row["practitioner_id"], row["site_id"]): row["id"] for row in rows}


async def rooms(tx: Tx, organisation_id: UUID) -> dict[tuple[UUID, str], list[UUID]]:
    """The active rooms of one organisation by site and name."""
    rows = await tx.fetch(
        "SELECT id, site_id, name FROM resource WHERE organisation_id = $1 AND kind = 'room' AND active ORDER BY id",
        organisation_id,
    )
    found: dict[tuple[UUID, str], list[UUID]] = {}
    for row in rows:
        found.setdefault((row["site_id"], row["name"]), []).append(row["id"])
    return found
