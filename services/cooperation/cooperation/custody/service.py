"""Use cases of custody: where a thing is and was, what is in a place."""

from datetime import datetime
from uuid import UUID

from cooperation.custody import queries
from cooperation.custody.moving import where
from cooperation.custody.schemas import CustodyOut, HolderOut, StayOut
from cooperation.members.keeping import after as after_id
from cooperation.members.keeping import paged, wire
from maillage import cursor
from maillage.database import Tx
from maillage.refusals import Invalid, NotFound


async def custody(tx: Tx, subject_id: UUID | None, place_id: UUID | None, limit: int, after: str | None) -> CustodyOut:
    """Of one subject or one place. Refused: `INVALID` when both or neither is named; `NOT_FOUND`."""
    if subject_id is not None and place_id is None:
        return await _of_subject(tx, subject_id, limit, after)
    if place_id is not None and subject_id is None:
        return await _of_place(tx, place_id, limit, after)
    raise Invalid(pointer="?subject_id")


async def _of_subject(tx: Tx, subject_id: UUID, limit: int, after: str | None) -> CustodyOut:
    last = cursor.decode(after, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.STAYS, subject_id, *last, limit + 1)
    if not rows and after is None:
        raise NotFound
    shown = rows[:limit]
    now = [HolderOut(id=at.id, kind=at.kind, name=at.name, site_id=at.site_id) for at in await where(tx, subject_id)]
    following = cursor.encode(shown[-1]["since"], shown[-1]["id"]) if len(rows) > limit else None
    return CustodyOut(now=now, items=[wire(StayOut, row) for row in shown], next_cursor=following)


async def _of_place(tx: Tx, place_id: UUID, limit: int, after: str | None) -> CustodyOut:
    """A member sees its own things there and everybody's crates."""
    if await tx.fetchval(queries.PLACE, place_id) is None:
        raise NotFound
    page = paged(StayOut, await tx.fetch(queries.CONTENT, place_id, after_id(after), limit + 1), limit)
    return CustodyOut(now=[], items=page.items, next_cursor=page.next_cursor)
