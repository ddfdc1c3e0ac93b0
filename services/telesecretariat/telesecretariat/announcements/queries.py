"""SQL of announcements."""

from uuid import UUID

from maillage.database import Tx

COLUMNS = "id, organisation_id, client_id, line_id, moment, parts, version, created_at"


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
