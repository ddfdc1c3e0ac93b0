"""Use cases of blocks: the list that a theatre keeps."""

from datetime import datetime, timedelta
from typing import Final

from cooperation.blocks import queries
from cooperation.blocks.schemas import BlockedThing, BlockList
from cooperation.members.keeping import wire
from cooperation.members.parameters import own_group
from maillage.database import Tx

OVERLAP: Final = timedelta(minutes=1)
"""What was being written while the last list was made is in the next."""


async def blocked(tx: Tx, since: datetime | None) -> BlockList:
    """The caller's packs, sets and instruments that must not be used today. Refused: `NOT_FOUND` out of any group."""
    today = (await own_group(tx)).day(tx.now)
    begins = since - OVERLAP if since is not None else None
    rows = await tx.fetch(queries.BLOCKED, begins, today)
    lifted = set()
    if begins is not None:
        still = {row["id"] for row in await tx.fetch(queries.BLOCKED, None, today)}
        lifted = {row["uri"] for row in await tx.fetch(queries.LIFTED, begins) if row["id"] not in still}
    return BlockList(as_of=tx.now, blocked=[wire(BlockedThing, row) for row in rows], lifted=sorted(lifted))
