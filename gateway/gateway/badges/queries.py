"""SQL of badges."""

from datetime import datetime
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def holder(tx: Tx, organisation_id: UUID, badge_hmac: bytes) -> UUID | None:
    """Who has this badge. Who asks holds the lock on the badges of the organisation until the transaction ends."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('badges ' || $1::text, 4))", str(organisation_id))
    value = await tx.fetchval(
        "SELECT person_id FROM badge WHERE organisation_id = $1 AND badge_hmac = $2", organisation_id, badge_hmac
    )
    assert value is None or isinstance(value, UUID)
    return value


async def give(
    tx: Tx, person_id: UUID, organisation_id: UUID, badge_hmac: bytes, code_hmac: bytes, code_expires_at: datetime
) -> None:
    """The person's badge in this organisation, instead of one before; its PIN has yet to be chosen."""
    await tx.execute(
        """INSERT INTO badge (person_id, organisation_id, badge_hmac, code_hmac, code_expires_at, given_at)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (person_id, organisation_id) DO UPDATE SET badge_hmac = excluded.badge_hmac, pin_hash = NULL,
               code_hmac = excluded.code_hmac, code_expires_at = excluded.code_expires_at,
               given_at = excluded.given_at""",
        person_id, organisation_id, badge_hmac, code_hmac, code_expires_at, tx.now,
    )  # fmt: skip


async def withdraw(tx: Tx, person_id: UUID, organisation_id: UUID) -> bool:
    """The badge opens nothing any more; whether there was one."""
    done = await tx.fetchval(
        "DELETE FROM badge WHERE person_id = $1 AND organisation_id = $2 RETURNING true", person_id, organisation_id
    )
    return bool(done)


async def end_sessions(tx: Tx, person_id: UUID, organisation_id: UUID, reason: str) -> list[Row]:
    """Ends what the person opened by badge at the posts of an organisation; returns what ended."""
    return await tx.fetch(
        """UPDATE session s SET ended_at = $3, end_reason = $4
           WHERE s.person_id = $1 AND s.ended_at IS NULL AND 'badge' = ANY (s.amr)
             AND s.device_id IN (SELECT id FROM device WHERE organisation_id = $2)
           RETURNING s.sid, s.person_id, $2::uuid AS organisation_id""",
        person_id, organisation_id, tx.now, reason,
    )  # fmt: skip


async def at_post(tx: Tx, organisation_id: UUID, badge_hmac: bytes) -> Row:
    """Person, PIN and code of a badge if there is one: always exactly one row."""
    row = await tx.fetchrow(
        """SELECT b.person_id, b.pin_hash, p.status,
                  CASE WHEN b.code_expires_at > $3 THEN b.code_hmac END AS code_hmac
           FROM (SELECT 1) one
           LEFT JOIN badge b ON b.organisation_id = $1 AND b.badge_hmac = $2
           LEFT JOIN person p ON p.id = b.person_id""",
        organisation_id, badge_hmac, tx.now,
    )  # fmt: skip
    assert row is not None
    return row


async def set_pin(tx: Tx, person_id: UUID, organisation_id: UUID, code_hmac: bytes, pin_hash: str) -> bool:
    """The PIN, chosen with the one-time code; false when another request used the code meanwhile."""
    done = await tx.fetchval(
        """UPDATE badge SET pin_hash = $4, code_hmac = NULL, code_expires_at = NULL
           WHERE person_id = $1 AND organisation_id = $2 AND code_hmac = $3 RETURNING true""",
        person_id, organisation_id, code_hmac, pin_hash,
    )  # fmt: skip
    return bool(done)
