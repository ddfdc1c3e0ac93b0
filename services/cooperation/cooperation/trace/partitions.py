"""Months of the trace, made before their first entry."""

from datetime import date
from typing import Final

from cooperation.trace import queries
from maillage.database import Tx

MONTHS_AHEAD: Final = 2


async def make_ahead(tx: Tx) -> None:
    """This month and the next ones have a partition of their own; entries that were written without one move there."""
    for ahead in range(MONTHS_AHEAD + 1):
        months = tx.now.year * 12 + tx.now.month - 1 + ahead
        await tx.execute(queries.MAKE_PARTITION, date(months // 12, months % 12 + 1, 1))
