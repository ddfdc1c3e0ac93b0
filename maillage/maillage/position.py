"""Where the live stream stands, told with a snapshot: what is read after it is newer than that place, never older.

The relay keeps it, once a second. A screen shows the snapshot, then asks the stream for what came after: an event may
come that the snapshot holds already, none is missed.
"""

from maillage.database import Tx

POSITION = "SELECT epoch || '.' || position FROM kit.stream_position"


async def as_of(tx: Tx) -> str | None:
    """`<epoch>.<position>` for `?after=`; None before the broker was first reached. Read it before the rows."""
    found = await tx.fetchval(POSITION)
    return found if isinstance(found, str) else None
