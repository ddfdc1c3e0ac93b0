"""What is not kept for ever (design: appointments, section 10): each night, in batches, each batch its own transaction.

How long is a parameter of each centre, confirmed by its data-protection officer. The audit says how much went, of whom
nothing.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import structlog

from appointments.retention import queries
from maillage.database import Database, Tx
from maillage.principal import system

log = structlog.get_logger()
BATCH: Final = 500
MOST: Final = 1000
"""Batches of one kind in one night."""
NIGHT: Final = range(1, 5)
"""Hours of the place in which the centre is asleep."""
BY: Final = system("appointments")
Step = Callable[[Tx], Awaitable[int]]


def _removing(what: str, sql: str) -> Step:
    async def step(tx: Tx) -> int:
        rows = await tx.fetch(sql, tx.now, BATCH)
        for row in rows:
            if row["organisation_id"] is not None:
                tx.audit(f"retention.{what}", "organisation", *(row["organisation_id"],) * 2, removed=row["removed"])
        return sum(row["removed"] for row in rows)

    return step


async def erase_unseen(tx: Tx) -> int:
    """Erases people who never came and to whom nothing is tied: file, words, contacts; each is in the audit by id."""
    found = [row["id"] for row in await tx.fetch(queries.UNSEEN, tx.now, BATCH)]
    rows = await tx.fetch(queries.STILL_UNSEEN, tx.now, found) if found else []
    ids: list[UUID] = [row["id"] for row in rows]
    for sql in queries.ERASE if ids else ():
        await tx.execute(sql, ids)
    for row in rows:
        tx.audit("patient.erase", "patient", row["id"], row["organisation_id"])
    return len(ids)


STEPS: Final[dict[str, Step]] = {
    "holds": _removing("holds", queries.HOLDS),
    "contacts_of_messages": _removing("contacts_of_messages", queries.MESSAGES),
    "links": _removing("links", queries.LINKS),
    "receipts": _removing("receipts", queries.RECEIPTS),
    "identities": erase_unseen,
}


async def clean(database: Database) -> dict[str, int]:
    """Removes all that is due, whatever the hour; how many of each kind."""
    removed: dict[str, int] = {}
    for what, step in STEPS.items():
        for _ in range(MOST):
            count = await database.run(BY, step)
            removed[what] = removed.get(what, 0) + count
            if count < BATCH:
                break
    if any(removed.values()):
        log.info("no longer kept", **removed)
    return removed


async def nightly(database: Database) -> None:
    """The job: asked often, it works by night only, and what a night leaves the next one takes."""
    if await database.read(BY, _hour) in NIGHT:
        await clean(database)


async def _hour(tx: Tx) -> int:
    hour = await tx.fetchval(queries.HOUR)
    assert isinstance(hour, int)
    return hour
