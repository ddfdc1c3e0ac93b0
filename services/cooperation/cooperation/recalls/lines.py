"""How a line of a recall ends. The ways lead here: `securing`, `following`, `settling`, `closing`."""

from dataclasses import replace
from datetime import datetime

from contracts.cooperation import LineEnd, RecallLineEnded
from cooperation.recalls import queries
from cooperation.recalls.rows import RecallLine
from cooperation.trace.recording import change
from maillage.database import Tx


async def end(tx: Tx, line: RecallLine, ended: LineEnd, at: datetime) -> RecallLine:
    """A locked line is accounted for; its organisation is told how many of its lines are left."""
    after = await change(tx, line, replace(line, ended=ended, ended_at=at), f"recall_line.{ended}", at=at)
    left = await tx.fetchval(queries.LEFT_OF, line.recall_id, line.organisation_id)
    assert isinstance(left, int)
    tx.emit(
        RecallLineEnded(
            recall_id=line.recall_id,
            line_id=line.id,
            subject_id=line.subject_id,
            ended=ended,
            left=left,
            at=at,
        ),
        line.organisation_id,
    )
    return after
