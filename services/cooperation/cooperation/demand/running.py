"""Needs and promises brought up to the present: soon after something happened, and as time passes."""

from uuid import UUID

from cooperation.demand import queries
from cooperation.demand.reckoning import reckon
from maillage.database import Database, Tx
from maillage.jobs import one_by_one
from maillage.principal import system


async def soon(tx: Tx, organisation_id: UUID) -> None:
    """Something happened to packs of this hospital, or to the group and so to each: reckoned again by the next round.
    A load of eighteen packs is one reckoning, not eighteen."""
    await tx.execute(queries.DUE, organisation_id, tx.now)


async def reckon_due(database: Database) -> None:
    """Timed: the hospitals where something happened, each in its own transaction."""
    await one_by_one(database, reckon_for, await database.run(system("cooperation"), _due))


async def reckon_all(database: Database) -> None:
    """Timed, for promises move as time passes: each hospital in its own transaction."""
    await one_by_one(database, reckon_for, await database.run(system("cooperation"), _members))


async def reckon_for(tx: Tx, organisation_id: UUID) -> None:
    """One hospital, now. What happens meanwhile makes it due again."""
    await tx.execute(queries.NOT_DUE, organisation_id)
    for row in await tx.fetch(queries.MEMBERS, organisation_id):
        await reckon(tx, row["id"], row["group_id"])


async def _due(tx: Tx) -> list[UUID]:
    return [row["organisation_id"] for row in await tx.fetch(queries.ARE_DUE)]


async def _members(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.MEMBERS, None)]
