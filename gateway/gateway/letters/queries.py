"""SQL of letters."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def add(
    tx: Tx, letter_id: UUID, kind: str, person_id: UUID, token_sealed: bytes | None, useful: timedelta
) -> None:
    """A letter that is due; after `useful` it is not sent any more."""
    await tx.execute(
        """INSERT INTO letter (id, kind, person_id, token_sealed, created_at, due_at, worthless_at)
           VALUES ($1, $2, $3, $4, $5, $5, $5::timestamptz + $6::interval)""",
        letter_id, kind, person_id, token_sealed, tx.now, useful,
    )  # fmt: skip


async def withdraw(tx: Tx, kind: str, person_id: UUID) -> None:
    """One of this kind that has not left is overtaken by a newer one."""
    await tx.execute(
        """UPDATE letter SET state = 'failed', ended_at = $3, token_sealed = NULL
           WHERE kind = $1 AND person_id = $2 AND state = 'due'""",
        kind, person_id, tx.now,
    )  # fmt: skip


async def take_due(tx: Tx, limit: int, first_wait: timedelta, longest_wait: timedelta) -> list[Row]:
    """Letters to send, put off at once: whoever crashes after this leaves them to be sent later."""
    return await tx.fetch(
        """UPDATE letter l SET tries = tries + 1,
                  due_at = $1::timestamptz + least($4::interval, $3::interval * power(2, least(l.tries, 20)))
           FROM person p
           WHERE p.id = l.person_id AND l.id IN (
               SELECT id FROM letter WHERE state = 'due' AND due_at <= $1 ORDER BY due_at LIMIT $2
               FOR UPDATE SKIP LOCKED)
           RETURNING l.id, l.kind, l.token_sealed, l.tries, l.created_at, p.email, p.language, p.login,
                     l.worthless_at > $1 AND p.status <> 'closed' AS useful""",
        tx.now, limit, first_wait, longest_wait,
    )  # fmt: skip


async def ended(tx: Tx, letter_id: UUID, state: str) -> None:
    """Sent, or given up; the token is kept no longer."""
    await tx.execute(
        "UPDATE letter SET state = $2, ended_at = $3, token_sealed = NULL WHERE id = $1 AND state = 'due'",
        letter_id, state, tx.now,
    )  # fmt: skip


async def forget(tx: Tx) -> None:
    """Old letters; the audit keeps what they told."""
    await tx.execute("DELETE FROM letter WHERE created_at < $1::timestamptz - interval '30 days'", tx.now)
