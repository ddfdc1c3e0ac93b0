"""Needs and promises brought up to the present: when something happened, and as time passes."""

from uuid import UUID

from cooperation.demand import queries
from cooperation.demand.reckoning import reckon
from maillage.database import Database, Tx
from maillage.principal import system


async def reckon_for(tx: Tx, organisation_id: UUID) -> None:
    """Of one hospital, or of each of a group."""
    for row in await tx.fetch(queries.MEMBERS, organisation_id):
        await reckon(tx, row["id"], row["group_id"])


async def reckon_all(database: Database) -> None:
    """Timed, for promises move as time passes: each hospital in its own transaction."""
    who = system("cooperation")
    for organisation_id in await database.run(who, _members):
        await database.run(who, reckon_for, organisation_id)


async def _members(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.MEMBERS, None)]
