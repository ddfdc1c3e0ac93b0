"""What waits for somebody has a deadline that is kept in the base; these look for those that have passed.

Each call in its own transaction: the call is locked first, then agents, in any number of workers.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import TypeVar, TypeVarTuple
from uuid import UUID

import structlog

from maillage.database import Database, Tx
from maillage.principal import system
from maillage.refusals import Refusal, ServiceUnavailable

log = structlog.get_logger()
First = TypeVar("First")
Args = TypeVarTuple("Args")


async def each_due(
    database: Database,
    due: str,
    use_case: Callable[[Tx, UUID], Awaitable[object]],
    *,
    ago: timedelta = timedelta(0),
) -> None:
    """Runs the use case for each call that the statement `due` finds; its $1 is the present instant, less `ago`. The
    use case locks the call and looks again: it may have moved on. One that breaks does not hold up the others."""
    found = await database.read(system(database.settings.SERVICE), _ids, due, ago)
    await each_of(database, [(each,) for each in found], use_case)


async def each_of(
    database: Database, found: Iterable[tuple[First, *Args]], use_case: Callable[[Tx, First, *Args], Awaitable[object]]
) -> None:
    """Runs the use case with each of what was found, in a transaction of its own. One that breaks, or is refused, does
    not hold up the others: it is logged with its first member, which names no person."""
    who = system(database.settings.SERVICE)
    for each in found:
        try:
            await database.run(who, use_case, *each)
        except ServiceUnavailable:
            raise
        except Refusal as refusal:
            log.warning("put off", about=str(each[0]), code=refusal.code)
        except Exception:
            log.exception("a deadline was not settled", about=str(each[0]))


async def _ids(tx: Tx, due: str, ago: timedelta) -> list[UUID]:
    return [row[0] for row in await tx.fetch(due, tx.now - ago)]
