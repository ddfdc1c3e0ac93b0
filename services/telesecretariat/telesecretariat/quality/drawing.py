"""Which calls are reviewed: drawn by chance from a seed that is kept, so that nobody chooses and anybody can check."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg

from maillage.database import Tx
from maillage.ids import new_id
from telesecretariat import months
from telesecretariat.quality import queries
from telesecretariat.quality.domain import PER_AGENT, month_to_draw
from telesecretariat.quality.errors import NoGrid
from telesecretariat.quality.schemas import DrawIn, DrawOut

_SEEDS: Final = 2**53


async def draw(tx: Tx, body: DrawIn) -> DrawOut:
    """By the grid of the caller's organisation, of its own agents' calls in reach. Refused: `NO_GRID`."""
    grids = await tx.fetch(queries.ACTIVE, tx.principal.org)
    if tx.principal.org is None or not grids:
        raise NoGrid
    return await _drawn(tx, grids[0], body)


async def draw_due(tx: Tx) -> None:
    """On the first days of a month, the month before; what is drawn already is not drawn again."""
    month = month_to_draw(tx.now)
    if month is not None:
        await draw_for_all(tx, month)


async def draw_for_all(tx: Tx, month: date) -> None:
    """For each organisation that has a grid, by a seed that nobody knew before."""
    for grid in await tx.fetch(queries.ACTIVE, None):
        await _drawn(tx, grid, DrawIn(month=month, seed=new_id().int % _SEEDS, per_agent=PER_AGENT))


async def _drawn(tx: Tx, grid: asyncpg.Record, body: DrawIn) -> DrawOut:
    organisation_id: UUID = grid["organisation_id"]
    calls = await tx.fetch(queries.DRAWN, body.month, str(body.seed), organisation_id, body.per_agent)
    rows = [
        (
            new_id(),
            each["organisation_id"],
            each["client_id"],
            grid["id"],
            each["id"],
            each["agent_id"],
            body.month,
            tx.now,
        )
        for each in calls
    ]
    await tx.executemany(queries.ADD_REVIEW, rows)
    if calls:
        month = months.written(body.month)
        tx.audit("quality.draw", "quality_grid", grid["id"], organisation_id, month=month, seed=body.seed)
    agents = {each["agent_id"] for each in calls}
    return DrawOut(month=body.month, seed=body.seed, drawn=len(calls), agents=len(agents))
