"""Events that a consumer gave up: listed for the operator, and sent once more when the cause is gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from maillage import ids
from maillage.bus import Bus
from maillage.database import Database, Tx
from maillage.principal import system

WAITING = """
SELECT id, consumer, event_id, subject, reason, attempts, at FROM kit.dead_letter WHERE requeued_at IS NULL ORDER BY at
"""
TAKE = """
UPDATE kit.dead_letter SET requeued_at = kit_now() WHERE id = $1 AND requeued_at IS NULL
RETURNING subject, headers, payload
"""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One of them. `attempts` deliveries failed, the last at `at` for `reason` (the kind of error, no data)."""

    id: UUID
    consumer: str
    event_id: str
    subject: str
    reason: str
    attempts: int
    at: datetime


async def waiting(tx: Tx) -> list[DeadLetter]:
    """All that were not requeued, oldest first."""
    return [DeadLetter(**dict(row)) for row in await tx.fetch(WAITING)]


async def requeue(database: Database, bus: Bus, service: str, letters: list[UUID]) -> int:
    """Send these events again; returns how many.

    Everybody who subscribed gets them; those that had already handled them skip them by their inbox. A letter counts as
    requeued only when the broker has the event: an error leaves it waiting.
    """
    done = 0
    for letter in letters:
        done += await database.run(system(service), _send_again, bus, letter)
    return done


async def _send_again(tx: Tx, bus: Bus, letter: UUID) -> int:
    row = await tx.fetchrow(TAKE, letter)
    if row is None:
        return 0
    # A new message id: within two minutes the broker would drop a repeat of the old one.
    headers = {**cast(dict[str, str], row["headers"]), "Nats-Msg-Id": str(ids.new_id())}
    await bus.jetstream.publish(row["subject"], row["payload"], timeout=5, headers=headers)
    return 1
