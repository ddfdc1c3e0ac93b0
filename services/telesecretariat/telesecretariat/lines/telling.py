"""Says when a line opens and closes: once for each change, also one that a new calendar makes."""

from contracts.telesecretariat import LineClosed, LineOpened
from maillage.database import Tx
from telesecretariat.lines import queries
from telesecretariat.lines.domain import opening
from telesecretariat.lines.rows import Line


async def tell_openings(tx: Tx) -> None:
    """`line_opened` or `line_closed` for each line whose state has changed, or whose hours were set anew."""
    for row in await queries.due_to_tell(tx):
        line = Line.of(row)
        now = opening(line.calendar, tx.now)
        kind = LineOpened if now.open else LineClosed
        if now.open != line.open_told or row["tell_at"] is None:
            tx.emit(
                kind(
                    line_id=line.id,
                    client_id=line.client_id,
                    until=now.until,
                    next_opening=now.next_opening,
                    cause=now.cause,
                ),
                line.organisation_id,
            )
        await queries.told(tx, line.id, now.open, now.until)
