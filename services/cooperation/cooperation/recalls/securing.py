"""A recalled thing is safe: scanned where nobody takes it from."""

from datetime import datetime
from uuid import UUID

from cooperation.recalls import queries
from cooperation.recalls.lines import end
from cooperation.recalls.rows import RecallLine
from cooperation.runs.rows import Run
from maillage.database import Tx


async def secure(tx: Tx, run: Run, at: datetime) -> bool:
    """A recalled pack was scanned in quarantine: its line is `secured`, in each recall that names it. It stays blocked
    until its run is aborted, or the recall is found unfounded. False when no recall waits for it, or it was used.
    The caller has the run locked and moves it."""
    return await secure_thing(tx, run.id, at)


async def secure_thing(tx: Tx, subject_id: UUID, at: datetime) -> bool:
    """As `secure`, for a line of an order too."""
    lines = [RecallLine.of(row) for row in await tx.fetch(queries.LOCK_OPEN_OF, [subject_id])]
    waiting = [line for line in lines if line.state != "used"]
    for line in waiting:
        await end(tx, line, "secured", at)
    return bool(waiting)
