"""Forgets in its time what a call left behind (design: telesecretariat, section 10): batch by batch, so that no lock
is held for long. The days are the client's; the defaults are those of `clients.parameters.Retention`."""

from typing import Final

import structlog

from maillage.database import Database, Tx
from maillage.principal import system
from telesecretariat.calls import recordings
from telesecretariat.clients.parameters import Retention
from telesecretariat.retention import queries

log = structlog.get_logger()
_BATCH: Final = 1_000
_TELEPHONY_DAYS: Final = 7
_REVIEW_DAYS: Final = 365
_DAYS: Final = Retention()
RULES: Final = (
    ("calls", queries.CALLS, _DAYS.call_days),
    ("callbacks", queries.CALLBACKS, _DAYS.call_days),
    ("red_flags", queries.RED_FLAGS, _DAYS.call_days),
    ("tasks", queries.TASKS, _DAYS.call_days),
    ("messages", queries.MESSAGES, _DAYS.message_days),
    ("contact_points", queries.CONTACT_POINTS, _DAYS.message_days),
    ("handovers", queries.HANDOVERS, _DAYS.message_days),
    ("displays", queries.DISPLAYS, _DAYS.proof_days),
    ("reviews", queries.REVIEWS, _REVIEW_DAYS),
    ("telephony_facts", queries.FACTS, _TELEPHONY_DAYS),
    ("telephony_commands", queries.COMMANDS, _TELEPHONY_DAYS),
)


async def forget_due(database: Database) -> None:
    """All that is due, each batch in a transaction of its own; recordings at their telephone systems."""
    for name, statement, days in RULES:
        total = 0
        while (gone := await database.run(system("telesecretariat"), _forget, statement, days)) > 0:
            total += gone
        if total:
            log.info("forgotten", what=name, rows=total)
    await recordings.delete_due(database)


async def _forget(tx: Tx, statement: str, days: int) -> int:
    gone = await tx.fetchval(statement, tx.now, _BATCH, days)
    return gone if isinstance(gone, int) else 0
