"""Use cases of rest windows: what the permanence service says of a duty's rest closes time here, and opens it again."""

from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg

from appointments.campaigns.following import draft
from appointments.rest import queries
from appointments.schedules.closing import close_time, give_back
from contracts.permanence import RestWindowPublished
from maillage.database import Database, Tx
from maillage.jobs import one_by_one
from maillage.principal import system


async def told(tx: Tx, event: RestWindowPublished, *, withdrawn: bool) -> None:
    """Keeps what was said last of a rest, and makes time follow. What is older than what is known changes nothing; of
    one revision, the withdrawal counts.
    """
    kept = await tx.fetchval(
        queries.TOLD,
        event.rest_window_id,
        event.rpps,
        event.starts_at,
        event.ends_at,
        event.rule,
        event.revision,
        withdrawn,
    )
    if kept is not None:
        await follow(tx, event.rest_window_id)


async def follow(tx: Tx, rest_window_id: UUID) -> None:
    """Makes absences those that a rest asks for: one where each practitioner of its number works, none elsewhere.

    New hours close before the old ones open: nobody hears that a visit takes place which the rest still covers.
    """
    window = await tx.fetchrow(queries.WINDOW, rest_window_id)
    assert window is not None
    during = asyncpg.Range(window["starts_at"], window["ends_at"])
    who = [] if window["withdrawn"] else await tx.fetch(queries.WHO, window["rpps"])
    wanted = {row["practitioner_id"]: row for row in who}
    over = []
    for absence in await tx.fetch(queries.ABSENCES, str(rest_window_id)):
        if absence["practitioner_id"] in wanted and absence["during"] == during:
            del wanted[absence["practitioner_id"]]
        else:
            over.append(absence)
    for row in wanted.values():
        await _close(tx, row, during, rest_window_id)
    for absence in over:
        await give_back(tx, absence)


async def _close(tx: Tx, who: asyncpg.Record, during: "asyncpg.Range[datetime]", rest_window_id: UUID) -> None:
    """The time closes at once; the visits that it meets wait in a draft for somebody to open it."""
    absence_id, conflicts = await close_time(tx, who, during, "rest", "permanence", str(rest_window_id))
    if conflicts:
        start, end = cast(datetime, during.lower), cast(datetime, during.upper)
        organisation_id, practitioner_id = who["organisation_id"], who["practitioner_id"]
        await draft(tx, "rest", absence_id, organisation_id, practitioner_id=practitioner_id, start=start, end=end)


async def owed(tx: Tx) -> list[UUID]:
    """The rests that were told before their practitioner came to work here."""
    return [row["rest_window_id"] for row in await tx.fetch(queries.OWED, tx.now)]


async def apply_owed(database: Database) -> None:
    """Timed job: whoever comes to work, or gets his number, rests as was told before."""
    await one_by_one(database, follow, await database.run(system("appointments"), owed))
