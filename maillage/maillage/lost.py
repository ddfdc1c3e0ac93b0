"""What the broker has lost is given to it again.

Its store may be deleted, or be put back to an older copy: it acknowledges before its disk has it, so a power cut does
that. The relay keeps how far the stream was; one that was made anew, or is shorter than it was, has lost what came
after, and the outbox still has it. What arrives twice, the inbox drops.
"""

from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog
from nats.js.errors import NotFoundError
from prometheus_client import Counter

from maillage.bus import Bus
from maillage.tail import Extent

log = structlog.get_logger()
FED_AGAIN: Final = Counter("maillage_outbox_fed_again_total", "Events that the broker had lost", ["service"])
STOOD = "SELECT epoch, position FROM kit.stream_position"
AGAIN = """
WITH again AS (UPDATE kit.outbox SET published_at = NULL WHERE published_at >= $1 RETURNING 1)
SELECT count(*) FROM again
"""
AGAIN_ALL = """
WITH again AS (UPDATE kit.outbox SET published_at = NULL WHERE published_at IS NOT NULL RETURNING 1)
SELECT count(*) FROM again
"""
MARGIN: Final = timedelta(minutes=10)
"""Between the clocks of base and broker, and between an acknowledgement and its mark."""


async def feed_again(connection: "asyncpg.Connection[asyncpg.Record]", bus: Bus, service: str, found: Extent) -> int:
    """Unmarks what the stream lost since the position that was kept; how many events will leave again."""
    stood = await connection.fetchrow(STOOD)
    if stood is None or (stood["epoch"] == found.epoch and stood["position"] <= found.last):
        return 0
    count = await _unmark(connection, bus, found if stood["epoch"] == found.epoch else None)
    FED_AGAIN.labels(service).inc(count)
    log.error("the broker lost events", had=stood["position"], has=found.last, again=count)
    return count


async def _unmark(connection: "asyncpg.Connection[asyncpg.Record]", bus: Bus, shorter: Extent | None) -> int:
    """From the last event that a shorter stream still holds on; without one, all that the outbox still has."""
    since = await _told_at(bus, shorter.last) if shorter is not None and shorter.last else None
    if since is None:
        count: int = await connection.fetchval(AGAIN_ALL)
    else:
        count = await connection.fetchval(AGAIN, since - MARGIN)
    return count


async def _told_at(bus: Bus, position: int) -> datetime | None:
    """When the broker took that event; None once it has forgotten it: a stream keeps a week."""
    try:
        return (await bus.jetstream.get_msg(bus.stream, position)).time
    except NotFoundError:
        return None
