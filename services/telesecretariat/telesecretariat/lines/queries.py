"""SQL of lines and calendars, and of what a closed line may announce."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from maillage.database import Tx

LINE = """
SELECT l.*, c.weekly, c.holiday_set, c.exceptions, c.drain_minutes
FROM line l JOIN calendar c ON c.id = l.calendar_id
"""


async def line(tx: Tx, line_id: UUID, *, lock: bool = False) -> Record | None:
    """One line within reach, with its hours."""
    if lock:
        return await tx.fetchrow(LINE + "WHERE l.id = $1 FOR NO KEY UPDATE OF l", line_id)
    return await tx.fetchrow(LINE + "WHERE l.id = $1", line_id)


async def line_by_number(tx: Tx, adapter_id: str, number: str) -> Record | None:
    """The active line that an adapter serves under a number (E.164)."""
    return await tx.fetchrow(LINE + "WHERE l.number = $2 AND l.adapter_id = $1 AND l.active", adapter_id, number)


async def notices(tx: Tx, organisation_id: UUID, sectors: Sequence[str], at: datetime) -> list[Record]:
    """What may be announced of the duty of these sectors at an instant, in the order of the sectors."""
    return await tx.fetch(
        """
        SELECT sector, parts FROM duty_notice
        WHERE organisation_id = $1 AND sector = ANY ($2) AND read_at <= $3 AND valid_until > $3 AND parts <> '[]'
        ORDER BY array_position($2, sector)
        """,
        organisation_id,
        list(sectors),
        at,
    )
