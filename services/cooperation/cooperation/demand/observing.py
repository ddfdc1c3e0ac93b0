"""How long stages took, and operations that are over."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from contracts.cooperation import RunStage, RunStageChanged
from cooperation.demand import queries
from cooperation.demand.domain import LEAST_OBSERVATIONS
from cooperation.demand.rows import Operation
from cooperation.trace.recording import change
from maillage.database import Database, Tx
from maillage.jobs import one_by_one
from maillage.principal import system

KEPT: Final = timedelta(days=60)
FORWARDS: Final[frozenset[tuple[RunStage | None, RunStage]]] = frozenset(
    {
        ("received", "washing"),
        ("washing", "washed"),
        ("washed", "assembled"),
        ("assembled", "packed"),
        ("packed", "sterilising"),
        ("sterilising", "released"),
    }
)


async def observe(tx: Tx, event: RunStageChanged) -> None:
    """Keeps how long the stage took that this run has just left, forwards. The way back is the timetable's."""
    if (event.before, event.stage) in FORWARDS:
        await tx.execute(queries.OBSERVE, event.run_id, event.before, event.composition_id, event.at, event.version)


async def end_operation(tx: Tx, run_id: UUID) -> None:
    """The operation that used this run is done once all that it needs was used."""
    row = await tx.fetchrow(queries.OPERATION_OF_USE, run_id)
    if row is None:
        return
    needs = await tx.fetch(queries.NEEDS_OF_OPERATIONS, [row["id"]])
    if all(need["used"] >= need["quantity"] for need in needs):
        operation = Operation.of(row)
        await change(tx, operation, replace(operation, state="done"), "operation.done")


async def end_days(database: Database) -> None:
    """Timed: planned operations whose local day is past are done, each in its own transaction."""
    await one_by_one(database, _end, await database.run(system("cooperation"), _past))


async def spread(tx: Tx) -> None:
    """Timed: medians and 90th percentiles of the last 60 days; what is older is forgotten."""
    await tx.execute(queries.FORGET_TIMES, tx.now - KEPT)
    await tx.execute(queries.SPREAD, tx.now, tx.now - KEPT, LEAST_OBSERVATIONS)
    await tx.execute(queries.FORGET_SPREADS, tx.now)


async def _past(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.DAY_PAST, tx.now)]


async def _end(tx: Tx, operation_id: UUID) -> None:
    row = await tx.fetchrow(queries.LOCK_PLANNED, operation_id)
    if row is not None:
        operation = Operation.of(row)
        await change(tx, operation, replace(operation, state="done"), "operation.done")
