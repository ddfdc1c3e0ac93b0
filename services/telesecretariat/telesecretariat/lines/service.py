"""Lines for the use cases that follow them: which one, whether it answers, what its caller hears."""

from datetime import datetime
from uuid import UUID

from maillage.database import Tx
from maillage.refusals import NotFound
from telesecretariat.announcements.service import spoken
from telesecretariat.lines import announcing, queries
from telesecretariat.lines.domain import may_still_be_served, opening
from telesecretariat.lines.rows import Line
from telesecretariat.lines.schemas import OpeningOut

__all__ = ["Line", "line", "line_by_number", "may_wait", "next_opening", "opening_at", "opening_now"]


async def line(tx: Tx, line_id: UUID) -> Line:
    """One line with its hours. Refused: `NOT_FOUND`, also out of reach."""
    row = await queries.line(tx, line_id)
    if row is None:
        raise NotFound
    return Line.of(row)


async def line_by_number(tx: Tx, adapter_id: str, number: str) -> Line | None:
    """The line that an adapter serves under this number (E.164); None when it is not one of ours."""
    row = await queries.line_by_number(tx, adapter_id, number)
    return None if row is None else Line.of(row)


async def opening_at(tx: Tx, line: Line, at: datetime) -> OpeningOut:
    """Whether the line answers at an instant, and what a caller would hear then. Asks nobody outside the base."""
    told = opening(line.calendar, at)
    if told.open:
        parts = [*await spoken(tx, line, "welcome"), *await spoken(tx, line, "monitoring")]
    else:
        parts = await announcing.closed(tx, line, at, told.next_opening)
    return OpeningOut(
        open=told.open,
        until=told.until,
        next_opening=told.next_opening,
        reason=told.cause,
        announcement_parts=parts,
    )


async def opening_now(tx: Tx, line_id: UUID, at: datetime | None) -> OpeningOut:
    """As `opening_at`, of an active line, now unless an instant is given. Refused: `NOT_FOUND`."""
    found = await line(tx, line_id)
    if not found.active:
        raise NotFound
    return await opening_at(tx, found, at or tx.now)


async def may_wait(tx: Tx, line: Line, queued_at: datetime, at: datetime) -> bool:
    """Whether who was queued in time may go on waiting: while open, and for the line's drain after closing."""
    return may_still_be_served(line.calendar, queued_at, at, line.drain)


def next_opening(line: Line, at: datetime) -> datetime | None:
    """When the line next begins to answer after an instant, whether it is open then or not; None within 400 days."""
    for begins, _ in line.calendar.following(at):
        if begins > at:
            return begins
    return None
