"""What waits for somebody has a deadline that is kept in the base; these look for those that have passed.

Each call in its own transaction: the call is locked first, then agents, in any number of workers.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import structlog

from maillage.database import Database, Tx
from maillage.principal import system
from maillage.refusals import ServiceUnavailable

log = structlog.get_logger()


async def each_due(
    database: Database,
    due: str,
    use_case: Callable[[Tx, UUID], Awaitable[object]],
    *,
    ago: timedelta = timedelta(0),
) -> None:
    """Runs the use case for each call that the statement `due` finds; its $1 is the present instant, less `ago`. The
    use case locks the call and looks again: it may have moved on. One that breaks does not hold up the others."""
    who = system(database.settings.SERVICE)
    for call_id in await database.read(who, _ids, due, ago):
        try:
            await database.run(who, use_case, call_id)
        except ServiceUnavailable:
            raise
        except Exception:
            log.exception("a deadline was not settled", about=str(call_id))


async def _ids(tx: Tx, due: str, ago: timedelta) -> list[UUID]:
    return [row[0] for row in await tx.fetch(due, tx.now - ago)]
