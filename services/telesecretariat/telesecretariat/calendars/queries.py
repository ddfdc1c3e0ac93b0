"""SQL of calendars."""

from uuid import UUID

from asyncpg import Record

from maillage.database import Tx

SET = ("name", "weekly", "holiday_set", "exceptions", "drain_minutes")


async def calendar(tx: Tx, calendar_id: UUID, *, lock: bool = False) -> Record | None:
    """One calendar within reach."""
    if lock:
        return await tx.fetchrow("SELECT * FROM calendar WHERE id = $1 FOR NO KEY UPDATE", calendar_id)
    return await tx.fetchrow("SELECT * FROM calendar WHERE id = $1", calendar_id)


async def calendars(tx: Tx, after: UUID | None, limit: int) -> list[Record]:
    """Calendars by id."""
    return await tx.fetch("SELECT * FROM calendar WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2", after, limit)


async def add(tx: Tx, calendar_id: UUID, organisation_id: UUID, values: list[object]) -> Record | None:
    """A new calendar of a centre."""
    return await tx.fetchrow(
        """
        INSERT INTO calendar (id, organisation_id, name, weekly, holiday_set, exceptions, drain_minutes, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *
        """,
        calendar_id,
        organisation_id,
        *values,
        tx.now,
    )


async def change(tx: Tx, calendar_id: UUID, values: list[object]) -> Record | None:
    """All that may be set; whether its lines are open is told anew."""
    return await tx.fetchrow(
        """
        WITH told AS (UPDATE line SET tell_at = NULL WHERE calendar_id = $1)
        UPDATE calendar SET name = $2, weekly = $3, holiday_set = $4, exceptions = $5, drain_minutes = $6,
               version = version + 1
        WHERE id = $1 RETURNING *
        """,
        calendar_id,
        *values,
    )
